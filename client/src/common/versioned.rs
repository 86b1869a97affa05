//! Data shared by the successive states of a session, because copying it for every state would take quadratic time.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

/// A shared value with a version, which tells states apart.
#[derive(Debug, Default)]
pub struct Versioned<T> {
    value: Rc<RefCell<T>>,
    version: u64,
}

impl<T> Versioned<T> {
    pub fn borrow(&self) -> Ref<'_, T> {
        self.value.borrow()
    }

    /// Borrows the value for reading. Returns `None` while it is being changed, which never ends if the change panicked.
    pub fn try_borrow(&self) -> Option<Ref<'_, T>> {
        self.value.try_borrow().ok()
    }

    /// Changes the value. All states that share it see the change, but only the version of this one grows.
    pub fn change<U>(&mut self, change: impl FnOnce(&mut T) -> U) -> U {
        self.version += 1;
        change(&mut self.value.borrow_mut())
    }
}

impl<T> Clone for Versioned<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), version: self.version }
    }
}

impl<T> PartialEq for Versioned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && Rc::ptr_eq(&self.value, &other.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_share_one_value_and_differ_by_its_version() {
        let old = Versioned::<u32>::default();
        let mut new = old.clone();
        assert!(new == old);
        assert_eq!(new.change(|value| std::mem::replace(value, 7)), 0);
        assert!(new != old && *old.borrow() == 7 && new.version > old.version);
        assert!(Versioned::<u32>::default() != Versioned::<u32>::default());
    }
}
