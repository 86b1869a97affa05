//! Automatic reconnection when the connection is lost: its setting, its countdown, and the reason if there is none.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use super::model::backoff::{Backoff, Reconnect, Stage, Waiting};
use super::model::event::ConnectionEvent;
use super::model::phase::Phase;
use crate::browser::page;
use crate::browser::storage::{Change, StoredHandle, use_stored};
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::session::use_session::{Callbacks, SessionHandle};
use crate::texts::fill;
use crate::ui::controls::{acting, check, handling, quiet};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, PartialEq, Properties)]
pub struct ReconnectHandle {
    on: bool,
    stage: Stage,
    state: Live<Reconnecting>,
    change: Callback<Change<Reconnect>>,
    can: Rc<Callbacks>,
}

#[derive(Default)]
struct Reconnecting {
    stage: Stage,
    backoff: Backoff,
}

/// Reconnects while the setting is on. The decision is made when a connection ends: turning the setting on afterwards does not
/// reconnect.
#[hook]
pub fn use_reconnect(session: &SessionHandle) -> ReconnectHandle {
    let StoredHandle { value: Reconnect { on }, change, .. } = use_stored("reconnect");
    let state = use_live(Reconnecting::default);
    let stage = state.borrow().stage;
    let handle = ReconnectHandle { on, stage, state, change, can: session.can.clone() };

    use_effect_with(session.state.phase.clone(), {
        let handle = handle.clone();
        move |phase| handle.follow(phase)
    });
    // A change of the URL stops the attempts, because the user wants another connection.
    use_effect_with(session.state.url.clone(), {
        let handle = handle.clone();
        move |_| handle.rest()
    });
    use_effect_with(stage.waiting(), {
        let handle = handle.clone();
        move |waiting| {
            let timer = waiting.map(|waiting| Timeout::new(waiting.next_ms(), move || handle.count(waiting)));
            move || drop(timer)
        }
    });
    handle
}

impl ReconnectHandle {
    fn show(&self, stage: Stage) {
        if stage != self.stage() {
            self.state.change(|state| state.stage = stage);
        }
    }

    /// Returns the present stage, which may be later than the rendered one.
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
            Phase::Closed(closed) if self.on => {
                let (now, chance) = (page::now(), js_sys::Math::random());
                let next = self.state.update(|state| state.backoff.ended(closed, now, chance));
                match next {
                    Stage::Waiting(next) => self.can.note.emit(ConnectionEvent::Reconnecting(next.wait)),
                    Stage::Halted(halt) => self.can.note.emit(ConnectionEvent::NotReconnecting(halt)),
                    Stage::Resting | Stage::Trying(_) => {}
                }
                self.show(next);
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
        match waiting.seconds() {
            0 => self.attempt(waiting.wait.attempt),
            _ => self.show(Stage::Waiting(waiting)),
        }
    }

    fn now(&self) {
        if let Some(waiting) = self.stage().waiting() {
            self.attempt(waiting.wait.attempt);
        }
    }

    /// Stops the attempts, until another connection is lost.
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

#[component]
pub fn ReconnectField(reconnect: &ReconnectHandle) -> Html {
    let texts = &use_texts().links;
    let set = handling(reconnect, ReconnectHandle::set);
    translatable(check("reconnect", texts.reconnect, texts.reconnect_note, (reconnect.on, false), &set))
}

/// The countdown to the next attempt, or the reason if there is none. Screen readers announce it once per attempt, and not every
/// second.
#[component]
pub fn Countdown(reconnect: &ReconnectHandle) -> Html {
    let texts = use_texts();
    let announced = match reconnect.stage {
        Stage::Waiting(Waiting { wait, .. }) => wait.text(wait.delay_ms.div_ceil(1_000), texts),
        Stage::Halted(halt) => halt.text(texts),
        Stage::Resting | Stage::Trying(_) => String::new(),
    };
    let shown = match reconnect.stage {
        Stage::Waiting(waiting) => Some(waiting.wait.text(waiting.seconds(), texts)),
        Stage::Trying(attempt) => Some(fill(texts.links.reconnecting, &[("attempt", &attempt.to_string())])),
        Stage::Resting | Stage::Halted(_) => None,
    };
    let is_waiting = matches!(reconnect.stage, Stage::Waiting(_));
    // The focused button is about to disappear, so the focus moves to the connect link, which stays.
    let row = use_node_ref();
    let takes_focus_along = shown.is_none() && row.cast::<Element>().is_some_and(|row| page::has_focus(&row));
    use_effect_with(takes_focus_along, |takes_focus_along| {
        if *takes_focus_along {
            page::focus("connect");
        }
    });

    translatable(html! {
        <>
            if let Some(shown) = shown {
                <p id="reconnecting" ref={row}>
                    <span>{ shown }</span>
                    <button
                        id="reconnect-now"
                        type="button"
                        class="quiet"
                        aria-disabled={(!is_waiting).then_some("true")}
                        onclick={acting(reconnect, ReconnectHandle::now)}
                    >
                        { texts.links.now }
                    </button>
                    { quiet("stop-reconnect", texts.links.stop, acting(reconnect, ReconnectHandle::stop)) }
                </p>
            }
            // The reason for a halt is visible here; a countdown is visible above, and here only announced.
            <p id="reconnect-news" role="status" class="facts" data-unseen={(!matches!(reconnect.stage, Stage::Halted(_))).then_some("")}>{ announced }</p>
        </>
    })
}
