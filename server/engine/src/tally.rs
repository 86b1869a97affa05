//! Counts of the messages of a connection.

/// Messages and bytes of payload that were received to be echoed, as on the wire. Control frames are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Text messages.
    pub text: Count,
    /// Binary messages.
    pub binary: Count,
}

/// Messages and bytes of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Complete messages.
    pub messages: u64,
    /// Bytes of payload, with those of an incomplete message.
    pub bytes: u64,
}

impl Tally {
    /// Returns the number of complete messages of both kinds.
    pub const fn messages(self) -> u64 {
        self.text.messages + self.binary.messages
    }

    /// Returns the payload of both kinds, in bytes.
    pub const fn bytes(self) -> u64 {
        self.text.bytes + self.binary.bytes
    }

    /// Returns the count of text or of binary messages.
    pub const fn of(&mut self, is_text: bool) -> &mut Count {
        if is_text { &mut self.text } else { &mut self.binary }
    }
}
