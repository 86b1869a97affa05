//! Component state that callbacks and tasks read and change at any time, unlike a snapshot taken at a render.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use yew::prelude::*;

/// The state of a component, which clones share. No method calls out while the state is borrowed, so callbacks may use it too.
pub struct Live<T> {
    value: Rc<RefCell<T>>,
    component: UseForceUpdateHandle,
}

impl<T> Live<T> {
    /// Borrows the state for reading. The borrow must end before anything is called that may change the state.
    pub fn borrow(&self) -> Ref<'_, T> {
        self.value.borrow()
    }

    /// Changes the state, and renders the component.
    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = self.update(change);
        self.render();
        result
    }

    /// Returns a callback that changes the state.
    pub fn callback<E>(&self, change: impl Fn(&mut T, E) + 'static) -> Callback<E>
    where
        T: 'static,
    {
        let state = self.clone();
        Callback::from(move |event| state.change(|value| change(value, event)))
    }

    /// Changes the state without a render.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        change(&mut self.value.borrow_mut())
    }

    /// Renders the component with the current state.
    pub fn render(&self) {
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

#[hook]
pub fn use_live<T: 'static, F: FnOnce() -> T>(first: F) -> Live<T> {
    Live { value: use_mut_ref(first), component: use_force_update() }
}
