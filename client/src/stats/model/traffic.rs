//! Numbers of messages and bytes.

/// Number and size of messages in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub messages: u64,
    /// Sum of the payloads, in bytes.
    pub bytes: u64,
}

impl Tally {
    /// Counts a message. `bytes` is the length of its payload.
    pub fn count(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}

/// Number and size of messages in both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    pub sent: Tally,
    pub received: Tally,
}

impl Traffic {
    /// Adds the counts of another period.
    pub fn add(&mut self, other: &Self) {
        for (sum, part) in [(&mut self.sent, other.sent), (&mut self.received, other.received)] {
            sum.messages += part.messages;
            sum.bytes = sum.bytes.saturating_add(part.bytes);
        }
    }
}
