//! A file on its way.

use gloo_timers::future::TimeoutFuture;
use web_sys::File;
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::task::Task;
use super::use_live::{Live, use_live};
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
#[derive(Debug)]
pub struct Chosen {
    /// The file.
    pub file: File,
    /// Whether it was one of several.
    pub has_others: bool,
}

/// How far the file is.
#[derive(Debug, Default)]
pub enum Stage {
    /// It was not sent.
    #[default]
    Waiting,
    /// It is under way.
    Running(Progress),
    /// It was under way.
    Ended(End),
}

/// A look at a file under way.
#[derive(Debug)]
pub struct Progress {
    /// What was sent.
    pub transfer: Transfer,
    /// How many bytes waited in the socket.
    pub buffered: f64,
    /// When, in milliseconds.
    pub now: f64,
}

/// How it ended.
#[derive(Debug)]
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

/// The file that is to be sent.
#[derive(Default)]
pub struct Transferring {
    /// The file, if one was chosen.
    pub chosen: Option<Chosen>,
    /// The pieces that were chosen by hand.
    pub split: Option<Split>,
    /// How far it is.
    pub stage: Stage,
    task: Task,
}

/// The file that is to be sent, and what can be done with it.
#[derive(Clone)]
pub struct TransferHandle {
    /// The file, and how far it is.
    pub state: Live<Transferring>,
    outgoing: Outgoing,
}

/// The file of the composer.
#[hook]
pub fn use_transfer(outgoing: &Outgoing) -> TransferHandle {
    TransferHandle { state: use_live(Transferring::default), outgoing: outgoing.clone() }
}

impl Transferring {
    /// Whether the file is under way.
    pub fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running(_))
    }
}

impl TransferHandle {
    /// Takes a file, in place of the one before. One that is under way stays.
    pub fn choose(&self, file: Chosen) {
        let mut state = self.state.borrow_mut();
        if !state.is_running() {
            *state = Transferring { chosen: Some(file), ..Transferring::default() };
            self.state.show();
        }
    }

    /// Takes a choice of pieces.
    pub fn divide(&self, split: Option<Split>) {
        self.state.borrow_mut().split = split;
        self.state.show();
    }

    /// Begins to send.
    pub fn start(&self) {
        let Transferring { chosen, split, task, .. } = &mut *self.state.borrow_mut();
        if let Some(Chosen { file, .. }) = chosen {
            let split = split.unwrap_or_else(|| Split::fitting(part::size(file)));
            task.start(run(self.clone(), file.clone(), split));
        }
    }

    /// Stops.
    pub fn cancel(&self) {
        self.end(End::Cancelled);
    }

    /// Ends the connection.
    pub fn disconnect(&self) {
        self.outgoing.disconnect.emit(());
    }

    /// Forgets the file.
    pub fn put_away(&self) {
        *self.state.borrow_mut() = Transferring::default();
        self.state.show();
    }

    /// Ends it, if it is under way.
    pub fn end(&self, end: fn(f64) -> End) {
        let mut state = self.state.borrow_mut();
        if let Stage::Running(Progress { transfer, buffered, .. }) = &state.stage {
            state.stage = Stage::Ended(end(transfer.out(*buffered)));
            state.task.stop();
            self.state.show();
        }
    }
}

async fn run(to: TransferHandle, file: File, split: Split) {
    let TransferHandle { state, outgoing } = to;
    let started = page::now();
    let mut transfer = Transfer::new(part::size(&file), split, started);
    let mut shown = f64::MIN;
    let last = loop {
        let (now, buffered) = (page::now(), outgoing.buffered.emit(()));
        state.borrow_mut().stage = Stage::Running(Progress { transfer: transfer.clone(), buffered, now });
        if now - shown >= TELL_MS {
            shown = now;
            state.show();
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
    state.borrow_mut().stage = last;
    state.show();
}
