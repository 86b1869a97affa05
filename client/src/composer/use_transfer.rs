//! Transfer of a file.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use web_sys::File;
use yew::prelude::*;

use super::model::file_chunks::{Split, Step, Transfer};
use super::task::Task;
use crate::browser::page;
use crate::browser::part::{self, Unreadable};
use crate::browser::use_live::{Live, use_live};
use crate::connection::model::message::Body;
use crate::session::use_session::Callbacks;

/// Interval between updates of the progress, in milliseconds.
const TELL_MS: f64 = 100.0;

/// Interval at which a full socket's buffer is checked again, in milliseconds.
const WAIT_MS: u32 = 16;

/// Size from which a message is handed to the browser in a turn of its own, so that the page stays responsive.
const LONG: usize = 8 << 20;

/// The chosen file.
#[derive(Debug)]
pub struct Chosen {
    pub file: File,
    /// True if several files were dropped, of which this is the first.
    pub has_others: bool,
}

/// Stage of the transfer.
#[derive(Debug, Default)]
pub enum Stage {
    /// The file has not been sent.
    #[default]
    Waiting,
    /// The transfer is in progress.
    Running(Progress),
    /// The transfer has ended.
    Ended(End),
}

/// Progress of a transfer.
#[derive(Debug)]
pub struct Progress {
    pub transfer: Transfer,
    /// Number of bytes in the socket's buffer.
    pub buffered: f64,
    /// Time of this look, in milliseconds.
    pub now: f64,
}

/// Result of a transfer.
#[derive(Debug)]
pub enum End {
    /// The file was sent, in this many milliseconds.
    Sent(f64),
    /// The user stopped the transfer, after this many bytes.
    Cancelled(f64),
    /// The connection ended, after this many bytes.
    Cut(f64),
    /// The browser could not read the file.
    Unreadable(Unreadable),
}

/// The file to send, and the state of its transfer.
#[derive(Default)]
pub struct Transferring {
    /// The file, if one is chosen.
    pub chosen: Option<Chosen>,
    /// Division chosen by the user.
    pub split: Option<Split>,
    pub stage: Stage,
    task: Task,
}

/// The file transfer and its actions.
#[derive(Clone)]
pub struct TransferHandle {
    pub state: Live<Transferring>,
    can: Rc<Callbacks>,
}

/// Creates the file transfer of the composer.
#[hook]
pub fn use_transfer(can: &Rc<Callbacks>) -> TransferHandle {
    TransferHandle { state: use_live(Transferring::default), can: can.clone() }
}

impl Transferring {
    /// True if the transfer is in progress.
    pub fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running(_))
    }
}

impl TransferHandle {
    /// Chooses a file, replacing the previous one. Ignored during a transfer.
    pub fn choose(&self, file: Chosen) {
        self.state.change(|state| {
            if !state.is_running() {
                *state = Transferring { chosen: Some(file), ..Transferring::default() };
            }
        });
    }

    /// Changes the division into messages.
    pub fn divide(&self, split: Option<Split>) {
        self.state.change(|state| state.split = split);
    }

    /// Starts the transfer.
    pub fn start(&self) {
        self.state.update(|Transferring { chosen, split, task, .. }| {
            if let Some(Chosen { file, .. }) = chosen {
                let split = split.unwrap_or_else(|| Split::fitting(part::size(file)));
                task.start(run(self.clone(), file.clone(), split));
            }
        });
    }

    /// Stops the transfer.
    pub fn cancel(&self) {
        self.end(End::Cancelled);
    }

    /// Ends the connection.
    pub fn disconnect(&self) {
        self.can.toggle.emit(());
    }

    /// Removes the chosen file.
    pub fn put_away(&self) {
        self.state.change(|state| *state = Transferring::default());
    }

    /// Ends the transfer if it is in progress.
    pub fn end(&self, end: fn(f64) -> End) {
        self.state.change(|state| {
            if let Stage::Running(Progress { transfer, buffered, .. }) = &state.stage {
                state.stage = Stage::Ended(end(transfer.out(*buffered)));
                state.task.stop();
            }
        });
    }
}

async fn run(to: TransferHandle, file: File, split: Split) {
    let TransferHandle { state, can } = to;
    let started = page::now();
    let mut transfer = Transfer::new(part::size(&file), split, started);
    let mut shown = f64::MIN;
    let last = loop {
        let (now, buffered) = (page::now(), can.buffered.emit(()));
        let progress = Progress { transfer: transfer.clone(), buffered, now };
        state.update(|state| state.stage = Stage::Running(progress));
        if now - shown >= TELL_MS {
            shown = now;
            state.render();
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
                if !can.send.emit(body) {
                    // A notice has given the reason.
                    let out = transfer.out(can.buffered.emit(()));
                    break if out > 0.0 { Stage::Ended(End::Cut(out)) } else { Stage::Waiting };
                }
                transfer.handed();
                if is_long {
                    TimeoutFuture::new(0).await;
                }
            }
        }
    };
    state.change(|state| state.stage = last);
}
