//! History of sent messages, which Up and Down bring back.

use std::rc::Rc;

use serde_json::Value;

use crate::common::bytes_input::{BytesProblem, Mode, to_hex};
use crate::common::stored::{Form, items, object};
use crate::connection::model::message::Body;

const KEPT: usize = 100;

/// Maximum sum of the texts, in bytes. A longer message is not added at all.
const KEPT_BYTES: usize = 256 << 10;

/// A message as written in the field. The text of a text message has the line ends that are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub mode: Mode,
    pub text: Rc<str>,
}

/// The sent messages, and a cursor over them. Below the newest one lies the message being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    sent: Vec<Draft>,
    /// Index of the message in the field. The index behind the last one means the message being written.
    cursor: usize,
    /// Changes made in the field since the last message was sent, by index, so that moving the cursor does not lose them.
    edited: Vec<(usize, Draft)>,
}

impl Form for History {
    fn read(fields: &Value) -> Self {
        let mut history = Self::default();
        items(&fields["sent"]).iter().filter_map(Draft::read).for_each(|draft| history.push(draft));
        history
    }

    fn write(&self) -> Value {
        object([("sent", self.sent.iter().map(|draft| object(draft.write())).collect())])
    }
}

impl Draft {
    pub fn new(mode: Mode, text: impl Into<Rc<str>>) -> Self {
        Self { mode, text: text.into() }
    }

    /// Returns the draft of a message; of a binary one in hexadecimal.
    pub fn of(body: &Body) -> Self {
        match body {
            Body::Text(text) => Self::new(Mode::Text, text.clone()),
            Body::Binary(bytes) => Self::new(Mode::Hex, to_hex(bytes)),
        }
    }

    /// Reads the fields of a stored object. Returns `None` if one is damaged or unknown.
    pub fn read(fields: &Value) -> Option<Self> {
        Some(Self::new(Mode::named(fields["mode"].as_str()?)?, fields["text"].as_str()?))
    }

    pub fn write(&self) -> [(&'static str, Value); 2] {
        [("mode", self.mode.name().into()), ("text", (*self.text).into())]
    }

    /// Returns the message to send, or the fault if the text does not represent bytes in its mode.
    pub fn body(&self) -> Result<Body, BytesProblem> {
        match self.mode {
            Mode::Text => Ok(Body::Text(self.text.clone())),
            mode => mode.bytes(&self.text).map(Body::binary),
        }
    }
}

impl History {
    /// Adds a sent message, and moves the cursor behind it.
    pub fn push(&mut self, draft: Draft) {
        let new =
            !draft.text.is_empty() && draft.text.len() <= KEPT_BYTES && self.sent.last() != Some(&draft);
        if new {
            self.sent.push(draft);
            while self.sent.len() > KEPT
                || self.sent.iter().map(|sent| sent.text.len()).sum::<usize>() > KEPT_BYTES
            {
                self.sent.remove(0);
            }
        }
        self.edited.clear();
        self.cursor = self.sent.len();
    }

    /// Moves to the previous or the next message; the last one is the message being written. `field` is the present content of the
    /// field. Returns `None` at the end of the history.
    pub fn step(&mut self, is_up: bool, field: &Draft) -> Option<Draft> {
        let bottom = self.sent.len();
        let at = if is_up {
            (0..self.cursor).rev().find(|&at| self.at(at) != *field)?
        } else {
            let next = (self.cursor < bottom).then_some(self.cursor + 1)?;
            (next..bottom).find(|&at| self.at(at) != *field).unwrap_or(bottom)
        };
        if self.at(self.cursor) != *field {
            let cursor = self.cursor;
            self.edited.retain(|(place, _)| *place != cursor);
            self.edited.push((cursor, field.clone()));
        }
        self.cursor = at;
        Some(self.at(at))
    }

