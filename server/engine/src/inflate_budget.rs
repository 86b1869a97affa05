//! Limit on inflating in one call, so that other connections have their turn.

/// Length of a slice for [`InflateBudget::new`], in bytes of output or as much work. Inflating a slice takes 10 to 50 us, and 250
/// us in the worst known case (blocks without data, each with dynamic Huffman codes).
pub const SLICE: usize = 128 * 1024;

/// Cost of a byte of input, in bytes of output.
pub(super) const INPUT_COST: usize = 64;

/// Limit of the work of one call. The engine has no clock, so a function of the caller decides when it is used up.
pub struct InflateBudget<'a> {
    slice: usize,
    left: usize,
    is_used_up: bool,
    is_enough: &'a mut dyn FnMut() -> bool,
}

impl<'a> InflateBudget<'a> {
    /// A budget that calls `is_enough` after each `slice` bytes of output, or as much work. It is used up when that returns true.
    pub fn new(slice: usize, is_enough: &'a mut dyn FnMut() -> bool) -> Self {
        let slice = slice.max(1);
        Self { slice, left: slice, is_used_up: false, is_enough }
    }

    /// True if no more may be inflated now.
    pub(super) const fn is_used_up(&self) -> bool {
        self.is_used_up
    }

    /// Returns the work that is left in this slice, in bytes of output; at least 1.
    pub(super) const fn left(&self) -> usize {
        self.left
    }

    /// Counts work that was done, in bytes of output.
    pub(super) fn spend(&mut self, work: usize) {
        self.left = self.left.saturating_sub(work);
        if self.left == 0 {
            self.left = self.slice;
            self.is_used_up = self.is_used_up || (self.is_enough)();
        }
    }
}
