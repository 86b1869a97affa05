//! Export and import of the log: state and actions.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::model::jsonl::{Problem, Reader, Writer};
use super::model::log::VersionedLog;
use crate::browser::download::Download;
use crate::browser::page;
use crate::browser::part;
use crate::browser::use_live::{Live, use_live};
use crate::common::rfc3339;
use crate::connection::model::message::Entry;

/// Number of bytes that an export writes without a pause, which takes a few milliseconds.
const STRETCH: usize = 256 * 1024;

/// Number of bytes that an import reads without a pause: the part of the file that is in memory at a time.
const SLICE: usize = 1 << 20;

#[derive(Debug, Clone)]
pub enum Stage {
    Idle,
    Exporting,
    /// A file with this many entries was written.
    Exported(usize),
    /// The browser could not create the file.
    NotExported,
    Reading(AttrValue),
    /// These entries were read, and await confirmation because the log is not empty.
    Asking(Rc<Vec<Entry>>),
    /// The log was replaced by this many entries of a file.
    Opened(usize),
    Refused(AttrValue, Trouble),
}

impl Stage {
    /// True while a file is written or read.
    const fn is_busy(&self) -> bool {
        matches!(self, Self::Exporting | Self::Reading(_))
    }
}

/// Reason that a file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The browser cannot read the file.
    Unreadable,
    Bad(Problem),
}

pub struct FilesHandle {
    pub stage: Stage,
    /// Exports the log to a file, unless it is empty.
    pub export: Callback<()>,
    /// Imports the chosen file, if there is one.
    pub pick: Callback<Option<File>>,
    /// Replaces the log by the entries that were read.
    pub replace: Callback<()>,
    pub keep: Callback<()>,
}

#[hook]
pub fn use_files(log: VersionedLog, opened: Callback<Vec<Entry>>) -> FilesHandle {
    let stage = use_live(|| Stage::Idle);

    let export = {
        let (log, stage) = (log.clone(), stage.clone());
        Callback::from(move |()| {
            if stage.borrow().is_busy() || log.borrow().is_empty() {
                return;
            }
            set(&stage, Stage::Exporting);
            let (entries, stage) = (log.borrow().from(0).cloned().collect(), stage.clone());
            spawn_local(async move { set(&stage, exported(entries).await) });
        })
    };
    let pick = {
        let (opened, stage) = (opened.clone(), stage.clone());
        Callback::from(move |file: Option<File>| {
            let Some(file) = file.filter(|_| !stage.borrow().is_busy()) else { return };
            let name = AttrValue::from(file.name());
            set(&stage, Stage::Reading(name.clone()));
            let (log, opened, stage) = (log.clone(), opened.clone(), stage.clone());
            spawn_local(async move {
                let read = match read(&file).await {
                    Err(trouble) => Stage::Refused(name, trouble),
                    Ok(entries) if log.borrow().is_empty() => replaced(entries, &opened),
                    Ok(entries) => Stage::Asking(Rc::new(entries)),
                };
                set(&stage, read);
            });
        })
    };
    let replace = {
        let stage = stage.clone();
        Callback::from(move |()| {
            let read = stage.borrow().clone();
            if let Stage::Asking(entries) = read {
                set(&stage, replaced(Rc::unwrap_or_clone(entries), &opened));
            }
        })
    };
    let keep = stage.callback(|stage, ()| *stage = Stage::Idle);
    let stage = stage.borrow().clone();
    FilesHandle { stage, export, pick, replace, keep }
}

fn set(stage: &Live<Stage>, next: Stage) {
    stage.change(|stage| *stage = next);
}

fn replaced(entries: Vec<Entry>, opened: &Callback<Vec<Entry>>) -> Stage {
    let count = entries.len();
    opened.emit(entries);
    Stage::Opened(count)
}

/// Writes the entries with pauses, in which the browser can do other work.
async fn exported(entries: Vec<Entry>) -> Stage {
    let count = entries.len();
    let download = Download::default();
    for stretch in Writer::new(entries.into_iter(), STRETCH) {
        download.push(stretch.as_bytes());
        TimeoutFuture::new(0).await;
    }
    // Colons are not allowed in file names on every system.
    let time = rfc3339::format(page::time()).replace(':', "-");
    let name = format!("ws-echo-{}.jsonl", time.get(..19).unwrap_or_default());
    if download.save(&name, "application/jsonl") { Stage::Exported(count) } else { Stage::NotExported }
}

async fn read(file: &File) -> Result<Vec<Entry>, Trouble> {
    let (mut reader, size) = (Reader::default(), part::size(file));
    for start in (0..size).step_by(SLICE) {
        let slice = start..size.min(start + SLICE as u64);
        let bytes = part::read(file, slice).await.map_err(|_| Trouble::Unreadable)?;
        reader.feed(&bytes).map_err(Trouble::Bad)?;
    }
    reader.finish().map_err(Trouble::Bad)
}
