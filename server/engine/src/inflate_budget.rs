//! The limit on inflating before others have their turn.

/// The output between two questions whether to go on, in bytes or as much work. It takes 10 to 50 us, and in the worst
/// case that is known (blocks without data, each with codes of its own) 250 us.
pub const SLICE: usize = 128 * 1024;

/// The work that a byte of input may be, in bytes of output.
pub(super) const INPUT: usize = 64;

/// Says when to stop inflating. The engine has no clock; whoever calls it may have one.
pub struct InflateBudget<'a> {
    slice: usize,
    left: usize,
    is_used_up: bool,
    is_enough: &'a mut dyn FnMut() -> bool,
}

impl<'a> InflateBudget<'a> {
    /// Asks `is_enough` behind each slice of so many bytes of output, or as much work. It stops at the first yes.
    pub fn new(slice: usize, is_enough: &'a mut dyn FnMut() -> bool) -> Self {
        let slice = slice.max(1);
        Self { slice, left: slice, is_used_up: false, is_enough }
    }

    /// True if no more may be inflated now.
    pub(super) const fn is_used_up(&self) -> bool {
        self.is_used_up
    }

    /// Gives the work that is left in this slice; at least 1.
    pub(super) const fn left(&self) -> usize {
        self.left
    }

    /// Takes note of work that was done.
    pub(super) fn spend(&mut self, work: usize) {
        self.left = self.left.saturating_sub(work);
        if self.left == 0 {
            self.left = self.slice;
            self.is_used_up = self.is_used_up || (self.is_enough)();
        }
    }
}
