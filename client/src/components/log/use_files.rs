//! What the log's files are doing.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use crate::browser::download::Download;
use crate::browser::file::{self, FileError};
use crate::page;
use crate::state::jsonl::{Problem, Reader, Writer};
use crate::state::log::SharedLog;
use crate::state::message::Entry;
use crate::state::rfc3339;

/// How much of an export is written at a stretch, in bytes: a few milliseconds' work.
const STRETCH: usize = 256 * 1024;

/// What is going on, or what came of it.
#[derive(Debug, Clone)]
pub enum Stage {
    /// Nothing was asked for.
    Idle,
    /// A file is being made.
    Exporting,
    /// A file with so many messages was made.
    Exported(usize),
    /// The browser could not make the file.
    NotExported,
    /// The file with this name is being read.
    Reading(AttrValue),
    /// These entries were read, and the log is not empty.
    Asking(Rc<Vec<Entry>>),
    /// So many messages of a file are the log now.
    Opened(usize),
    /// The file with this name was not taken.
    Refused(AttrValue, Trouble),
}

/// Why a file was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The browser cannot read it.
    Unreadable,
    /// One of its lines is wrong.
    Bad(Problem),
}

/// What is going on, and what can be done.
pub struct FilesHandle {
    /// What is going on.
    pub stage: Stage,
    /// Makes a file of the log.
    pub export: Callback<()>,
    /// Takes the file that was picked, if one was.
    pub pick: Callback<Option<File>>,
    /// Replaces the log by what was read.
    pub replace: Callback<()>,
    /// Forgets what was read.
    pub keep: Callback<()>,
}

/// The files of a log.
#[hook]
pub fn use_files(log: SharedLog, opened: Callback<Vec<Entry>>) -> FilesHandle {
    let stage = use_state(|| Stage::Idle);
    let is_busy = matches!(*stage, Stage::Exporting | Stage::Reading(_));

    let export = {
        let (log, stage) = (log.clone(), stage.setter());
        Callback::from(move |()| {
            if is_busy {
                return;
            }
            stage.set(Stage::Exporting);
            let (entries, stage) = (log.borrow().from(0).cloned().collect(), stage.clone());
            spawn_local(async move { stage.set(exported(entries).await) });
        })
    };
    let pick = {
        let (opened, stage) = (opened.clone(), stage.setter());
        Callback::from(move |file: Option<File>| {
            let Some(file) = file.filter(|_| !is_busy) else { return };
            let name = AttrValue::from(file.name());
            stage.set(Stage::Reading(name.clone()));
            let (log, opened, stage) = (log.clone(), opened.clone(), stage.clone());
            spawn_local(async move {
                stage.set(match read(&file).await {
                    Err(trouble) => Stage::Refused(name, trouble),
                    Ok(entries) if log.borrow().is_empty() => replaced(entries, &opened),
                    Ok(entries) => Stage::Asking(Rc::new(entries)),
                });
            });
        })
    };
    let replace = {
        let stage = stage.clone();
        Callback::from(move |()| {
            if let Stage::Asking(entries) = &*stage {
                stage.set(replaced(entries.as_ref().clone(), &opened));
            }
        })
    };
    let keep = {
        let stage = stage.setter();
        Callback::from(move |()| stage.set(Stage::Idle))
    };
    FilesHandle { stage: (*stage).clone(), export, pick, replace, keep }
}

fn replaced(entries: Vec<Entry>, opened: &Callback<Vec<Entry>>) -> Stage {
    let count = entries.len();
    opened.emit(entries);
    Stage::Opened(count)
}

/// Between its stretches the browser goes on.
async fn exported(entries: Vec<Entry>) -> Stage {
    let count = entries.len();
    let download = Download::default();
    for stretch in Writer::new(entries.into_iter(), STRETCH) {
        download.push(stretch.as_bytes());
        TimeoutFuture::new(0).await;
    }
    // Colons are not for file names.
    let time = rfc3339::format(page::time()).replace(':', "-");
    let name = format!("ws-echo-{}.jsonl", time.get(..19).unwrap_or_default());
    if download.save(&name, "application/jsonl") { Stage::Exported(count) } else { Stage::NotExported }
}

async fn read(file: &File) -> Result<Vec<Entry>, Trouble> {
    let mut reader = Reader::default();
    file::read(file, |bytes| reader.feed(bytes)).await.map_err(|error| match error {
        FileError::Unreadable => Trouble::Unreadable,
        FileError::Refused(problem) => Trouble::Bad(problem),
    })?;
    reader.finish().map_err(Trouble::Bad)
}
