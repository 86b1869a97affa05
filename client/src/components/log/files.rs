//! Export and import of the log as a file.

use std::rc::Rc;

use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::use_files::{Stage, Trouble, use_files};
use super::use_focus::use_focus;
use crate::components::translation::translatable;
use crate::state::log::SharedLog;
use crate::state::message::Entry;
use crate::state::texts::{Texts, fill, plural};
use crate::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct LogFilesProps {
    /// The log to export.
    pub log: SharedLog,
    /// Replaces the log by the entries of a file.
    pub opened: Callback<Vec<Entry>>,
}

/// The two buttons and their results. A log that is not empty is replaced only after a confirmation.
#[component]
pub fn LogFiles(props: &LogFilesProps) -> Html {
    let texts = use_texts();
    let files = use_files(props.log.clone(), props.opened.clone());
    let (button, input) = (use_node_ref(), use_node_ref());
    let choose = {
        let input = input.clone();
        move |_| {
            if let Some(input) = input.cast::<HtmlElement>() {
                input.click();
            }
        }
    };
    let answer = |answer: Callback<()>| {
        let button = button.clone();
        Callback::from(move |()| {
            // The confirmation disappears, so the focus moves to the button. This fails only for an element that cannot take the
            // focus.
            let _ = button.cast::<HtmlElement>().map(|button| button.focus());
            answer.emit(());
        })
    };
    let picked = files.pick.reform(|event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let file = input.files().and_then(|files| files.get(0));
        // Reset, so that choosing the same file again, after a correction, is a change.
        input.set_value("");
        file
    });

    translatable(html! {
        <>
            <span class="files">
                if !props.log.borrow().is_empty() {
                    <button id="export" type="button" class="quiet" onclick={files.export.reform(|_| ())}>
                        { texts.detail.export }
                    </button>
                }
                <button id="open-log" ref={button.clone()} type="button" class="quiet" onclick={choose}>
                    { texts.detail.open_log }
                </button>
                // Hidden: the browser's own button would use the browser's language, and look different from the others.
                <input
                    id="import"
                    ref={input}
                    type="file"
                    hidden=true
                    accept=".jsonl,.ndjson,.json,.txt"
                    onchange={picked}
                />
            </span>
            <p id="files-done" role="status">{ for said(&files.stage, texts) }</p>
            if let Stage::Asking(entries) = &files.stage {
                <Question
                    kept={props.log.borrow().len()}
                    entries={entries.clone()}
                    replace={answer(files.replace.clone())}
                    keep={answer(files.keep.clone())}
                />
            }
        </>
    })
}

fn said(stage: &Stage, texts: &Texts) -> Option<Html> {
    let detail = &texts.detail;
    let done = |text: String| Some(html! { text });
    match stage {
        Stage::Idle | Stage::Asking(_) => None,
        Stage::Exporting => done(detail.exporting.to_owned()),
        Stage::Exported(count) => done(plural(detail.exported, *count)),
        Stage::NotExported => done(detail.not_saved.to_owned()),
        Stage::Reading(name) => done(fill(detail.reading, &[("name", name)])),
        Stage::Opened(count) => done(plural(detail.opened, *count)),
        Stage::Refused(name, trouble) => Some(html! {
            <span class="problem">
                { fill(detail.refused, &[("name", name)]) }
                { " " }
                { match trouble {
                    Trouble::Unreadable => detail.unreadable.into(),
                    Trouble::Bad(problem) => problem.text(texts),
                } }
            </span>
        }),
    }
}

#[derive(Clone, Properties)]
struct QuestionProps {
    kept: usize,
    entries: Rc<Vec<Entry>>,
    replace: Callback<()>,
    keep: Callback<()>,
}

impl PartialEq for QuestionProps {
    fn eq(&self, other: &Self) -> bool {
        self.kept == other.kept
            && Rc::ptr_eq(&self.entries, &other.entries)
            && self.replace == other.replace
            && self.keep == other.keep
    }
}

/// A confirmation that takes the focus. Escape keeps the list.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let texts = &use_texts().detail;
    let group = use_focus();
    let onkeydown = {
        let keep = props.keep.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                keep.emit(());
            }
        }
    };
    translatable(html! {
        <div id="replace-log" class="line" ref={group} role="group" tabindex="-1" aria-labelledby="replace-question" {onkeydown}>
            <p id="replace-question">{ plural(texts.replace_question, props.kept) }</p>
            <button id="replace" type="button" onclick={props.replace.reform(|_| ())}>
                { plural(texts.replace, props.entries.len()) }
            </button>
            <button id="keep" type="button" class="quiet" onclick={props.keep.reform(|_| ())}>{ texts.keep }</button>
        </div>
    })
}
