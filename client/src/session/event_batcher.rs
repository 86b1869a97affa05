//! Batching of a socket's events.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::Callback;

use super::model::batch::{Batcher, pause_after};
use super::model::port::Report;
use crate::browser::page;

/// Minimum interval between two batches, in milliseconds: one frame of a display.
///
/// A timer and not an animation frame, because a hidden page gets no animation frames.
const INTERVAL_MS: u32 = 16;

/// Collects events and passes them on in order, in at most one batch per interval.
///
/// Dropping it discards the events that have not been passed on.
pub(crate) struct EventBatcher {
    batcher: RefCell<Batcher<Report>>,
    timer: RefCell<Option<Timeout>>,
    receiver: Callback<Vec<Report>>,
}

impl EventBatcher {
    pub(crate) fn new(receiver: Callback<Vec<Report>>) -> Rc<Self> {
        Rc::new(Self { batcher: RefCell::default(), timer: RefCell::default(), receiver })
    }

    pub(crate) fn put(self: &Rc<Self>, event: Report) {
        let batch = self.batcher.borrow_mut().push(event);
        self.hand_on(batch);
    }

    fn hand_on(self: &Rc<Self>, batch: Option<Vec<Report>>) {
        let Some(batch) = batch else { return };
        let due = page::now() + f64::from(INTERVAL_MS);
        self.after(INTERVAL_MS, move |batcher| match pause_after(page::now() - due) {
            Some(pause) => batcher.after(pause, Self::next),
            None => batcher.next(),
        });
        self.receiver.emit(batch);
    }

    fn next(self: &Rc<Self>) {
        let batch = self.batcher.borrow_mut().elapsed();
        self.hand_on(batch);
    }

    fn after(self: &Rc<Self>, milliseconds: u32, then: impl FnOnce(&Rc<Self>) + 'static) {
        let batcher = Rc::downgrade(self);
        let timer = Timeout::new(milliseconds, move || {
            if let Some(batcher) = batcher.upgrade() {
                then(&batcher);
            }
        });
        self.timer.replace(Some(timer));
    }
}
