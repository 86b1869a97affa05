//! Numbered messages with checksums, which `push` and `source` send and `sink` checks.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;

/// Kind of the messages that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Text,
    Binary,
}

/// Length of a binary message beside its pad, in bytes.
const FRAME: usize = 8 + 8 + 4;

/// Makes messages with consecutive numbers.
#[derive(Debug)]
pub(crate) struct Numbered {
    kind: Kind,
    pad: String,
    /// Checksum of the pad.
    crc32: u32,
    seq: u64,
}

#[derive(Deserialize)]
struct Text {
    seq: u64,
    pad: String,
    crc32: String,
}

/// A message that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    /// The message has this number.
    Good(u64),
    /// The message has the form, and its checksum is wrong.
    Damaged,
    /// The message has another form.
    Other,
}

impl Numbered {
    /// Messages with a pad of `size` bytes.
    pub(crate) fn new(kind: Kind, size: usize) -> Self {
        let pad: String = "0123456789abcdef".chars().cycle().take(size).collect();
        Self { kind, crc32: crc32fast::hash(pad.as_bytes()), pad, seq: 0 }
    }

    /// Returns the memory of the pad, in bytes.
    pub(crate) const fn held(&self) -> usize {
        self.pad.len()
    }

    pub(crate) const fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text)
    }

    /// Returns the payload of the next message.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        self.seq += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
        match self.kind {
            Kind::Text => {
                // The pad needs no escapes.
                let Self { seq, pad, crc32, .. } = self;
                format!(r#"{{"seq":{seq},"time_ms":{now},"pad":"{pad}","crc32":"{crc32:08x}"}}"#).into_bytes()
            }
            Kind::Binary => {
                let mut message = Vec::with_capacity(FRAME + self.pad.len());
                message.extend(self.seq.to_be_bytes());
                message.extend(now.to_be_bytes());
                message.extend(self.pad.as_bytes());
                message.extend(crc32fast::hash(&message).to_be_bytes());
                message
            }
        }
    }
}

/// Checks a message.
pub(crate) fn check(is_text: bool, payload: &[u8]) -> Checked {
    if is_text {
        let Ok(text) = serde_json::from_slice::<Text>(payload) else { return Checked::Other };
        let is_good = u32::from_str_radix(&text.crc32, 16) == Ok(crc32fast::hash(text.pad.as_bytes()));
        return if is_good { numbered(text.seq) } else { Checked::Damaged };
    }
    match (payload.first_chunk(), payload.split_last_chunk()) {
        (Some(seq), Some((body, crc32))) if payload.len() >= FRAME => {
            let is_good = crc32fast::hash(body) == u32::from_be_bytes(*crc32);
            if is_good { numbered(u64::from_be_bytes(*seq)) } else { Checked::Damaged }
        }
        _ => Checked::Other,
    }
}

/// Numbers begin with 1.
const fn numbered(seq: u64) -> Checked {
    if seq == 0 { Checked::Other } else { Checked::Good(seq) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_was_made_is_good_and_a_changed_one_is_not() {
        for kind in [Kind::Text, Kind::Binary] {
            for size in [0, 1, 1_000] {
                let mut numbered = Numbered::new(kind, size);
                let is_text = numbered.is_text();
                assert_eq!(check(is_text, &numbered.next()), Checked::Good(1));
                let mut second = numbered.next();
                assert_eq!(check(is_text, &second), Checked::Good(2));
                if !is_text {
                    second[10] ^= 1;
                    assert_eq!(check(is_text, &second), Checked::Damaged);
                }
            }
        }
        assert_eq!(check(true, br#"{"seq":1,"pad":"a","crc32":"00000000"}"#), Checked::Damaged);
        assert_eq!(check(true, br#"{"seq":7,"pad":"a","crc32":"E8B7BE43"}"#), Checked::Good(7));
        assert_eq!(check(true, br#"{"seq":0,"pad":"a","crc32":"e8b7be43"}"#), Checked::Other);
        assert_eq!(check(true, b"hello"), Checked::Other);
        assert_eq!(check(false, b"hello"), Checked::Other);
    }
}
