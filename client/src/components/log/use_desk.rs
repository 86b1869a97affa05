//! What the reader has done with the list: filtered it, held it still, gone to a message, opened one.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use crate::state::filter::Filter;
use crate::state::message::Entry;

/// What the reader has done with the list.
#[derive(Default)]
pub struct Desk {
    /// What the list is filtered by.
    pub filter: Filter,
    /// The first message that is not shown, as long as the list is held still.
    pub paused_at: Option<u64>,
    /// The message that the cursor is on.
    pub current: Option<u64>,
    /// The message that is shown whole.
    pub open: Option<Entry>,
}

/// A desk, and the way to show what has changed on it.
#[derive(Clone)]
pub struct DeskHandle {
    desk: Rc<RefCell<Desk>>,
    update: UseForceUpdateHandle,
}

impl DeskHandle {
    /// The desk, to look at.
    pub fn borrow(&self) -> Ref<'_, Desk> {
        self.desk.borrow()
    }

    /// Changes the desk, and shows that.
    pub fn change(&self, change: impl FnOnce(&mut Desk)) {
        change(&mut self.desk.borrow_mut());
        self.update.force_update();
    }

    /// The messages are others now; the filter stays.
    pub fn clear(&self) {
        self.change(|desk| *desk = Desk { filter: std::mem::take(&mut desk.filter), ..Desk::default() });
    }
}

/// A desk on which nothing was done yet.
#[hook]
pub fn use_desk() -> DeskHandle {
    DeskHandle { desk: use_mut_ref(Desk::default), update: use_force_update() }
}
