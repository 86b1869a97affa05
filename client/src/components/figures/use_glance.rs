//! When to look at figures that change all the time.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::page;
use crate::state::figures::SharedFigures;

/// The least time between two looks, in milliseconds: as often as numbers can be read.
const INTERVAL_MS: u32 = 250;

/// The time, in milliseconds since 1970, at which the figures were last looked at, which is at most four times a second. When
/// nothing is sent or received and the rate has fallen to zero, no timer runs.
#[hook]
pub(super) fn use_glance(figures: &SharedFigures) -> f64 {
    let at_ms = use_state(page::time);
    let timer = use_mut_ref(|| None::<Timeout>);

    use_effect_with((), {
        let timer = timer.clone();
        move |()| move || drop(timer.take())
    });

    use_effect_with(figures.clone(), {
        let at_ms = at_ms.setter();
        move |figures| {
            // With a timer running, another look is due anyway.
            if timer.borrow().is_none() {
                look(&at_ms, figures, &timer);
            }
        }
    });
    *at_ms
}

/// Looks now, and once more after the interval; then again for as long as time alone changes something.
fn look(at_ms: &UseStateSetter<f64>, figures: &SharedFigures, timer: &Rc<RefCell<Option<Timeout>>>) {
    at_ms.set(page::time());
    let again = {
        let (at_ms, figures, timer) = (at_ms.clone(), figures.clone(), timer.clone());
        move || {
            if figures.borrow().is_live(page::time()) {
                look(&at_ms, &figures, &timer);
            } else {
                timer.take();
                at_ms.set(page::time());
            }
        }
    };
    timer.replace(Some(Timeout::new(INTERVAL_MS, again)));
}
