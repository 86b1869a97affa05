//! Repeated sending of a message.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use yew::prelude::*;

use super::field::Field;
use super::model::repeat::{BURST, Plan, RepeatProblem, Run};
use super::task::Task;
use crate::browser::page;
use crate::browser::use_live::{Live, use_live};
use crate::connection::model::message::Body;
use crate::session::use_session::Callbacks;

/// Interval between updates of the progress, in milliseconds.
const TELL_MS: f64 = 100.0;

/// Maximum time that a turn may send, in milliseconds.
const TURN_MS: f64 = 8.0;

/// Progress of a repetition, or its result.
#[derive(Debug)]
pub struct Look {
    pub run: Run,
    /// Time of this look, in milliseconds.
    pub now: f64,
    /// Result; `None` while the repetition is in progress.
    pub end: Option<End>,
}

/// Result of a repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All messages were sent.
    Done,
    /// The user stopped it.
    Stopped,
    /// The connection ended.
    Cut,
}

/// Settings and progress of the repetition.
pub struct Repeating {
    /// Text of the field for the number of messages.
    pub times: AttrValue,
    /// Text of the field for the interval.
    pub every: AttrValue,
    /// Fault of the fields.
    pub problem: Option<RepeatProblem>,
    /// Progress; `None` before the first repetition.
    pub look: Option<Look>,
    task: Task,
}

/// The repetition and its actions.
#[derive(Clone)]
pub struct RepeatHandle {
    pub state: Live<Repeating>,
    can: Rc<Callbacks>,
    is_open: bool,
    field: Field,
}

/// Creates the repetition of the composer.
#[hook]
pub fn use_repeat(can: &Rc<Callbacks>, is_open: bool, field: &Field) -> RepeatHandle {
    let state = use_live(|| Repeating {
        times: AttrValue::Static("10"),
        every: AttrValue::Static("100"),
        problem: None,
        look: None,
        task: Task::default(),
    });
    RepeatHandle { state, can: can.clone(), is_open, field: field.clone() }
}

impl Repeating {
    /// True if a repetition is in progress.
    pub fn is_running(&self) -> bool {
        self.look.as_ref().is_some_and(|look| look.end.is_none())
    }
}

impl RepeatHandle {
    /// Starts a repetition, unless one is in progress.
    pub fn start(&self) {
        if self.state.borrow().is_running() {
            return;
        }
        let plan = self.state.change(|state| {
            let plan = Plan::parse(&state.times, &state.every);
            state.problem = plan.err();
            plan
        });
        // The field shows the fault of an invalid message.
        if let Ok(plan) = plan
            && let Some((body, draft)) = self.field.message()
        {
            if self.is_open {
                self.field.sent(draft);
            }
            let work = go(plan, body, self.can.clone(), self.state.clone());
            self.state.update(|state| state.task.start(work));
        }
    }

    /// Starts or stops the repetition.
    pub fn toggle(&self) {
        let is_running = self.state.borrow().is_running();
        if is_running { self.end(End::Stopped) } else { self.start() }
    }

    /// Ends the repetition if it is in progress.
    pub fn end(&self, end: End) {
        if self.state.borrow().is_running() {
            self.state.change(|state| {
                state.look.iter_mut().for_each(|look| (look.now, look.end) = (page::now(), Some(end)));
                state.task.stop();
            });
        }
    }
}

async fn go(plan: Plan, body: Body, can: Rc<Callbacks>, state: Live<Repeating>) {
    let mut run = Run::new(plan, page::now());
    let mut shown = f64::MIN;
    let end = loop {
        let turn = page::now();
        let mut was_refused = false;
        for _ in 0..BURST {
            let now = page::now();
            if now - turn > TURN_MS || run.due(now, can.buffered.emit(())) == 0 {
                break;
            }
            if !can.send.emit(body.clone()) {
                was_refused = true;
                break;
            }
            run.sent_one(now);
        }
        if was_refused {
            break End::Cut;
        }
        if run.is_done() {
            break End::Done;
        }
        let now = page::now();
        state.update(|state| state.look = Some(Look { run: run.clone(), now, end: None }));
        if now - shown >= TELL_MS {
            shown = now;
            state.render();
        }
        // The cast is lossless: the wait is at most an hour.
        TimeoutFuture::new(run.wait(now, can.buffered.emit(())) as u32).await;
    };
    // If the first message was refused, a notice has given the reason, and there is no progress to show.
    state.change(|state| {
        state.look = (run.sent() > 0).then(|| Look { run, now: page::now(), end: Some(end) });
    });
}
