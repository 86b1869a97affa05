//! Snippets that are sent after each connect and reconnect, so that a stream comes back alive.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::model::options::Options;
use super::model::phase::Phase;
use crate::browser::storage::Stored;
use crate::browser::use_effect::use_effect_with;
use crate::composer::filled;
use crate::composer::model::snippets::{STORED, Snippet, Snippets};
use crate::session::use_session::SessionHandle;
use crate::texts::ConnectionTexts;
use crate::ui::controls::handling;

/// Sends the chosen snippets, in the order of the list, whenever a connection opens.
#[hook]
pub fn use_opening(session: &SessionHandle) {
    use_effect_with(session.state.phase.clone(), {
        let (can, chosen) = (session.can.clone(), session.state.options.opening.clone());
        move |phase| {
            if !matches!(phase, Phase::Open(_)) || chosen.is_empty() {
                return;
            }
            for Snippet { name, draft } in Stored::<Snippets>::new(STORED).all() {
                if let Some(body) = draft.body().ok().filter(|_| is_chosen(&chosen, name)) {
                    can.send.emit(filled::next(&body));
                }
            }
        }
    });
}

/// Shows a check for each snippet.
pub fn opening_fields(
    options: &Options,
    edit: &Callback<Options>,
    snippets: &Snippets,
    texts: &ConnectionTexts,
) -> Html {
    let onchange = handling(&(options.clone(), edit.clone()), |(options, edit), event: Event| {
        let check: HtmlInputElement = event.target_unchecked_into();
        let (mut options, name) = (options.clone(), check.value());
        options.opening.retain(|chosen| *chosen != name);
        if check.checked() {
            options.opening.push(name.into());
        }
        edit.emit(options);
    });
    let check = |Snippet { name, .. }: &Snippet| {
        let checked = is_chosen(&options.opening, name);
        html! {
            <label class="line" translate="no">
                <input type="checkbox" value={name.clone()} {checked} />
                <bdi>{ name }</bdi>
            </label>
        }
    };
    let note = if snippets.all().is_empty() { texts.opening_none } else { texts.opening_note };
    html! {
        <fieldset id="opening" aria-describedby="opening-note" {onchange}>
            <legend>{ texts.opening }</legend>
            { for snippets.all().iter().map(check) }
            <p class="note" id="opening-note">{ note }</p>
        </fieldset>
    }
}

fn is_chosen(chosen: &[AttrValue], name: &str) -> bool {
    chosen.iter().any(|chosen| chosen == name)
}
