//! The tab.

use yew::prelude::*;

use super::form::fields;
use super::lines::lines;
use super::use_lab::{LabHandle, LabPanelProps, use_lab};
use crate::texts::language::Language;
use crate::ui::element::{element, text};
use crate::ui::tabs::Tab;
use crate::ui::translation::translatable;

/// The tab's contents, which are empty while another tab is selected. The form is kept.
#[component]
pub fn LabPanel(props: &LabPanelProps) -> Html {
    let language = use_context::<Language>().unwrap_or_default();
    let texts = language.texts();
    let LabHandle { state, edit, press } = use_lab(props);
    let lab = state.borrow();
    let contents = |form| {
        let (connects, waits) = (props.phase.can_connect(), !props.phase.can_disconnect());
        let word = if connects { texts.connection.connect } else { texts.connection.disconnect };
        let button = [("id", "lab-connect"), ("type", "button"), ("aria-disabled", "true")];
        let button = element("button", &button[..2 + usize::from(!connects && waits)], vec![text(word)]);
        let form = fields(form, language, &texts.lab);
        let mut others = vec![element("h2", &[], vec![text(texts.lab.lines)])];
        match lab.url() {
            Some(url) => others.extend(lines(&url, lab.copied, &texts.lab, &texts.detail)),
            None => others.push(element("p", &[("class", "note")], vec![text(texts.lab.bad_value)])),
        }
        html! {
            <div class="lab">
                <div>{ form }{ button }</div>
                <div>{ for others }</div>
            </div>
        }
    };
    let waiting = || {
        let words = if lab.has_none { texts.lab.no_scenarios } else { texts.lab.loading };
        html! { <p class="nothing" role="status">{ words }</p> }
    };
    translatable(html! {
        <div
            id={Tab::Lab.panel()}
            class="tab-panel"
            role="tabpanel"
            tabindex="0"
            aria-labelledby={Tab::Lab.id()}
            data-hidden={(!props.is_shown).then_some("")}
            oninput={edit.reform(|event: InputEvent| event.into())}
            onchange={edit}
            onclick={press}
        >
            if props.is_shown {
                { lab.form.as_ref().map_or_else(waiting, contents) }
            }
        </div>
    })
}
