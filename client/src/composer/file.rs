//! Transfer of a chosen or dropped file, and its panel over the page below the button that chooses it.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element, Event, File, HtmlInputElement, HtmlSelectElement, Node};
use yew::prelude::*;

use super::model::file_chunks::{Split, Step, Transfer};
use super::task::Task;
use crate::browser::page;
use crate::browser::part::{self, Unreadable};
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::common::format::{amount, fixed, short_time, to_float};
use crate::connection::model::message::Body;
use crate::session::use_session::Callbacks;
use crate::texts::{ComposerTexts, fill, plural};
use crate::ui::controls::{acting, handling, progress, quiet};

/// Interval between updates of the progress, in milliseconds.
const TELL_MS: f64 = 100.0;

/// Interval at which a full socket's buffer is checked again, in milliseconds.
const WAIT_MS: u32 = 16;

/// Size from which a message is handed to the browser in a turn of its own, so that the page stays responsive.
const LONG: usize = 8 << 20;

#[derive(Debug)]
pub struct Chosen {
    pub file: File,
    /// True if several files were dropped, of which this is the first.
    pub has_others: bool,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Waiting,
    Running(Progress),
    Ended(End),
}

#[derive(Debug)]
struct Progress {
    transfer: Transfer,
    /// Number of bytes in the socket's buffer.
    buffered: f64,
    /// Time of this look, in milliseconds.
    now: f64,
}

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
struct Transferring {
    chosen: Option<Chosen>,
    /// Division chosen by the user.
    split: Option<Split>,
    stage: Stage,
    task: Task,
}

#[derive(Clone)]
pub struct TransferHandle {
    state: Live<Transferring>,
    /// True while a file is dragged over the composer.
    pub is_over: UseStateHandle<bool>,
    can: Rc<Callbacks>,
}

/// Keeps the transfer, and accepts dropped files.
#[hook]
pub fn use_transfer(can: &Rc<Callbacks>) -> TransferHandle {
    use_effect_with((), |()| {
        let listeners = guard();
        move || drop(listeners)
    });
    TransferHandle {
        state: use_live(Transferring::default),
        is_over: use_state_eq(|| false),
        can: can.clone(),
    }
}

impl TransferHandle {
    pub fn is_running(&self) -> bool {
        matches!(self.state.borrow().stage, Stage::Running(_))
    }

    /// Chooses a file, replacing the previous one. Ignored during a transfer.
    pub fn choose(&self, file: Chosen) {
        if !self.is_running() {
            self.state
                .change(|state| *state = Transferring { chosen: Some(file), ..Transferring::default() });
        }
    }

    fn divide(&self, split: Option<Split>) {
        self.state.change(|state| state.split = split);
    }

    fn start(&self) {
        self.state.update(|Transferring { chosen, split, task, .. }| {
            if let Some(Chosen { file, .. }) = chosen {
                let split = split.unwrap_or_else(|| Split::fitting(part::size(file)));
                task.start(run(self.clone(), file.clone(), split));
            }
        });
    }

    fn cancel(&self) {
        self.end(End::Cancelled);
    }

    fn disconnect(&self) {
        self.can.toggle.emit(());
    }

    fn put_away(&self) {
        self.state.change(|state| *state = Transferring::default());
    }

    pub fn end(&self, end: fn(f64) -> End) {
        self.state.change(|state| {
            if let Stage::Running(Progress { transfer, buffered, .. }) = &state.stage {
                state.stage = Stage::Ended(end(transfer.out(*buffered)));
                state.task.stop();
            }
        });
    }

    pub fn dragged_over(&self, event: &DragEvent) {
        if has_files(event) {
            event.prevent_default();
            self.is_over.set(true);
        }
    }

    pub fn dragged_away(&self, event: &DragEvent) {
        let here: Option<Element> = event.current_target().and_then(|target| target.dyn_into().ok());
        let next: Option<Node> = event.related_target().and_then(|target| target.dyn_into().ok());
        // Moving between two elements inside the composer does not leave it.
        if !here.is_some_and(|here| next.is_some() && here.contains(next.as_ref())) {
            self.is_over.set(false);
        }
    }

    pub fn dropped(&self, event: &DragEvent) {
        self.is_over.set(false);
        if !has_files(event) {
            return;
        }
        event.prevent_default();
        let Some(files) = event.data_transfer().and_then(|data| data.files()) else { return };
        let has_others = files.length() > 1;
        files.get(0).into_iter().for_each(|file| self.choose(Chosen { file, has_others }));
    }
}

