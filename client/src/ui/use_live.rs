//! Component state that background work can read and change at any time, unlike a snapshot taken at a render.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use yew::prelude::*;

/// The state of a component. Clones refer to the same state.
pub struct Live<T> {
    value: Rc<RefCell<T>>,
    component: UseForceUpdateHandle,
}

impl<T> Live<T> {
    /// Borrows the state for reading.
    pub fn borrow(&self) -> Ref<'_, T> {
        self.value.borrow()
    }

    /// Borrows the state for a change, which [`Self::show`] renders.
    pub fn borrow_mut(&self) -> RefMut<'_, T> {
        self.value.borrow_mut()
    }

    /// Renders the component with the current state.
    pub fn show(&self) {
        self.component.force_update();
    }
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), component: self.component.clone() }
    }
}

impl<T> PartialEq for Live<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.value, &other.value)
    }
}

/// Creates the state of this component.
#[hook]
pub fn use_live<T: 'static>(first: fn() -> T) -> Live<T> {
    Live { value: use_mut_ref(first), component: use_force_update() }
}
