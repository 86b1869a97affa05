//! What went through a connection, for its last log line.

use actix_ws::{Item, Message};

/// Messages and bytes of payload echoed; control frames are not counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) messages: u64,
    pub(super) bytes: u64,
}

impl Tally {
    /// Counts what is about to be echoed. A fragmented message counts with its last frame.
    pub(super) fn count(&mut self, message: &Message) {
        let (bytes, is_last) = match message {
            Message::Text(text) => (text.len(), true),
            Message::Binary(bytes) | Message::Continuation(Item::Last(bytes)) => (bytes.len(), true),
            Message::Continuation(
                Item::FirstText(bytes) | Item::FirstBinary(bytes) | Item::Continue(bytes),
            ) => (bytes.len(), false),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Nop => return,
        };
        self.bytes += bytes as u64;
        self.messages += u64::from(is_last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::web::Bytes;

    #[test]
    fn fragments_are_one_message() {
        let mut tally = Tally::default();
        let part = || Bytes::from_static(b"four");
        for message in [
            Message::Continuation(Item::FirstBinary(part())),
            Message::Ping(part()),
            Message::Continuation(Item::Continue(part())),
            Message::Continuation(Item::Last(part())),
            Message::Text("text".into()),
            Message::Pong(part()),
        ] {
            tally.count(&message);
        }
        assert_eq!((tally.messages, tally.bytes), (2, 16));
    }
}
