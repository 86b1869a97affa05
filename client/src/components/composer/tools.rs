//! The quiet line below the textarea.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::repeat_fields::RepeatFields;
use super::snippet_panel::SnippetPanel;
use super::use_field::Field;
use super::use_history::HistoryHandle;
use super::use_transfer::Chosen;
use crate::state::bytes_input::Mode;
use crate::state::history::Draft;
use crate::use_texts::use_texts;

/// What the tools work on.
#[derive(Clone, PartialEq, Properties)]
pub struct ToolsProps {
    /// The connection.
    pub outgoing: Outgoing,
    /// The textarea.
    pub field: Field,
    /// What was sent.
    pub history: HistoryHandle,
    /// Puts another message into the textarea.
    pub load: Callback<Draft>,
    /// Takes a file.
    pub choose: Callback<Chosen>,
    /// Whether a file is under way.
    pub is_busy: bool,
}

/// How the text is read, a file, snippets, and repetition.
#[component]
pub fn Tools(props: &ToolsProps) -> Html {
    let texts = &use_texts().composer;
    let field = &props.field;
    let mode = field.mode();
    let select = use_node_ref();
    // A choice that was made by hand stays, whatever the options say.
    use_effect_with(mode, {
        let select = select.clone();
        move |mode| {
            select.cast::<HtmlSelectElement>().iter().for_each(|select| select.set_value(mode.name()));
        }
    });
    let switch = {
        let field = field.clone();
        move |event: Event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            field.switch(Mode::named(&name).unwrap_or_default());
        }
    };
    let pick = {
        let choose = props.choose.clone();
        move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let file = input.files().and_then(|files| files.get(0));
            file.into_iter().for_each(|file| choose.emit(Chosen { file, has_others: false }));
            // So that the same file can be chosen again.
            input.set_value("");
        }
    };
    let take = {
        let field = field.clone();
        Callback::from(move |()| field.draft())
    };
    let message = {
        let (field, history, is_open) = (field.clone(), props.history.clone(), props.outgoing.is_open);
        Callback::from(move |()| {
            let (body, draft) = field.message()?;
            if is_open {
                history.push(draft);
            }
            Some(body)
        })
    };
    let forget = {
        let history = props.history.clone();
        Callback::from(move |()| history.clear())
    };
    let option = |(this, text): (Mode, &'static str)| html! { <option value={this.name()}>{ text }</option> };
    let modes =
        [(Mode::Text, texts.mode_text), (Mode::Hex, texts.mode_hex), (Mode::Base64, texts.mode_base64)];

    html! {
        <div class="tools">
            <label for="mode" class="unseen">{ texts.mode }</label>
            <select id="mode" ref={select} onchange={switch}>{ for modes.into_iter().map(option) }</select>
            <div class="pick">
                <input id="file" type="file" disabled={props.is_busy} onchange={pick} />
                <label for="file">{ texts.file }</label>
            </div>
            <SnippetPanel {take} load={props.load.clone()} {forget} />
            <RepeatFields outgoing={props.outgoing.clone()} {message} />
        </div>
    }
}
