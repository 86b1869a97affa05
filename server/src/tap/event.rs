//! Entries of a tap, as JSON.

use serde::Serialize;
use serde_json::Value;

/// Direction of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// From the client to the server.
    Received,
    /// From the server to the client.
    Sent,
}

/// A side of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// The client, or a proxy in front of it.
    Client,
    /// This server.
    Server,
}

/// The way in which a side ended the TCP connection, or the stream of HTTP/2 (RFC 8441 section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransportEnd {
    /// A FIN: the side sends no more.
    Fin,
    /// The same on a stream.
    EndStream,
    /// A reset, or another error of the connection.
    Reset,
    /// The same on a stream.
    RstStream,
    /// The server gave up: the client was silent, or did not read its answers.
    Dropped,
}

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct FrameHeader {
    pub(crate) fin: bool,
    /// RSV1, RSV2 and RSV3, as a number of three bits; 4 is RSV1 alone.
    pub(crate) rsv: u8,
    pub(crate) opcode: u8,
    pub(crate) masked: bool,
    /// Length of the payload on the wire, in bytes.
    pub(crate) length: u64,
    /// The code of a Close frame, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) close_code: Option<u16>,
}

/// An entry of a tap.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Entry {
    /// Time since the 101, in microseconds.
    pub(crate) at_us: u64,
    #[serde(flatten)]
    pub(crate) event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Event {
    /// The request of the handshake, and its answer.
    Request { request: Box<Value> },
    Frame {
        direction: Direction,
        #[serde(flatten)]
        header: FrameHeader,
    },
    /// The inflated length of a compressed message.
    Inflated { direction: Direction, length: u64 },
    /// A report of the scenario.
    Report { report: Box<Value> },
    /// The end of one direction of the TCP connection.
    Tcp { by: Side, how: TransportEnd },
    /// The end of one direction of the stream of HTTP/2.
    Stream { by: Side, how: TransportEnd },
    /// The last entry. `code` and `by` are the close code and the side that sent the first Close frame, as in the log.
    End { code: u16, by: &'static str },
}
