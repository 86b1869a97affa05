//! State that what goes on reads and changes as it is now, and not as it was when it was shown.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use yew::prelude::*;

/// The state of a component. A clone is the same.
pub struct Live<T> {
    value: Rc<RefCell<T>>,
    component: UseForceUpdateHandle,
}

impl<T> Live<T> {
    /// The state, to look at.
    pub fn borrow(&self) -> Ref<'_, T> {
        self.value.borrow()
    }

    /// The state, to be changed. [`Self::show`] shows it.
    pub fn borrow_mut(&self) -> RefMut<'_, T> {
        self.value.borrow_mut()
    }

    /// Shows it as it is now.
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

/// The state of this component.
#[hook]
pub fn use_live<T: 'static>(first: fn() -> T) -> Live<T> {
    Live { value: use_mut_ref(first), component: use_force_update() }
}