    fn at(&self, at: usize) -> Draft {
        let edited = self.edited.iter().find(|(place, _)| *place == at).map(|(_, draft)| draft);
        edited.or_else(|| self.sent.get(at)).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::stored;

    const UP: bool = true;
    const DOWN: bool = false;

    fn text(text: &str) -> Draft {
        Draft::new(Mode::Text, text)
    }

    fn sent(texts: &[&str]) -> History {
        let mut history = History::default();
        for sent in texts {
            history.push(text(sent));
        }
        history
    }

    #[test]
    fn the_draft_of_a_message_sends_the_same_message() {
        for body in [Body::text("a\r\nb\0 🦀"), Body::text(""), Body::binary([0, 0xff, 10]), Body::binary([])]
        {
            assert_eq!(Draft::of(&body).body(), Ok(body));
        }
    }

    #[test]
    fn a_draft_becomes_a_message_of_its_mode() {
        assert_eq!(text("00").body(), Ok(Body::text("00")));
        assert_eq!(Draft::new(Mode::Hex, "00").body(), Ok(Body::binary([0])));
        assert!(Draft::new(Mode::Base64, "*").body().is_err());
    }

    #[test]
    fn up_goes_back_and_down_returns_to_what_was_being_written() {
        let mut history = sent(&["one", "two"]);
        for (direction, field, shown) in [
            (DOWN, "dra", None),
            (UP, "draft", Some("two")),
            (UP, "two", Some("one")),
            (UP, "one", None),
            (DOWN, "one", Some("two")),
            (DOWN, "two", Some("draft")),
            (DOWN, "draft", None),
            // A change on the way is not lost.
            (UP, "draft", Some("two")),
            (UP, "two, changed", Some("one")),
            (DOWN, "one", Some("two, changed")),
            (DOWN, "two, changed", Some("draft")),
        ] {
            assert_eq!(history.step(direction, &text(field)), shown.map(text), "{field}");
        }
        // A message just sent, and still in the field, is passed over.
        history.push(text("draft"));
        assert_eq!(history.step(UP, &text("draft")), Some(text("two")));
        assert_eq!(history.step(DOWN, &text("two")), Some(text("draft")));
        assert_eq!(sent(&["one"]).step(UP, &text("one")), None);
        assert_eq!(sent(&["one", "two"]).step(UP, &text("")), Some(text("two")));
    }

    #[test]
    fn the_same_again_is_kept_once_and_nothing_is_not_kept() {
        let mut history = sent(&["one", "one", "", "two", "one"]);
        assert_eq!(history.sent.len(), 3);
        history.push(Draft::new(Mode::Hex, "one"));
        assert_eq!(history.sent.len(), 4, "of another mode it is another message");
    }

    #[test]
    fn count_and_bytes_are_limited() {
        let mut history = History::default();
        for n in 0..150 {
            history.push(text(&n.to_string()));
        }
        assert_eq!(
            (history.sent.len(), history.step(UP, &text("")).unwrap().text.to_string()),
            (100, "149".to_owned())
        );
        history.push(text(&"x".repeat(KEPT_BYTES + 1)));
        assert_eq!(history.sent.len(), 100);
        history.push(text(&"x".repeat(KEPT_BYTES)));
        assert_eq!(history.sent.len(), 1);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let mut history = sent(&["one", "tw\"o\n🦀"]);
        history.push(Draft::new(Mode::Base64, "Zg=="));
        assert_eq!(stored::read::<History>(&history.write().to_string()), history);
    }

    #[test]
    fn damage_and_modes_of_a_later_version_are_left_out() {
        for stored in ["", "{", "[]", "null", r#"{"version":1}"#, r#"{"version":1,"sent":7}"#] {
            assert!(stored::read::<History>(stored).sent.is_empty(), "{stored}");
        }
        let partly = r#"{"version":2,"sent":[1,{"mode":"text"},{"mode":"odd","text":"a"},{"mode":"hex","text":"00","more":1}]}"#;
        assert_eq!(stored::read::<History>(partly).sent.len(), 1);
    }
}
