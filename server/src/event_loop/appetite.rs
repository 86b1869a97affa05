//! How much of its worker's time a connection takes.

use crate::event_loop::scheduler::READ;

/// Who takes more than this at a time is heavy, in bytes read.
const MUCH: usize = READ / 2;

/// Who takes less than this at a time is so no longer. Far below the other: a connection that brings long messages in small pieces
/// would be served piece by piece, which costs 15 % more.
const LITTLE: usize = READ / 16;

const UNIT: usize = 1024;

/// What a connection takes from one pause to the next.
#[derive(Debug, Default)]
pub(crate) struct Appetite {
    /// In units of [`UNIT`] bytes: with more room for it, an idle connection would take 5 % more memory.
    taken: u16,
    heavy: bool,
}

impl Appetite {
    /// A turn has cost so much, and the connection has nothing more to do for now, or it has.
    pub(crate) fn after_turn(&mut self, spent: usize, pauses: bool) {
        self.taken = self.taken.saturating_add(u16::try_from(spent.div_ceil(UNIT)).unwrap_or(u16::MAX));
        if pauses {
            let taken = UNIT * usize::from(std::mem::take(&mut self.taken));
            self.heavy = taken > MUCH || (self.heavy && taken >= LITTLE);
        }
    }

    /// Whether the connection takes so much that others should come first.
    pub(crate) const fn is_heavy(&self) -> bool {
        self.heavy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_takes_much_in_small_pieces_is_heavy_until_it_takes_little() {
        let mut appetite = Appetite::default();
        let mut after = |pieces: &[usize]| {
            for (number, piece) in (1..).zip(pieces) {
                appetite.after_turn(*piece, number == pieces.len());
            }
            appetite.is_heavy()
        };
        assert!(!after(&[64]));
        assert!(!after(&[MUCH]));
        assert!(after(&[MUCH / 2; 3]));
        assert!(after(&[MUCH / 2]));
        assert!(after(&[LITTLE]));
        assert!(!after(&[64]));
        assert!(!after(&[MUCH / 2]));
        assert!(after(&[usize::MAX, usize::MAX]));
    }
}
