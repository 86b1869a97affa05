//! Who waits for another turn.

use std::collections::VecDeque;

/// How many turns one has after each other: a message of 1 MiB costs a seventh less in four turns without a break than with others
/// between them.
const TURNS: usize = 8;

/// Connections that have not finished, in the order in which they go on.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    keys: VecDeque<usize>,
    /// The one whose turn it was, and how many it has had.
    last: Option<(usize, usize)>,
}

impl Queue {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds one that is not among those who wait.
    pub(crate) fn push(&mut self, key: usize) {
        match self.last {
            Some((last, turns)) if last == key && turns < TURNS => self.keys.push_front(key),
            _ => self.keys.push_back(key),
        }
    }

    /// Whose turn it is. It waits no longer.
    pub(crate) fn pop(&mut self) -> Option<usize> {
        let key = self.keys.pop_front();
        self.last = key.map(|key| match self.last {
            Some((last, turns)) if last == key && turns < TURNS => (key, turns + 1),
            _ => (key, 1),
        });
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_some_turns_and_then_the_next_has() {
        let mut queue = Queue::default();
        queue.push(1);
        queue.push(2);
        let mut turns = Vec::new();
        for _ in 0..3 * TURNS {
            let key = queue.pop().unwrap();
            turns.push(key);
            queue.push(key);
        }
        let expected = [[1; TURNS], [2; TURNS], [1; TURNS]];
        assert_eq!(turns, expected.concat());
    }

    #[test]
    fn one_that_was_done_comes_after_those_who_wait() {
        let mut queue = Queue::default();
        queue.push(1);
        queue.push(2);
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.pop(), Some(2));
        queue.push(3);
        queue.push(1);
        assert_eq!(queue.pop(), Some(3));
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.pop(), None);
        assert!(queue.is_empty());
    }
}
