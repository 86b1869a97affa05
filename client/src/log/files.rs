//! Export and import of the log as a file.

use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::model::log::VersionedLog;
use super::toolbar::tool;
use super::use_files::{Files, Stage, Trouble, use_files};
use super::use_search::Searching;
use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::Live;
use crate::connection::model::message::Entry;
use crate::texts::{Texts, fill, plural};
use crate::ui::child::child;
use crate::ui::controls::{acting, handling, quiet};
use crate::ui::icons::{EXPORT, MORE, icon};
use crate::ui::overlay::popover;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, PartialEq, Properties)]
pub struct LogFilesProps {
    pub log: VersionedLog,
    /// The rows, which are exported.
    pub searching: Live<Searching>,
    pub is_filtered: bool,
    /// Replaces the log by the entries of a file.
    pub opened: Callback<Vec<Entry>>,
}

/// The button, the menu, and their results. A log that is not empty is replaced only after a confirmation.
#[component]
pub fn LogFiles(props: &LogFilesProps) -> Html {
    let texts = use_texts();
    let files = use_files(props.log.clone(), props.searching.clone(), props.opened.clone());
    let input = use_node_ref();
    let choose = acting(&input, |input: &NodeRef| {
        page::hide("more");
        input.cast::<HtmlElement>().iter().for_each(HtmlElement::click);
    });
    let picked = handling(&files, |files, event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let file = input.files().and_then(|files| files.get(0));
        // Reset, so that choosing the same file again, after a correction, is a change.
        input.set_value("");
        file.into_iter().for_each(|file| files.import(file));
    });
    let export_har = acting(&files, |files: &Files| {
        page::hide("more");
        files.export(true);
    });
    let stage = files.stage.borrow();
    let export = if props.is_filtered { texts.detail.export_shown } else { texts.detail.export_all };

    translatable(html! {
        <>
            <div class="files">
                { tool("export", export, EXPORT, false, acting(&files, |files: &Files| files.export(false))) }
                <button id="show-more" type="button" class="tool" popovertarget="more" aria-label={texts.log.more}>
                    { icon(MORE) }
                </button>
                { popover("more", texts.log.more, texts, html! {
                    <>
                        { quiet("open-log", texts.detail.open_log, choose) }
                        { quiet("export-har", texts.detail.export_har, export_har) }
                    </>
                }) }
                // Hidden: the browser's own button would use the browser's language, and look different from the others.
                <input
                    id="import"
                    ref={input}
                    type="file"
                    hidden=true
                    accept=".jsonl,.ndjson,.json,.txt,.har"
                    onchange={picked}
                />
            </div>
            <p id="files-done" role="status">{ for said(&stage, texts) }</p>
            if let Stage::Asking(entries) = &*stage {
                { child::<Question>(QuestionProps {
                    kept: props.log.borrow().len(),
                    read: entries.len(),
                    replace: acting(&files, Files::replace),
                    keep: acting(&files, Files::keep),
                }) }
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
        Stage::NoModule => done(detail.no_module.to_owned()),
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
                    Trouble::NoHar(place) => fill(detail.not_har, &[("place", place)]).into(),
                    Trouble::NoMessages => detail.no_web_socket.into(),
                    Trouble::NoModule => detail.no_module.into(),
                } }
            </span>
        }),
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct QuestionProps {
    kept: usize,
    /// Number of entries in the file.
    read: usize,
    replace: Callback<()>,
    keep: Callback<()>,
}

/// A confirmation over the page. Escape keeps the list.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let texts = &use_texts().detail;
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        let dialog = dialog.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            // Fails only for a dialog that is already open.
            let _ = dialog.show_modal();
        }
        // The dialog disappears, so the focus moves to the button that led to it. Nothing else can take it while the dialog is open.
        move || {
            dialog.iter().for_each(HtmlDialogElement::close);
            page::focus("show-more");
        }
    });
    translatable(html! {
        <dialog id="replace-log" ref={dialog} role="alertdialog" aria-labelledby="replace-question" onclose={props.keep.reform(|_| ())}>
            <p id="replace-question">{ plural(texts.replace_question, props.kept) }</p>
            <p class="line">
            <button id="replace" type="button" onclick={props.replace.reform(|_| ())}>
                { plural(texts.replace, props.read) }
            </button>
            <button id="keep" type="button" autofocus=true onclick={props.keep.reform(|_| ())}>{ texts.keep }</button>
            </p>
        </dialog>
    })
}
