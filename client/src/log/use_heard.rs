//! The announcement of received messages for screen readers, apart from the visible count, which changes all the time.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::model::announcer::{Announcer, EVERY_MS};
use super::model::log::VersionedLog;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::texts::{LogTexts, plural};

#[derive(Default)]
struct Heard {
    announcer: Announcer,
    /// Number of the announcement, and of its messages.
    last: Option<(u32, usize)>,
    /// Runs until the next announcement may be made.
    resting: Option<Timeout>,
}

/// Returns the live region. Each announcement is a new node, so it is heard even if its text is the same as before.
#[hook]
pub fn use_heard(log: &VersionedLog, texts: &LogTexts) -> Html {
    let heard = use_live(Heard::default);
    use_effect_with(log.clone(), {
        let heard = heard.clone();
        move |log| {
            if heard.borrow().resting.is_none() {
                look(&heard, log);
            }
        }
    });
    let last = heard.borrow().last;
    html! {
        <p id="heard" class="unseen" role="status">
            { for last.map(|(number, new)| html! { <span key={number}>{ plural(texts.heard, new) }</span> }) }
        </p>
    }
}

fn look(heard: &Live<Heard>, log: &VersionedLog) {
    let (generation, received) = (log.borrow().generation(), log.borrow().counts().received);
    let new = heard.update(|state| state.announcer.look(generation, received));
    if let Some(new) = new {
        heard.change(|state| state.last = Some((state.last.map_or(0, |(number, _)| number + 1), new)));
    }
    let is_behind = new.is_some() || heard.borrow().announcer.is_behind(received);
    let (again, log) = (heard.clone(), log.clone());
    let timer = is_behind.then(|| Timeout::new(EVERY_MS, move || look(&again, &log)));
    heard.update(|state| state.resting = timer);
}
