//! What has gone through a connection.

/// Messages and bytes of payload taken in to be echoed, as they were on the wire; control frames are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of text messages.
    pub text: Count,
    /// Of binary messages.
    pub binary: Count,
}

/// Messages and bytes of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Messages of which all has come.
    pub messages: u64,
    /// Bytes of payload.
    pub bytes: u64,
}

impl Tally {
    /// Messages of either kind.
    pub const fn messages(self) -> u64 {
        self.text.messages + self.binary.messages
    }

    /// Bytes of payload of either kind.
    pub const fn bytes(self) -> u64 {
        self.text.bytes + self.binary.bytes
    }

    /// The count of one kind.
    pub const fn of(&mut self, is_text: bool) -> &mut Count {
        if is_text { &mut self.text } else { &mut self.binary }
    }
}
