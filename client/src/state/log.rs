//! The messages received, in chunks.

use std::rc::Rc;

use super::message::{Body, Message};

/// How many messages a chunk holds.
///
/// An update copies the last chunk and the list of chunks, never the messages before: few messages make the list long,
/// many make the copy long.
pub const CHUNK: usize = 128;

/// Up to [`CHUNK`] messages that followed each other. Full, it never changes again.
pub type Chunk = Vec<Message>;

/// All messages of a session. A clone shares every chunk with its origin.
#[derive(Debug, Clone, Default)]
pub struct Log {
    chunks: Vec<Rc<Chunk>>,
    len: usize,
}

impl Log {
    /// Appends a message.
    pub fn push(&mut self, body: Body) {
        let message = Message { id: self.len, body };
        match self.chunks.last_mut() {
            // Copies the chunk if an older state still shows it, which it does once an update.
            Some(last) if last.len() < CHUNK => Rc::make_mut(last).push(message),
            _ => self.chunks.push(Rc::new(vec![message])),
        }
        self.len += 1;
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The messages in the order of arrival, chunk by chunk.
    pub fn chunks(&self) -> &[Rc<Chunk>] {
        &self.chunks
    }
}

impl PartialEq for Log {
    /// Messages are only ever appended, so states of one session differ only if their last chunks do.
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len
            && match (self.chunks.last(), other.chunks.last()) {
                (Some(a), Some(b)) => Rc::ptr_eq(a, b),
                (a, b) => a.is_none() && b.is_none(),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(messages: usize) -> Log {
        let mut log = Log::default();
        for number in 0..messages {
            log.push(Body::text(number.to_string()));
        }
        log
    }

    #[test]
    fn messages_keep_their_order_and_number() {
        let log = filled(CHUNK * 3 + 5);
        assert_eq!((log.len(), log.chunks().len()), (CHUNK * 3 + 5, 4));
        let ids: Vec<usize> =
            log.chunks().iter().flat_map(|chunk| chunk.iter().map(|message| message.id)).collect();
        assert_eq!(ids, (0..log.len()).collect::<Vec<_>>());
    }

    #[test]
    fn an_update_shares_every_full_chunk_and_leaves_the_older_state_alone() {
        let old = filled(CHUNK * 2 + 1);
        let mut new = old.clone();
        assert!(new == old);
        new.push(Body::text("new".into()));
        assert!(new != old);
        assert_eq!((old.len(), new.len()), (CHUNK * 2 + 1, CHUNK * 2 + 2));
        assert_eq!((old.chunks()[2].len(), new.chunks()[2].len()), (1, 2));
        for full in 0..2 {
            assert!(Rc::ptr_eq(&old.chunks()[full], &new.chunks()[full]));
        }
    }
}
