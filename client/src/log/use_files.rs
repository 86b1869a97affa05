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
use crate::browser::viewers::{self, TaskProblem};
use crate::common::format::grouped;
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
    /// The module that writes HAR could not be loaded.
    NoModule,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The browser cannot read the file.
    Unreadable,
    Bad(Problem),
    /// The file is no HAR, or this value of it is missing or wrong.
    NoHar(String),
    /// The HAR has no messages of a WebSocket.
    NoMessages,
    /// The module that reads HAR could not be loaded.
    NoModule,
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
    /// Exports the entries that the filter shows, or all without a filter, to a file, unless there are none. With `as_har`, as HAR.
    pub fn export(&self, as_har: bool) {
        let entries = self.searching.borrow().search.entries(&self.log.borrow());
        if self.is_busy() || entries.is_empty() {
            return;
        }
        self.set(Stage::Exporting);
        let files = self.clone();
        spawn_local(async move { files.set(exported(entries, as_har).await) });
    }

    /// Imports a file. A log that is not empty is replaced only after a confirmation.
    pub fn import(&self, file: File) {
        if self.is_busy() {
            return;
        }
        let (name, files) = (AttrValue::from(file.name()), self.clone());
        self.set(Stage::Reading(name.clone()));
        spawn_local(async move {
            let is_har = name.to_ascii_lowercase().ends_with(".har");
            let read = if is_har { read_har(&file).await } else { read(&file).await };
            match read {
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
async fn exported(entries: Vec<Entry>, as_har: bool) -> Stage {
    let count = entries.len();
    let download = Download::default();
    let mut lines = String::new();
    for stretch in Writer::new(entries.into_iter(), STRETCH) {
        if as_har {
            lines.push_str(&stretch);
        } else {
            download.push(stretch.as_bytes());
        }
        TimeoutFuture::new(0).await;
    }
    let (ending, media_type) =
        if as_har { ("har", "application/json") } else { ("jsonl", "application/jsonl") };
    if as_har {
        let Ok(har) = viewers::run("har-write", lines.as_bytes()).await else { return Stage::NoModule };
        download.push(har.as_bytes());
    }
    // Colons are not allowed in file names on every system.
    let time = rfc3339::format(page::time()).replace(':', "-");
    let name = format!("ws-echo-{}.{ending}", time.get(..19).unwrap_or_default());
    if download.save(&name, media_type) { Stage::Exported(count) } else { Stage::NotExported }
}

/// Reads a HAR: the module turns it into lines of the page's own format.
async fn read_har(file: &File) -> Result<Vec<Entry>, Trouble> {
    let bytes = part::read(file, 0..part::size(file)).await.map_err(|_| Trouble::Unreadable)?;
    let lines = viewers::run("har-read", &bytes).await.map_err(|problem| match problem {
        TaskProblem::At(at) => Trouble::NoHar(grouped(at)),
        TaskProblem::NoModule => Trouble::NoModule,
    })?;
    drop(bytes);
    match lines.strip_prefix('!') {
        Some(path) => Err(Trouble::NoHar(path.to_owned())),
        None if lines.is_empty() => Err(Trouble::NoMessages),
        None => {
            let mut reader = Reader::default();
            for slice in lines.as_bytes().chunks(SLICE) {
                reader.feed(slice).map_err(Trouble::Bad)?;
                TimeoutFuture::new(0).await;
            }
            reader.finish().map_err(Trouble::Bad)
        }
    }
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
