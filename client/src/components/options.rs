//! What may be set before connecting and disconnecting, out of sight until it is wanted.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::state::close_form::{CloseForm, CloseProblem};
use crate::state::options::Options;
use crate::state::protocols;
use crate::state::texts::fill;
use crate::use_texts::use_texts;

/// What the fields show and do.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct OptionFieldsProps {
    /// What was typed.
    pub options: Options,
    /// Takes what is typed.
    pub edit: Callback<Options>,
    /// What else there is to set or to do.
    #[prop_or_default]
    pub children: Html,
}

/// The subprotocols, and the code and the reason to close with.
#[component]
pub fn OptionFields(props: &OptionFieldsProps) -> Html {
    let texts = use_texts();
    let options = &props.options;
    let edit = |change: fn(Options, AttrValue) -> Options| {
        let options = options.clone();
        props.edit.reform(move |typed: AttrValue| change(options.clone(), typed))
    };
    let protocols = edit(|options, protocols| Options { protocols, ..options });
    let code =
        edit(|options, code| Options { close: CloseForm { code, ..options.close.clone() }, ..options });
    let reason =
        edit(|options, reason| Options { close: CloseForm { reason, ..options.close.clone() }, ..options });

    let offered = protocols::parse(&options.protocols).err().map(|problem| problem.text(texts));
    let (bad_code, bad_reason) = match options.close.parse() {
        Ok(_) => (None, None),
        Err(problem @ CloseProblem::Code) => (Some(problem.text(texts)), None),
        Err(problem @ CloseProblem::Reason(_)) => (None, Some(problem.text(texts))),
    };
    let (bytes, most) = options.close.reason_bytes();
    let texts = &texts.connection;
    let note = fill(texts.reason_bytes, &[("bytes", &bytes.to_string()), ("most", &most.to_string())]);

    html! {
        <details id="options">
            <summary>{ texts.options }</summary>
            <div class="fields">
                <Field id="protocols" label={texts.protocols} value={options.protocols.clone()} edit={protocols} problem={offered} />
                <Field id="close-code" label={texts.close_code} value={options.close.code.clone()} edit={code} problem={bad_code} />
                <Field
                    id="close-reason"
                    label={texts.close_reason}
                    {note}
                    value={options.close.reason.clone()}
                    edit={reason}
                    problem={bad_reason}
                />
            </div>
            { props.children.clone() }
        </details>
    }
}

#[derive(PartialEq, Properties)]
struct FieldProps {
    id: &'static str,
    label: &'static str,
    value: AttrValue,
    edit: Callback<AttrValue>,
    #[prop_or_default]
    note: Option<AttrValue>,
    #[prop_or_default]
    problem: Option<AttrValue>,
}

#[component]
fn Field(props: &FieldProps) -> Html {
    let oninput = props
        .edit
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value().into());
    let (note, problem) = (format!("{}-note", props.id), format!("{}-problem", props.id));
    html! {
        <div class="field">
            <label for={props.id}>{ props.label }</label>
            <input
                id={props.id}
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                value={props.value.clone()}
                aria-invalid={props.problem.is_some().then_some("true")}
                aria-describedby={format!("{note} {problem}")}
                {oninput}
            />
            <p class="note" id={note}>{ for props.note.clone() }</p>
            <p class="problem" id={problem} role="alert">{ for props.problem.clone() }</p>
        </div>
    }
}
