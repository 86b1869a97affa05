//! Records a connection in its tap.

use std::sync::Arc;

use ws_echo_shared::CloseCode;

use super::{
    event::{Direction, Event, Side, TcpEnd},
    frame_headers::FrameHeaders,
    taps::Tap,
};

/// The two sides of a tap for its connection.
#[derive(Debug)]
pub(crate) struct Tapped {
    pub(crate) recorder: Recorder,
    pub(crate) end: TapEnd,
}

impl Tapped {
    /// The sides of a tap.
    pub(crate) fn new(tap: Arc<Tap>) -> Self {
        Self { recorder: Recorder::new(Arc::clone(&tap)), end: TapEnd::new(tap) }
    }
}

/// Records the frames of one connection, and its end.
#[derive(Debug)]
pub(crate) struct Recorder {
    tap: Arc<Tap>,
    received: FrameHeaders,
    sent: FrameHeaders,
    client_ended: bool,
}

impl Recorder {
    fn new(tap: Arc<Tap>) -> Self {
        Self { tap, received: FrameHeaders::default(), sent: FrameHeaders::default(), client_ended: false }
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

    /// Records the end of one direction of the TCP connection. Only the client's first one counts.
    pub(crate) fn tcp_ended(&mut self, by: Side, how: TcpEnd) {
        if by == Side::Client && std::mem::replace(&mut self.client_ended, true) {
            return;
        }
        self.tap.add(Event::Tcp { by, how });
    }
}

/// The duty to add the last entry of a tap. Dropping it adds that of a connection that was lost.
#[derive(Debug)]
pub(crate) struct TapEnd(Arc<Tap>);

impl TapEnd {
    const fn new(tap: Arc<Tap>) -> Self {
        Self(tap)
    }

    /// Returns the tap.
    pub(crate) fn tap(&self) -> &Tap {
        &self.0
    }

    /// Adds the last entry: the close code, and the side that sent the first Close frame.
    pub(crate) fn end(self, code: CloseCode, by: &'static str) {
        self.0.add(Event::End { code: code.0, by });
    }
}

impl Drop for TapEnd {
    fn drop(&mut self) {
        if !self.0.has_ended() {
            self.0.add(Event::End { code: CloseCode::ABNORMAL.0, by: "nobody" });
        }
    }
}
