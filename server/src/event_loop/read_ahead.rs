//! Read-ahead: reading to the end of a message while its echo waits, for a client that sends a whole message before it reads.

use ws_echo_engine::Echo;

use crate::event_loop::scheduler::READ;

/// The message whose end is read for, and the bytes that had been echoed before.
pub(crate) struct ReadAhead {
    message: u64,
    bytes: u64,
}

impl ReadAhead {
    /// Starts to read ahead to the end of the current message. None between two messages.
    pub(crate) fn start(echo: &Echo) -> Option<Box<Self>> {
        let bytes = echo.tally().bytes();
        echo.within_message().map(|message| Box::new(Self { message, bytes }))
    }

    /// True as long as that message is not complete, and the unsent bytes are no more than its echo: a client that reads nothing can also
    /// send pings within it.
    pub(crate) fn goes_on(&self, echo: &Echo, unsent: usize) -> bool {
        // A frame of one byte of payload takes three: its header has two.
        let allowed = 2 * READ as u64 + 4 * (echo.tally().bytes() - self.bytes);
        echo.within_message() == Some(self.message) && unsent as u64 <= allowed
    }
}
