//! Refresh timing for stats that change all the time.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::model::VersionedStats;
use crate::browser::page;

/// Minimum interval between two refreshes, in milliseconds. Numbers that change faster cannot be read.
const INTERVAL_MS: u32 = 250;

/// Returns the time of the last refresh, in milliseconds since 1970. Refreshes happen at most four times a second. No timer runs
/// when there is no traffic and the rate has fallen to zero.
#[hook]
pub(super) fn use_sampled(stats: &VersionedStats) -> f64 {
    let at_ms = use_state(page::time);
    let timer = use_mut_ref(|| None::<Timeout>);

    use_effect_with((), {
        let timer = timer.clone();
        move |()| move || drop(timer.take())
    });

    use_effect_with(stats.clone(), {
        let at_ms = at_ms.setter();
        move |stats| {
            // If a timer is running, another refresh is due anyway.
            if timer.borrow().is_none() {
                look(&at_ms, stats, &timer);
            }
        }
    });
    *at_ms
}

/// Refreshes now and after the interval, and repeats this while the display changes with time alone.
fn look(at_ms: &UseStateSetter<f64>, stats: &VersionedStats, timer: &Rc<RefCell<Option<Timeout>>>) {
    at_ms.set(page::time());
    let again = {
        let (at_ms, stats, timer) = (at_ms.clone(), stats.clone(), timer.clone());
        move || {
            if stats.borrow().is_live(page::time()) {
                look(&at_ms, &stats, &timer);
            } else {
                timer.take();
                at_ms.set(page::time());
            }
        }
    };
    timer.replace(Some(Timeout::new(INTERVAL_MS, again)));
}
