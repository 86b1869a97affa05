//! A payload as a hex dump.

use web_sys::Element;
use yew::prelude::*;

use super::use_lines::{lines, use_lines};
use crate::browser::use_resized::use_resized;
use crate::components::translation::translatable;
use crate::state::hexdump::{self, Columns, Line};
use crate::state::message::Body;
use crate::use_texts::use_texts;

/// The height of a line in rem, as in the style sheet.
const LINE_REM: f64 = 1.25;

/// How many characters the ruler has: enough for fractions of pixels to show.
const RULER: usize = 50;

/// The bytes to show.
#[derive(Debug, Clone, Properties)]
pub struct HexViewProps {
    /// The message that carries them.
    pub body: Body,
}

impl PartialEq for HexViewProps {
    /// Payloads never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.body.as_bytes(), other.body.as_bytes())
    }
}

/// The dump's lines, as many as are in sight, of as many bytes as the screen is wide for.
#[component]
pub fn HexView(props: &HexViewProps) -> Html {
    let texts = use_texts();
    let bytes = props.body.as_bytes();
    let view = use_node_ref();
    let columns = use_columns(view.clone());
    let window = use_lines(view.clone(), columns.lines(bytes.len()), LINE_REM);
    let rows =
        window.range.clone().filter_map(|index| Some(row(index, hexdump::line(bytes, columns, index)?)));
    let rows = rows.collect();
    let ruler = html! { <span class="ruler" aria-hidden="true">{ str::repeat("0", RULER) }</span> };

    translatable(html! {
        <>
            if bytes.is_empty() {
                <p class="nothing">{ texts.log.empty }</p>
            }
            { lines(("detail-hex", texts.detail.hex), view, window, ruler, rows) }
        </>
    })
}

fn row(key: usize, line: Line) -> Html {
    html! {
        <div {key} class="hex-line">
            <span class="aside">{ line.offset }</span>{ "  " }{ line.hex }{ "  " }<span class="ascii">{ line.ascii }</span>
        </div>
    }
}

/// As many columns as fit into the view, now and whenever its width changes.
#[hook]
fn use_columns(view: NodeRef) -> Columns {
    let columns = use_state_eq(Columns::default);
    let setter = columns.setter();
    use_resized(
        view,
        Callback::from(move |view| fitting(&view).iter().for_each(|fitting| setter.set(*fitting))),
    );
    *columns
}

fn fitting(view: &Element) -> Option<Columns> {
    let ruler = view.query_selector(".ruler").ok()??.get_bounding_client_rect().width();
    let lines = view.query_selector(".ruler + div").ok()??.get_bounding_client_rect().width();
    // Neither is negative, and no screen has more characters than fit.
    (ruler > 0.0).then(|| Columns::fitting((lines / ruler * RULER as f64) as usize))
}
