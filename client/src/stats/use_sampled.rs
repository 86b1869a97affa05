//! Refresh timing for stats that change all the time.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::model::VersionedStats;
use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};

/// Minimum interval between two refreshes, in milliseconds. Numbers that change faster cannot be read.
const INTERVAL_MS: u32 = 250;

/// Time of the last refresh, in milliseconds since 1970, and the timer of the next one.
type Refresh = (f64, Option<Timeout>);

/// Returns the time of the last refresh, in milliseconds since 1970. No timer runs once the rate has fallen to zero.
#[hook]
pub(super) fn use_sampled(stats: &VersionedStats) -> f64 {
    let refresh = use_live(|| (page::time(), None));

    use_effect_with((), {
        let refresh = refresh.clone();
        move |()| move || drop(refresh.update(|(_, timer)| timer.take()))
    });

    use_effect_with(stats.clone(), {
        let refresh = refresh.clone();
        move |stats| {
            // If a timer is running, another refresh is due anyway.
            if refresh.borrow().1.is_none() {
                sample(&refresh, stats);
            }
        }
    });
    refresh.borrow().0
}

/// Refreshes now and after the interval, and repeats this while the display changes with time alone.
fn sample(refresh: &Live<Refresh>, stats: &VersionedStats) {
    let again = {
        let (refresh, stats) = (refresh.clone(), stats.clone());
        move || {
            if stats.borrow().is_live(page::time()) {
                sample(&refresh, &stats);
            } else {
                refresh.change(|refresh| *refresh = (page::time(), None));
            }
        }
    };
    refresh.change(|refresh| *refresh = (page::time(), Some(Timeout::new(INTERVAL_MS, again))));
}
