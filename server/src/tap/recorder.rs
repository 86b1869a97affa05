//! Records a connection in its tap.

use std::sync::{Arc, Mutex, PoisonError};

use ws_echo_shared::CloseCode;

use super::{
    event::{Direction, Event, Side, TransportEnd},
    frame_headers::FrameHeaders,
    taps::Tap,
};

/// The two sides of a tap for its connection. The last entry is added when both were dropped.
#[derive(Debug)]
pub(crate) struct Tapped {
    pub(crate) recorder: Recorder,
    pub(crate) end: TapEnd,
}

/// Adds the last entry of a tap when it is dropped.
#[derive(Debug)]
struct Ending {
    tap: Arc<Tap>,
    /// The close code, and the side that sent the first Close frame. That of a connection that was lost at first.
    end: Mutex<(CloseCode, &'static str)>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let (code, by) = *self.end.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.tap.add(Event::End { code: code.0, by });
    }
}

impl Tapped {
    /// The sides of a tap. `is_stream`: of a connection that is a stream of HTTP/2.
    pub(crate) fn new(tap: Arc<Tap>, is_stream: bool) -> Self {
        let end = Mutex::new((CloseCode::ABNORMAL, "nobody"));
        let ending = Arc::new(Ending { tap: Arc::clone(&tap), end });
        Self { recorder: Recorder::new(tap, is_stream, Arc::clone(&ending)), end: TapEnd(ending) }
    }
}

/// Records the frames of one connection, and its end.
#[derive(Debug)]
pub(crate) struct Recorder {
    tap: Arc<Tap>,
    received: FrameHeaders,
    sent: FrameHeaders,
    client_ended: bool,
    is_stream: bool,
    _ending: Arc<Ending>,
}

impl Recorder {
    fn new(tap: Arc<Tap>, is_stream: bool, ending: Arc<Ending>) -> Self {
        let (received, sent) = (FrameHeaders::default(), FrameHeaders::default());
        Self { tap, received, sent, client_ended: false, is_stream, _ending: ending }
    }

    /// Records bytes that came from the client.
    pub(crate) fn received(&mut self, bytes: &[u8]) {
        self.received.take(bytes, |header| {
            self.tap.add(Event::Frame { direction: Direction::Received, header });
        });
    }

    /// Records bytes that are sent to the client.
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        self.sent.take(bytes, |header| self.tap.add(Event::Frame { direction: Direction::Sent, header }));
    }

    /// Records the inflated length of a compressed message.
    pub(crate) fn inflated(&self, direction: Direction, length: u64) {
        self.tap.add(Event::Inflated { direction, length });
    }

    /// Records the end of one direction of the transport, by its name on a TCP connection. Only the client's first one counts.
    pub(crate) fn transport_ended(&mut self, by: Side, how: TransportEnd) {
        if by == Side::Client && std::mem::replace(&mut self.client_ended, true) {
            return;
        }
        self.tap.add(match (self.is_stream, how) {
            (false, how) => Event::Tcp { by, how },
            (true, TransportEnd::Fin) => Event::Stream { by, how: TransportEnd::EndStream },
            (true, TransportEnd::Reset) => Event::Stream { by, how: TransportEnd::RstStream },
            (true, how) => Event::Stream { by, how },
        });
    }
}

/// The handle to a tap for the one who knows how the connection ends.
#[derive(Debug)]
pub(crate) struct TapEnd(Arc<Ending>);

impl TapEnd {
    /// Returns the tap.
    pub(crate) fn tap(&self) -> &Tap {
        &self.0.tap
    }

    /// Sets the end of the connection: the close code, and the side that sent the first Close frame.
    pub(crate) fn end(self, code: CloseCode, by: &'static str) {
        *self.0.end.lock().unwrap_or_else(PoisonError::into_inner) = (code, by);
    }
}
