//! A message sent again and again.

use gloo_timers::future::TimeoutFuture;
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::task::Task;
use super::use_field::Field;
use super::use_history::HistoryHandle;
use super::use_live::{Live, use_live};
use crate::page;
use crate::state::message::Body;
use crate::state::repeat::{BURST, Plan, RepeatProblem, Run};

/// How often progress is told, in milliseconds.
const TELL_MS: f64 = 100.0;

/// For how long one turn may send, in milliseconds.
const TURN_MS: f64 = 8.0;

/// What goes on, or what came of it.
#[derive(Debug)]
pub struct Look {
    /// What was sent.
    pub run: Run,
    /// When, in milliseconds.
    pub now: f64,
    /// How it ended; none while it goes on.
    pub end: Option<End>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All are sent.
    Done,
    /// Its reader stopped it.
    Stopped,
    /// The connection ended.
    Cut,
}

/// What is to be repeated how, and how far it is.
pub struct Repeating {
    /// How often, as it was typed.
    pub times: AttrValue,
    /// How fast, as it was typed.
    pub every: AttrValue,
    /// What is wrong with that.
    pub problem: Option<RepeatProblem>,
    /// How far it is; none before the first.
    pub look: Option<Look>,
    task: Task,
}

/// The repetition, and what can be done with it.
#[derive(Clone)]
pub struct RepeatHandle {
    /// What there is to show.
    pub state: Live<Repeating>,
    outgoing: Outgoing,
    field: Field,
    history: HistoryHandle,
}

/// The repetition of the composer.
#[hook]
pub fn use_repeat(outgoing: &Outgoing, field: &Field, history: &HistoryHandle) -> RepeatHandle {
    let state = use_live(|| Repeating {
        times: AttrValue::Static("10"),
        every: AttrValue::Static("100"),
        problem: None,
        look: None,
        task: Task::default(),
    });
    let (field, history) = (field.clone(), history.clone());
    RepeatHandle { state, outgoing: outgoing.clone(), field, history }
}

impl Repeating {
    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        self.look.as_ref().is_some_and(|look| look.end.is_none())
    }
}

impl RepeatHandle {
    /// Begins, unless it goes on already.
    pub fn start(&self) {
        let mut state = self.state.borrow_mut();
        if state.is_running() {
            return;
        }
        let plan = Plan::parse(&state.times, &state.every);
        state.problem = plan.err();
        self.state.show();
        // A message that is wrong is told by the field.
        if let Ok(plan) = plan
            && let Some((body, draft)) = self.field.message()
        {
            if self.outgoing.is_open {
                self.history.push(draft);
            }
            state.task.start(go(plan, body, self.outgoing.clone(), self.state.clone()));
        }
    }

    /// Begins or stops.
    pub fn toggle(&self) {
        let is_running = self.state.borrow().is_running();
        if is_running { self.end(End::Stopped) } else { self.start() }
    }

    /// Ends it, if it goes on.
    pub fn end(&self, end: End) {
        let mut state = self.state.borrow_mut();
        if let Some(look) = state.look.as_mut().filter(|look| look.end.is_none()) {
            (look.now, look.end) = (page::now(), Some(end));
            state.task.stop();
            self.state.show();
        }
    }
}

async fn go(plan: Plan, body: Body, outgoing: Outgoing, state: Live<Repeating>) {
    let mut run = Run::new(plan, page::now());
    let mut shown = f64::MIN;
    let end = loop {
        let turn = page::now();
        let mut was_refused = false;
        for _ in 0..BURST {
            let now = page::now();
            if now - turn > TURN_MS || run.due(now, outgoing.buffered.emit(())) == 0 {
                break;
            }
            if !outgoing.send.emit(body.clone()) {
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
        state.borrow_mut().look = Some(Look { run: run.clone(), now, end: None });
        if now - shown >= TELL_MS {
            shown = now;
            state.show();
        }
        // At most an hour.
        TimeoutFuture::new(run.wait(now, outgoing.buffered.emit(())) as u32).await;
    };
    // Of what was refused at once, a notice says all.
    state.borrow_mut().look = (run.sent() > 0).then(|| Look { run, now: page::now(), end: Some(end) });
    state.show();
}
