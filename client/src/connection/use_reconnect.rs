//! Automatic reconnection when the connection is lost.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::model::backoff::{Backoff, Countdown, End, Halt, Reconnect, Stage, Waiting};
use super::model::event::ConnectionEvent;
use super::model::phase::Phase;
use crate::browser::page;
use crate::browser::storage::{Change, StoredHandle, use_stored};
use crate::browser::use_live::{Live, use_live};
use crate::session::use_session::{Callbacks, SessionHandle};
use crate::ui::controls::{acting, handling};

/// Setting, stage and actions of the reconnection.
pub struct ReconnectHandle {
    /// True if automatic reconnection is on.
    pub on: bool,
    /// Changes the setting.
    pub set: Callback<bool>,
    /// Stage of the reconnection.
    pub stage: Stage,
    /// Skips the delay.
    pub now: Callback<()>,
    /// Stops the attempts, until another connection is lost.
    pub stop: Callback<()>,
}

/// Reconnects while the setting is on. The decision is made when a connection ends: turning the setting on afterwards does not
/// reconnect.
#[hook]
pub fn use_reconnect(session: &SessionHandle) -> ReconnectHandle {
    let StoredHandle { value: Reconnect { on }, change, .. } = use_stored("reconnect");
    let state = use_live(Reconnecting::default);
    let made = use_memo((), |()| {
        let actor = Rc::new(Actor { state: state.clone(), change, can: session.can.clone() });
        let set = handling(&actor, |actor, is_on| actor.set(is_on));
        let callbacks = (set, acting(&actor, |actor| actor.now()), acting(&actor, |actor| actor.stop()));
        (actor, callbacks)
    });
    let (actor, (set, now, stop)) = &*made;
    state.update(|state| state.on = on);
    let stage = actor.stage();

    use_effect_with(session.state.phase.clone(), {
        let actor = actor.clone();
        move |phase| actor.follow(phase)
    });
    // A change of the URL stops the attempts, because the user wants another connection.
    use_effect_with(session.state.url.clone(), {
        let actor = actor.clone();
        move |_| actor.rest()
    });
    use_effect_with(stage.waiting(), {
        let actor = actor.clone();
        move |waiting| {
            let timer = waiting
                .map(|waiting| Timeout::new(waiting.countdown().next_ms, move || actor.count(waiting)));
            move || drop(timer)
        }
    });

    ReconnectHandle { on, set: set.clone(), stage, now: now.clone(), stop: stop.clone() }
}

/// State of the reconnection.
#[derive(Default)]
struct Reconnecting {
    /// Setting at the last render.
    on: bool,
    stage: Stage,
    backoff: Backoff,
}

/// State and actions of the reconnection.
struct Actor {
    state: Live<Reconnecting>,
    change: Callback<Change<Reconnect>>,
    can: Rc<Callbacks>,
}

impl Actor {
    fn show(&self, stage: Stage) {
        if stage != self.stage() {
            self.state.change(|state| state.stage = stage);
        }
    }

    fn stage(&self) -> Stage {
        self.state.borrow().stage
    }

    fn rest(&self) {
        self.state.update(|state| state.backoff.stop());
        self.show(Stage::Resting);
    }

    fn follow(&self, phase: &Phase) {
        match phase {
            Phase::Connecting if matches!(self.stage(), Stage::Trying(_)) => {}
            Phase::Closed(closed) if self.state.borrow().on => {
                let end = End { code: closed.code, open_ms: closed.open_ms, asked: closed.asked };
                let next = self.state.update(|state| state.backoff.ended(&end, js_sys::Math::random()));
                match next {
                    Ok(wait) => self.can.note.emit(ConnectionEvent::Reconnecting(wait)),
                    // The user knows the reason.
                    Err(Halt::Asked) => {}
                    Err(halt) => self.can.note.emit(ConnectionEvent::NotReconnecting(halt)),
                }
                self.show(Stage::after(next, page::now()));
            }
            Phase::Open(_) | Phase::Closing { .. } => self.show(Stage::Resting),
            // The user connects by hand.
            Phase::Idle | Phase::Connecting | Phase::Closed(_) => self.rest(),
        }
    }

    fn attempt(&self, attempt: u32) {
        let has_begun = self.can.connect_again.emit(());
        self.show(if has_begun { Stage::Trying(attempt) } else { Stage::Resting });
    }

    /// Advances the countdown.
    fn count(&self, waiting: Waiting) {
        let waiting = Waiting { now_ms: page::now(), ..waiting };
        match waiting.countdown() {
            Countdown { seconds: 0, .. } => self.attempt(waiting.wait.attempt),
            _ => self.show(Stage::Waiting(waiting)),
        }
    }

    fn now(&self) {
        if let Some(waiting) = self.stage().waiting() {
            self.attempt(waiting.wait.attempt);
        }
    }

    fn stop(&self) {
        let is_trying = matches!(self.stage(), Stage::Trying(_));
        self.rest();
        if is_trying {
            self.can.toggle.emit(());
        }
    }

    fn set(&self, is_on: bool) {
        self.change.emit(Box::new(move |setting| setting.on = is_on));
        if !is_on {
            self.rest();
        }
    }
}
