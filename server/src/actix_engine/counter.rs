//! Counts the messages of a connection, for its last log line and for the metrics.

use actix_ws::{Item, Message};
use ws_echo_engine::Tally;

use crate::metrics::{Metrics, Reported};

/// Counts messages. Control frames are not counted, and a fragmented message counts with its last frame.
#[derive(Debug)]
pub(super) struct Counter {
    pub(super) tally: Tally,
    /// True if the message that has begun is text.
    is_text: bool,
    reported: Reported,
    metrics: Metrics,
}

impl Counter {
    pub(super) fn new(metrics: Metrics) -> Self {
        Self { tally: Tally::default(), is_text: false, reported: Reported::default(), metrics }
    }

    /// Counts a message that is about to be echoed.
    pub(super) fn count(&mut self, message: &Message) {
        let (bytes, is_last) = match message {
            Message::Text(text) => (text.len(), true),
            Message::Binary(bytes) | Message::Continuation(Item::Last(bytes)) => (bytes.len(), true),
            Message::Continuation(
                Item::FirstText(bytes) | Item::FirstBinary(bytes) | Item::Continue(bytes),
            ) => (bytes.len(), false),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Nop => return,
        };
        match message {
            Message::Text(_) | Message::Continuation(Item::FirstText(_)) => self.is_text = true,
            Message::Binary(_) | Message::Continuation(Item::FirstBinary(_)) => self.is_text = false,
            _ => {}
        }
        let count = self.tally.of(self.is_text);
        count.bytes += bytes as u64;
        count.messages += u64::from(is_last);
        self.reported.update(&self.metrics, self.tally, false);
    }

    /// Counts all messages so far as echoed.
    pub(super) fn count_echoed(&mut self) {
        self.reported.update(&self.metrics, self.tally, true);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::web::Bytes;

    use super::*;

    #[test]
    fn fragments_are_one_message() {
        let mut counter = Counter::new(Metrics::default());
        let part = || Bytes::from_static(b"four");
        for message in [
            Message::Continuation(Item::FirstBinary(part())),
            Message::Ping(part()),
            Message::Continuation(Item::Continue(part())),
            Message::Continuation(Item::Last(part())),
            Message::Text("text".into()),
            Message::Pong(part()),
        ] {
            counter.count(&message);
        }
        let Tally { text, binary } = counter.tally;
        assert_eq!((text.messages, text.bytes, binary.messages, binary.bytes), (1, 4, 1, 12));
    }
}
