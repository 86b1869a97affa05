//! Optional settings for connecting and disconnecting, in a popover.

use yew::prelude::*;

use super::model::close_form::CloseProblem;
use super::model::options::Options;
use super::model::protocols;
use crate::texts::fill;
use crate::ui::controls::typed;
use crate::ui::icons::OPTIONS;
use crate::ui::overlay::{opener, popover};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct OptionFieldsProps {
    /// Contents of the fields.
    pub options: Options,
    /// Called with the edited contents.
    pub edit: Callback<Options>,
    /// Further contents of the popover.
    #[prop_or_default]
    pub children: Html,
}

/// The button, and the fields for the subprotocols and for the Close frame.
#[component]
pub fn OptionFields(props: &OptionFieldsProps) -> Html {
    let all_texts = use_texts();
    let options = &props.options;
    let edit = |change: fn(&mut Options, AttrValue)| {
        let (options, edit) = (options.clone(), props.edit.clone());
        Callback::from(move |event: InputEvent| {
            let mut options = options.clone();
            change(&mut options, typed(&event).into());
            edit.emit(options);
        })
    };
    let protocols = edit(|options, protocols| options.protocols = protocols);
    let code = edit(|options, code| options.close.code = code);
    let reason = edit(|options, reason| options.close.reason = reason);

    let offered = protocols::parse(&options.protocols).err().map(|problem| problem.text(all_texts));
    let (bad_code, bad_reason) = match options.close.parse() {
        Ok(_) => (None, None),
        Err(problem @ CloseProblem::Code) => (Some(problem.text(all_texts)), None),
        Err(problem @ CloseProblem::Reason(_)) => (None, Some(problem.text(all_texts))),
    };
    let (bytes, most) = options.close.reason_bytes();
    let texts = &all_texts.connection;
    let note = fill(texts.reason_bytes, &[("bytes", &bytes.to_string()), ("most", &most.to_string())]);

    let body = html! {
        <>
            <div class="fields">
                { field("protocols", texts.protocols, &options.protocols, protocols, None, offered) }
                { field("close-code", texts.close_code, &options.close.code, code, None, bad_code) }
                { field("close-reason", texts.close_reason, &options.close.reason, reason, Some(note), bad_reason) }
            </div>
            { props.children.clone() }
        </>
    };

    translatable(html! {
        <>
            { opener("options", texts.options_button, Some(OPTIONS)) }
            { popover("options", texts.options, all_texts, body) }
        </>
    })
}

fn field(
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
