//! A file on its way.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use web_sys::File;
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::use_end::use_end;
use super::use_task::use_task;
use crate::browser::part::{self, Unreadable};
use crate::page;
use crate::state::message::Body;
use crate::state::pieces::{Split, Step, Transfer};

/// How often progress is told, in milliseconds.
const TELL_MS: f64 = 100.0;

/// How long to wait for the socket, in milliseconds.
const WAIT_MS: u32 = 16;

/// A message from this size on is handed over in a turn of its own, so that the page stays quick.
const LONG: usize = 8 << 20;

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The file.
    pub file: File,
    /// Whether it was one of several.
    pub has_others: bool,
}

/// How far the file is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// It was not sent.
    Waiting,
    /// It is under way.
    Running(Progress),
    /// It was under way.
    Ended(End),
}

/// A look at a file under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What was sent.
    pub transfer: Transfer,
    /// How many bytes waited in the socket.
    pub buffered: f64,
    /// When, in milliseconds.
    pub now: f64,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// All is out, after so many milliseconds.
    Sent(f64),
    /// Its reader stopped it, when so many bytes were out.
    Cancelled(f64),
    /// The connection ended, when so many bytes were out.
    Cut(f64),
    /// The browser did not read it.
    Unreadable(Unreadable),
}

/// The file that is to be sent, and what can be done with it.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferHandle {
    /// The file, if one was chosen.
    pub chosen: Option<Chosen>,
    /// How far it is.
    pub stage: Stage,
    /// Takes a file, in place of the one before. One that is under way stays.
    pub choose: Callback<Chosen>,
    /// Begins to send.
    pub start: Callback<Split>,
    /// Stops.
    pub cancel: Callback<()>,
    /// Forgets the file.
    pub put_away: Callback<()>,
}

impl TransferHandle {
    /// Whether a file is under way.
    pub fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running(_))
    }
}

type Latest = Rc<RefCell<Option<Progress>>>;

/// The file of the composer.
#[hook]
pub fn use_transfer(outgoing: &Outgoing) -> TransferHandle {
    let chosen = use_state_eq(|| None::<Chosen>);
    let stage = use_state_eq(|| Stage::Waiting);
    let latest: Latest = use_mut_ref(|| None);
    let task = use_task();

    let end = {
        let (stage, latest, task) = (stage.clone(), latest.clone(), task.clone());
        Callback::from(move |end: fn(f64) -> End| {
            if let Some(Progress { transfer, buffered, .. }) = latest.take() {
                task.stop();
                stage.set(Stage::Ended(end(transfer.out(buffered))));
            }
        })
    };
    use_end(outgoing.is_open, end.reform(|()| End::Cut));
    let start = {
        let (outgoing, chosen, stage) = (outgoing.clone(), chosen.clone(), stage.clone());
        Callback::from(move |split| {
            if let Some(Chosen { file, .. }) = &*chosen {
                let stage = stage.clone();
                let tell = Callback::from(move |now| stage.set(now));
                task.start(run(file.clone(), split, outgoing.clone(), latest.clone(), tell));
            }
        })
    };
    let is_running = matches!(*stage, Stage::Running(_));
    let choose = {
        let (chosen, stage) = (chosen.clone(), stage.clone());
        Callback::from(move |file| {
            if !is_running {
                stage.set(Stage::Waiting);
                chosen.set(Some(file));
            }
        })
    };
    let put_away = {
        let chosen = chosen.clone();
        Callback::from(move |()| chosen.set(None))
    };
    TransferHandle {
        chosen: (*chosen).clone(),
        stage: (*stage).clone(),
        choose,
        start,
        cancel: end.reform(|()| End::Cancelled as fn(f64) -> End),
        put_away,
    }
}

async fn run(file: File, split: Split, outgoing: Outgoing, latest: Latest, tell: Callback<Stage>) {
    let started = page::now();
    let mut transfer = Transfer::new(part::size(&file), split, started);
    let mut told = f64::MIN;
    let last = loop {
        let (now, buffered) = (page::now(), outgoing.buffered.emit(()));
        let progress = Progress { transfer: transfer.clone(), buffered, now };
        latest.replace(Some(progress.clone()));
        if now - told >= TELL_MS {
            told = now;
            tell.emit(Stage::Running(progress));
        }
        match transfer.step(buffered) {
            Step::Done => break Stage::Ended(End::Sent(now - started)),
            Step::Wait => TimeoutFuture::new(WAIT_MS).await,
            Step::Send(range) => {
                let bytes = match part::read(&file, range).await {
                    Ok(bytes) => bytes,
                    Err(why) => break Stage::Ended(End::Unreadable(why)),
                };
                let is_long = bytes.len() >= LONG;
                let body = Body::binary(bytes);
                if is_long {
                    TimeoutFuture::new(0).await;
                }
                if !outgoing.send.emit(body) {
                    // A notice has said why.
                    let out = transfer.out(outgoing.buffered.emit(()));
                    break if out > 0.0 { Stage::Ended(End::Cut(out)) } else { Stage::Waiting };
                }
                transfer.handed();
                if is_long {
                    TimeoutFuture::new(0).await;
                }
            }
        }
    };
    latest.take();
    tell.emit(last);
}
