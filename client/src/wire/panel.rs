//! The tab.

use ws_echo_shared::paths;
use yew::prelude::*;

use super::row::row;
use super::use_wire::use_wire;
use crate::common::format::fixed;
use crate::connection::model::options::Options;
use crate::log::model::log::VersionedLog;
use crate::session::origin::origin;
use crate::texts::plural;
use crate::ui::controls::handling;
use crate::ui::tabs::Tab;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;
use crate::ui::use_window::use_window;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct WirePanelProps {
    /// Identifier of the tap of the newest connection, if it has one.
    pub tap: Option<AttrValue>,
    /// True once the handshake of the newest connection is over.
    pub has_begun: bool,
    pub log: VersionedLog,
    pub options: Options,
    pub edit: Callback<Options>,
    pub is_shown: bool,
}

/// The tab's contents, which are empty while another tab is selected. The record goes on.
#[component]
pub fn WirePanel(props: &WirePanelProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.wire;
    let wire = use_wire(props.tap.clone(), props.has_begun, &props.log);
    let wire = wire.borrow();
    let view = use_node_ref();
    let lines = wire.lines();
    let window = use_window(view.clone(), lines.len(), 0, None);
    let onchange = handling(&(props.edit.clone(), props.options.clone()), |(edit, options), _: Event| {
        edit.emit(Options { is_tapped: !options.is_tapped, ..options.clone() });
    });
    let rows = lines[window.range.start.min(lines.len())..window.range.end.min(lines.len())]
        .iter()
        .map(|line| row(&wire, line, all_texts));
    let about = props.tap.as_ref().map(|tap| {
        let json = format!("{}{}/{tap}", origin().base, paths::TAPS);
        html! {
            <>
                <span>{ plural(texts.entries, lines.len()) }</span>
                if wire.beyond() > 0 {
                    <span>{ plural(texts.beyond, wire.beyond()) }</span>
                }
                <a href={json} target="_blank">{ texts.json }</a>
            </>
        }
    });
    translatable(html! {
        <div
            id={Tab::Wire.panel()}
            class="tab-panel"
            role="tabpanel"
            aria-labelledby={Tab::Wire.id()}
            data-hidden={(!props.is_shown).then_some("")}
        >
            <div class="listing">
                <div class="wire-tools">
                    <span class="check">
                        <input id="record" type="checkbox" checked={props.options.is_tapped} {onchange} />
                        <label for="record">{ texts.record }</label>
                    </span>
                    { about.unwrap_or_default() }
                </div>
                <div class="columns" aria-hidden="true">
                    <span class="way"></span>
                    <span class="time">{ texts.column_time }</span>
                    <span class="body">{ texts.column_frame }</span>
                    <span class="size">{ all_texts.log.column_size }</span>
                </div>
                <div
                    id="frames"
                    class="scroll"
                    ref={view}
                    tabindex="0"
                    role="region"
                    aria-label={texts.wire}
                    onscroll={window.onscroll.clone()}
                >
                    if props.is_shown && !lines.is_empty() {
                        <ol
                            class="rows"
                            translate="no"
                            ~style={format!("height: {}px; padding-top: {}px", fixed(window.height_px, 0), fixed(window.offset_px, 0))}
                        >
                            { for rows }
                        </ol>
                    } else if props.is_shown {
                        <p class="nothing">{ if props.tap.is_some() { texts.waiting } else { texts.nothing } }</p>
                    }
                </div>
            </div>
        </div>
    })
}
