//! The form in which the body of an answer follows its head (RFC 9112 section 6).

use actix_web::web::Bytes;

/// The form in which the body follows the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// No body follows.
    None,
    /// The bytes follow as they are. The head has their length, or they end with the connection.
    Raw,
    Chunked,
}

impl Framing {
    /// Returns the bytes in front of a piece of the body, and behind it.
    pub(crate) fn around(self, piece: &Bytes) -> (String, &'static [u8]) {
        match self {
            Self::Chunked => (format!("{:x}\r\n", piece.len()), b"\r\n"),
            Self::None | Self::Raw => (String::new(), b""),
        }
    }

    /// Returns the bytes that end the body.
    pub(crate) const fn end(self) -> &'static [u8] {
        match self {
            Self::Chunked => b"0\r\n\r\n",
            Self::None | Self::Raw => b"",
        }
    }
}
