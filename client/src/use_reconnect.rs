//! Connects again by itself when the connection is lost.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::session::SessionHandle;
use crate::state::backoff::{self, Backoff, Countdown, End, Stage, Waiting};
use crate::state::phase::Phase;
use crate::{page, storage};

const NAME: &str = "reconnect";

/// What the page does about lost connections.
pub struct ReconnectHandle {
    /// Whether it connects again.
    pub on: bool,
    /// Sets that.
    pub set: Callback<bool>,
    /// What it is about to do.
    pub stage: Stage,
    /// Does it now.
    pub now: Callback<()>,
    /// Stops it, until a connection is lost again.
    pub stop: Callback<()>,
}

/// Connects again, as long as it is on. What an end leads to is decided when it comes: to turn it on later connects to nothing.
#[hook]
pub fn use_reconnect(session: &SessionHandle) -> ReconnectHandle {
    let on = use_state_eq(|| storage::read(NAME).is_some_and(|stored| backoff::parse_on(&stored)));
    let stage = use_state_eq(Stage::default);
    let backoff = use_mut_ref(Backoff::default);
    let state = &session.state;

    use_effect_with(state.phase.clone(), {
        let (on, stage, backoff) = (*on, stage.clone(), backoff.clone());
        move |phase| match phase {
            Phase::Connecting if matches!(*stage, Stage::Trying(_)) => {}
            Phase::Closed(closed) if on => {
                let end = End { code: closed.code, open_ms: closed.open_ms, asked: closed.asked };
                let next = backoff.borrow_mut().ended(&end, js_sys::Math::random());
                stage.set(Stage::after(next, page::now()));
            }
            Phase::Open(_) | Phase::Closing { .. } => stage.set(Stage::Resting),
            // The reader connects by hand.
            Phase::Idle | Phase::Connecting | Phase::Closed(_) => {
                backoff.borrow_mut().stop();
                stage.set(Stage::Resting);
            }
        }
    });

    let rest = use_callback(stage.setter(), {
        let backoff = backoff.clone();
        move |(), stage| {
            backoff.borrow_mut().stop();
            stage.set(Stage::Resting);
        }
    });

    // Who edits the URL wants to go elsewhere.
    use_effect_with(state.url.clone(), {
        let rest = rest.clone();
        move |_| rest.emit(())
    });

    let attempt = use_callback(
        (stage.setter(), session.can.connect_to.clone(), state.endpoint.clone()),
        |attempt: u32, (stage, connect_to, endpoint)| {
            let has_begun = connect_to.emit(endpoint.clone());
            stage.set(if has_begun { Stage::Trying(attempt) } else { Stage::Resting });
        },
    );

    let waiting = stage.waiting();
    use_effect_with(waiting, {
        let (stage, attempt) = (stage.setter(), attempt.clone());
        move |waiting| {
            let timer = waiting.map(|waiting: Waiting| {
                Timeout::new(waiting.countdown().next_ms, move || {
                    let waiting = Waiting { now_ms: page::now(), ..waiting };
                    match waiting.countdown() {
                        Countdown { seconds: 0, .. } => attempt.emit(waiting.wait.attempt),
                        _ => stage.set(Stage::Waiting(waiting)),
                    }
                })
            });
            move || drop(timer)
        }
    });

    let now = use_callback((waiting, attempt), |(), (waiting, attempt)| {
        waiting.iter().for_each(|waiting| attempt.emit(waiting.wait.attempt));
    });

    let stop = use_callback(
        (matches!(*stage, Stage::Trying(_)), rest.clone(), session.can.toggle.clone()),
        |(), (is_trying, rest, toggle)| {
            rest.emit(());
            if *is_trying {
                toggle.emit(());
            }
        },
    );

    let set = use_callback((on.setter(), rest), |is_on: bool, (on, rest)| {
        storage::write(NAME, &backoff::on_to_json(is_on));
        on.set(is_on);
        if !is_on {
            rest.emit(());
        }
    });

    ReconnectHandle { on: *on, set, stage: *stage, now, stop }
}
