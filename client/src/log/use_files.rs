//! Export and import of the log: state and actions.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::model::jsonl::{Problem, Reader, Writer};
use super::model::log::VersionedLog;
use super::use_search::Searching;
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

#[derive(Debug)]
pub enum Stage {
    Idle,
    Exporting,
    /// A file with this many entries was written.
    Exported(usize),
    /// The browser could not create the file.
    NotExported,
    /// The file with this name is being read.
    Reading(AttrValue),
    /// These entries were read, and await confirmation because the log is not empty.
    Asking(Vec<Entry>),
    /// The log was replaced by this many entries of a file.
    Opened(usize),
    /// The file with this name was refused.
    Refused(AttrValue, Trouble),
}

/// Reason that a file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The browser cannot read the file.
    Unreadable,
    Bad(Problem),
}

/// Export and import of a log.
#[derive(Clone)]
pub struct Files {
    pub stage: Live<Stage>,
    log: VersionedLog,
    searching: Live<Searching>,
    opened: Callback<Vec<Entry>>,
}

/// `opened` is called with the entries that replace those of the log.
#[hook]
pub fn use_files(log: VersionedLog, searching: Live<Searching>, opened: Callback<Vec<Entry>>) -> Files {
    Files { stage: use_live(|| Stage::Idle), log, searching, opened }
}

impl Files {
    /// Exports the entries that the filter shows, or all without a filter, to a file, unless there are none.
    pub fn export(&self) {
        let entries = self.searching.borrow().search.entries(&self.log.borrow());
        if self.is_busy() || entries.is_empty() {
            return;
        }
        self.set(Stage::Exporting);
        let files = self.clone();
        spawn_local(async move { files.set(exported(entries).await) });
    }

    /// Imports a file. A log that is not empty is replaced only after a confirmation.
    pub fn import(&self, file: File) {
        if self.is_busy() {
            return;
        }
        let (name, files) = (AttrValue::from(file.name()), self.clone());
        self.set(Stage::Reading(name.clone()));
        spawn_local(async move {
            match read(&file).await {
                Err(trouble) => files.set(Stage::Refused(name, trouble)),
                Ok(entries) if files.log.borrow().is_empty() => files.open(entries),
                Ok(entries) => files.set(Stage::Asking(entries)),
            }
        });
    }

    /// Replaces the log by the entries that were read.
    pub fn replace(&self) {
        let asked = self.stage.update(|stage| std::mem::replace(stage, Stage::Idle));
        if let Stage::Asking(entries) = asked {
            self.open(entries);
        }
    }

    /// Discards the entries that were read.
    pub fn keep(&self) {
        self.set(Stage::Idle);
    }

    fn open(&self, entries: Vec<Entry>) {
        let count = entries.len();
        self.opened.emit(entries);
        self.set(Stage::Opened(count));
    }

    fn is_busy(&self) -> bool {
        matches!(&*self.stage.borrow(), Stage::Exporting | Stage::Reading(_))
    }

    fn set(&self, next: Stage) {
        self.stage.change(|stage| *stage = next);
    }
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