async fn run(to: TransferHandle, file: File, split: Split) {
    let TransferHandle { state, can, .. } = to;
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

/// Shows the file's name and size, the choice of pieces, and the progress. Empty if no file is chosen.
pub fn file_panel(transfer: &TransferHandle, texts: &ComposerTexts) -> Html {
    let Transferring { chosen, split, stage, .. } = &*transfer.state.borrow();
    let Some(Chosen { file, has_others }) = chosen else {
        return Html::default();
    };
    let bytes = part::size(file);
    let fitting = Split::fitting(bytes);
    let split = split.unwrap_or(fitting);
    let index = Split::ALL.into_iter().position(|other| other == split);
    let running = if let Stage::Running(progress) = stage { Some(progress) } else { None };
    let onchange = handling(transfer, |transfer, event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        transfer.divide(usize::try_from(index).ok().and_then(|index| Split::ALL.get(index).copied()));
    });
    // The attribute is the initial choice. Once the user has chosen, browsers ignore it, and only the property counts.
    let option = |this: Split| {
        html! {
            <option disabled={!this.can_take(bytes)} selected={this == fitting}>{ split_text(this, texts) }</option>
        }
    };
    let all_handed = running.is_some_and(|progress| progress.transfer.all_handed());
    let (action, text): (fn(&TransferHandle), _) = match running {
        None => (TransferHandle::start, texts.send_file),
        Some(_) if all_handed => (TransferHandle::disconnect, texts.disconnect),
        Some(_) => (TransferHandle::cancel, texts.cancel),
    };

    html! {
        <div id="file-panel" role="group" aria-label={texts.file_region}>
            <p class="name" translate="no"><bdi>{ file.name() }</bdi>{ " · " }{ amount(to_float(bytes)) }</p>
            if *has_others {
                <p class="note">{ texts.one_file }</p>
            }
            <div class="line">
                <label for="pieces">{ texts.pieces }</label>
                <select id="pieces" ~selectedIndex={index.unwrap_or_default()} disabled={running.is_some()} {onchange}>
                    { for Split::ALL.into_iter().map(option) }
                </select>
                <span class="note" id="pieces-count" translate="no">{ count_text(split.messages(bytes), texts) }</span>
                { quiet("file-action", text, acting(transfer, action)) }
                if running.is_none() {
                    { quiet("file-away", texts.put_away, acting(transfer, TransferHandle::put_away)) }
                }
            </div>
            if let Some(look) = running {
                <div class="line">
                    { progress("file-progress", texts.progress, fixed(look.transfer.fraction(look.buffered), 3), AttrValue::Static("1")) }
                    <span id="file-figures" translate="no">{ figures(look, texts) }</span>
                </div>
            }
            <p id="file-status" role="status">
                if all_handed {
                    { texts.handed }
                } else if let Stage::Ended(end) = stage {
                    { end_text(end, bytes, texts) }
                }
            </p>
        </div>
    }
}

fn split_text(split: Split, texts: &ComposerTexts) -> String {
    match split {
        Split::Whole => texts.whole.to_owned(),
        Split::Pieces(bytes) => fill(texts.in_pieces, &[("size", &amount(to_float(bytes)))]),
    }
}

fn count_text(messages: u64, texts: &ComposerTexts) -> String {
    plural(texts.messages, usize::try_from(messages).unwrap_or(usize::MAX))
}

fn figures(progress: &Progress, texts: &ComposerTexts) -> String {
    let Progress { transfer, buffered, now } = progress;
    let (out, all) = (amount(transfer.out(*buffered)), amount(to_float(transfer.bytes)));
    let out = fill(texts.out_of, &[("out", &out), ("all", &all)]);
    match transfer.rate(*now, *buffered) {
        Some(rate) => format!("{out} · {}", fill(texts.a_second, &[("size", &amount(rate))])),
        None => out,
    }
}

fn end_text(end: &End, bytes: u64, texts: &ComposerTexts) -> String {
    match end {
        End::Sent(ms) => {
            fill(texts.file_sent, &[("size", &amount(to_float(bytes))), ("time", &short_time(*ms))])
        }
        End::Cancelled(out) => fill(texts.file_cancelled, &[("size", &amount(*out))]),
        End::Cut(out) => fill(texts.file_cut, &[("size", &amount(*out))]),
        End::Unreadable(Unreadable::TooBig) => texts.file_too_big.to_owned(),
        End::Unreadable(Unreadable::Refused(reason)) => fill(texts.file_unreadable, &[("reason", reason)]),
    }
}

/// True if files are dragged, except over a file input, which handles them itself.
fn has_files(event: &DragEvent) -> bool {
    let is_field = event.target().is_some_and(|target| target.has_type::<HtmlInputElement>());
    !is_field && event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Prevents a file that is dropped beside the composer from replacing the page, as long as the listeners exist.
fn guard() -> Option<[EventListener; 2]> {
    let window = web_sys::window()?;
    let prevent = |event: &Event| {
        if event.dyn_ref::<DragEvent>().is_some_and(has_files) {
            event.prevent_default();
        }
    };
    let options = EventListenerOptions::enable_prevent_default();
    Some(["dragover", "drop"].map(|kind| EventListener::new_with_options(&window, kind, options, prevent)))
}
