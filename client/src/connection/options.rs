//! Optional settings for connecting and disconnecting, in a popover.

use ws_echo_shared::limits::CLOSE_REASON;
use yew::prelude::*;

use super::elsewhere::elsewhere;
use super::model::options::{CloseProblem, Options};
use super::opening::opening_fields;
use crate::browser::storage::{Stored, use_stored_elsewhere};
use crate::browser::use_live::use_live;
use crate::composer::model::snippets::{STORED, Snippets};
use crate::texts::fill;
use crate::ui::controls::{handling, typed};
use crate::ui::icons::OPTIONS;
use crate::ui::overlay::tool;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct OptionFieldsProps {
    /// Text of the URL field.
    pub url: AttrValue,
    pub options: Options,
    pub edit: Callback<Options>,
    /// Further contents of the popover.
    pub children: Html,
}

/// The button, and the fields for the subprotocols and for the Close frame.
#[component]
pub fn OptionFields(props: &OptionFieldsProps) -> Html {
    let all_texts = use_texts();
    let options = &props.options;
    let copied = use_state(|| None);
    let snippets = use_live(|| Stored::<Snippets>::new(STORED));
    use_stored_elsewhere(STORED, snippets.callback(|snippets, ()| snippets.follow()));
    let snippets = snippets.borrow();
    let edit = |change: fn(&mut Options, AttrValue)| {
        handling(props, move |props, event: InputEvent| {
            let mut options = props.options.clone();
            change(&mut options, typed(&event).into());
            props.edit.emit(options);
        })
    };
    let protocols = edit(|options, protocols| options.protocols = protocols);
    let code = edit(|options, code| options.close_code = code);
    let reason = edit(|options, reason| options.close_reason = reason);

    let offered = options.subprotocols().err().map(|problem| problem.text(all_texts));
    let (bad_code, bad_reason) = match options.close_request() {
        Ok(_) => (None, None),
        Err(problem @ CloseProblem::Code) => (Some(problem.text(all_texts)), None),
        Err(problem @ CloseProblem::Reason(_)) => (None, Some(problem.text(all_texts))),
    };
    let (bytes, most) = (options.close_reason.len().to_string(), CLOSE_REASON.to_string());
    let texts = &all_texts.connection;
    let note = fill(texts.reason_bytes, &[("bytes", &bytes), ("most", &most)]);

    let body = html! {
        <>
            <div class="fields">
                { field("protocols", texts.protocols, &options.protocols, protocols, None, offered) }
                { field("close-code", texts.close_code, &options.close_code, code, None, bad_code) }
                { field("close-reason", texts.close_reason, &options.close_reason, reason, Some(note), bad_reason) }
            </div>
            { opening_fields(options, &props.edit, &snippets, texts) }
            { props.children.clone() }
            { elsewhere(&props.url, options, &copied, all_texts) }
        </>
    };

    translatable(tool("options", Some(OPTIONS), texts.options_button, texts.options, all_texts, body))
}

/// Shows a field of the options with its note and its problem.
pub fn field(
    id: &'static str,
    label: &'static str,
    value: &AttrValue,
    oninput: Callback<InputEvent>,
    note: Option<String>,
    problem: Option<AttrValue>,
) -> Html {
    let (note_id, problem_id) = (format!("{id}-note"), format!("{id}-problem"));
    html! {
        <div class="field">
            <label for={id}>{ label }</label>
            <input
                {id}
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={value.clone()}
                aria-invalid={problem.is_some().then_some("true")}
                aria-describedby={format!("{note_id} {problem_id}")}
                {oninput}
            />
            <p class="note" id={note_id}>{ note }</p>
            <p class="problem" id={problem_id} role="alert">{ problem }</p>
        </div>
    }
}
