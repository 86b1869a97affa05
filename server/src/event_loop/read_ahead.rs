//! Reading on, though answers wait: for a client that sends a whole message before it reads.

use ws_echo_engine::Echo;

use crate::event_loop::scheduler::READ;

/// The message to the end of which to read on; and what had been echoed before, in bytes.
pub(crate) struct ReadOn {
    message: u64,
    bytes: u64,
}

impl ReadOn {
    /// Nothing between two messages.
    pub(crate) fn to_the_end_of_the_message(echo: &Echo) -> Option<Box<Self>> {
        let bytes = echo.tally().bytes();
        echo.within_message().map(|message| Box::new(Self { message, bytes }))
    }

    /// Only as long as it is the message that makes more wait: a client that reads nothing can also send pings within it.
    pub(crate) fn goes_on(&self, echo: &Echo, unsent: usize) -> bool {
        // Its frames have headers as well.
        let allowed = 2 * READ as u64 + 4 * (echo.tally().bytes() - self.bytes);
        echo.within_message() == Some(self.message) && unsent as u64 <= allowed
    }
}
