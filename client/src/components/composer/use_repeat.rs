//! A message sent again and again.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::use_end::use_end;
use super::use_task::use_task;
use crate::page;
use crate::state::message::Body;
use crate::state::repeat::{BURST, Plan, Run};

/// How often progress is told, in milliseconds.
const TELL_MS: f64 = 100.0;

/// For how long one turn may send, in milliseconds.
const TURN_MS: f64 = 8.0;

/// What goes on, or what came of it.
#[derive(Debug, Clone, PartialEq)]
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

/// The repetition, and what can be done with it.
pub struct RepeatHandle {
    /// How far it is; none before the first.
    pub look: Option<Look>,
    /// Begins.
    pub start: Callback<(Plan, Body)>,
    /// Stops.
    pub stop: Callback<()>,
}

type Latest = Rc<RefCell<Option<Run>>>;

/// The repetition of the composer.
#[hook]
pub fn use_repeat(outgoing: &Outgoing) -> RepeatHandle {
    let look = use_state_eq(|| None::<Look>);
    let latest: Latest = use_mut_ref(|| None);
    let task = use_task();

    let end = {
        let (look, latest, task) = (look.clone(), latest.clone(), task.clone());
        Callback::from(move |end| {
            if let Some(run) = latest.take() {
                task.stop();
                look.set(Some(Look { run, now: page::now(), end: Some(end) }));
            }
        })
    };
    use_end(outgoing.is_open, end.reform(|()| End::Cut));
    let start = {
        let (outgoing, look) = (outgoing.clone(), look.clone());
        Callback::from(move |(plan, body)| {
            let look = look.clone();
            let tell = Callback::from(move |now| look.set(now));
            task.start(go(plan, body, outgoing.clone(), latest.clone(), tell));
        })
    };
    RepeatHandle { look: (*look).clone(), start, stop: end.reform(|()| End::Stopped) }
}

async fn go(plan: Plan, body: Body, outgoing: Outgoing, latest: Latest, tell: Callback<Option<Look>>) {
    let mut run = Run::new(plan, page::now());
    let mut told = f64::MIN;
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
        latest.replace(Some(run.clone()));
        if was_refused {
            break End::Cut;
        }
        if run.is_done() {
            break End::Done;
        }
        let now = page::now();
        if now - told >= TELL_MS {
            told = now;
            tell.emit(Some(Look { run: run.clone(), now, end: None }));
        }
        // At most an hour.
        TimeoutFuture::new(run.wait(now, outgoing.buffered.emit(())) as u32).await;
    };
    latest.take();
    // Of what was refused at once, a notice says all.
    tell.emit((run.sent() > 0).then(|| Look { run, now: page::now(), end: Some(end) }));
}
