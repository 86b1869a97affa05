//! Messages between the page and the worker that has its WebSocket, as bytes.
//!
//! Both ends are of the same build, so the format has no version. Numbers are little endian, and texts have their length in front.

use ws_echo_shared::CloseCode;

use crate::connection::model::message::{Body, Kind};
use crate::connection::model::options::CloseRequest;
use crate::connection::model::phase::Opened;
use crate::connection::model::url_problem::UrlFault;

/// A message to the worker.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Begin the handshake with this URL and these subprotocols. An earlier connection is dropped.
    Open(String, Vec<String>),
    /// Send a message of this kind, not before this time in milliseconds since 1970, and behind earlier messages. Its payload is
    /// beside the command, because it may be long.
    Send(Kind, f64),
    Close(CloseRequest),
    /// The page has taken a message of the worker.
    More,
    /// Close the connection, and report nothing more of it.
    Drop,
}

/// A message from the worker. Times are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// The browser refused the URL.
    Refused(UrlFault),
    Opened(Opened),
    /// The oldest message that was not reported yet was sent, at this time.
    Sent(f64),
    /// That message was not sent, because the connection is not open.
    NotOpen,
    /// That message was not sent, at this time: the browser refused it with this reason.
    NotSent(String, f64),
    Received(Body, f64),
    /// A long message of this kind was received. Its payload is beside the report.
    ReceivedLong(Kind, f64),
    /// The connection has ended: the code, the reason, true after a closing handshake, and the time.
    Closed(CloseCode, String, bool, f64),
    /// Number of bytes in the socket's buffer.
    Buffered(u32),
}

impl Command {
    pub fn write(&self) -> Vec<u8> {
        let mut out = Writer::default();
        match self {
            Self::Open(url, protocols) => {
                out.tag(0);
                out.bytes(url.as_bytes());
                protocols.iter().for_each(|protocol| out.bytes(protocol.as_bytes()));
            }
            Self::Send(kind, due_ms) => {
                out.tag(if *kind == Kind::Text { 1 } else { 2 });
                out.float(*due_ms);
            }
            Self::Close(request) => {
                out.tag(3);
                out.number(u32::from(request.code.0));
                out.bytes(request.reason.as_bytes());
            }
            Self::Drop => out.tag(4),
            Self::More => out.tag(5),
        }
        out.0
    }

    /// Reads a command. Returns `None` for bytes that [`write`](Self::write) does not make.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        Some(match bytes.tag()? {
            0 => {
                let url = bytes.text()?;
                let mut protocols = Vec::new();
                while !bytes.0.is_empty() {
                    protocols.push(bytes.text()?);
                }
                Self::Open(url, protocols)
            }
            1 => Self::Send(Kind::Text, bytes.float()?),
            2 => Self::Send(Kind::Binary, bytes.float()?),
            3 => Self::Close(CloseRequest { code: bytes.code()?, reason: bytes.text()?.into() }),
            4 => Self::Drop,
            5 => Self::More,
            _ => return None,
        })
    }
}

impl Report {
    /// Writes reports behind each other.
    pub fn write_all(reports: &[Self]) -> Vec<u8> {
        let mut out = Writer::default();
        reports.iter().for_each(|report| report.write(&mut out));
        out.0
    }

    /// Reads reports, up to bytes that [`write_all`](Self::write_all) does not make.
    pub fn read_all(bytes: &[u8]) -> impl Iterator<Item = Self> {
        let mut bytes = Reader(bytes);
        std::iter::from_fn(move || Self::read(&mut bytes))
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Refused(UrlFault::Refused(reason)) => {
                out.tag(0);
                out.bytes(reason.as_bytes());
            }
            // The browser has no other reason.
            Self::Refused(_) => out.tag(1),
            Self::Opened(opened) => {
                out.tag(2);
                out.bytes(opened.protocol.as_bytes());
                out.bytes(opened.extensions.as_bytes());
                out.float(opened.at_ms as f64);
            }
            Self::Sent(at_ms) => {
                out.tag(3);
                out.float(*at_ms);
            }
            Self::NotOpen => out.tag(4),
            Self::NotSent(reason, at_ms) => {
                out.tag(5);
                out.bytes(reason.as_bytes());
                out.float(*at_ms);
            }
            Self::Received(body, at_ms) => {
                out.tag(if body.kind() == Kind::Text { 6 } else { 7 });
                out.bytes(body.as_bytes());
                out.float(*at_ms);
            }
            Self::Closed(code, reason, clean, at_ms) => {
                out.tag(if *clean { 8 } else { 9 });
                out.number(u32::from(code.0));
                out.bytes(reason.as_bytes());
                out.float(*at_ms);
            }
            Self::ReceivedLong(kind, at_ms) => {
                out.tag(if *kind == Kind::Text { 11 } else { 12 });
                out.float(*at_ms);
            }
            Self::Buffered(bytes) => {
                out.tag(10);
                out.number(*bytes);
            }
        }
    }

    fn read(bytes: &mut Reader<'_>) -> Option<Self> {
        let tag = bytes.tag()?;
        Some(match tag {
            0 => Self::Refused(UrlFault::Refused(bytes.text()?)),
            1 => Self::Refused(UrlFault::Forbidden),
            2 => Self::Opened(Opened {
                protocol: bytes.text()?.into(),
                extensions: bytes.text()?.into(),
                // The cast is lossless: the number was whole.
                at_ms: bytes.float()? as u64,
            }),
            3 => Self::Sent(bytes.float()?),
            4 => Self::NotOpen,
            5 => Self::NotSent(bytes.text()?, bytes.float()?),
            6 => Self::Received(Body::text(str::from_utf8(bytes.piece()?).ok()?), bytes.float()?),
            7 => Self::Received(Body::binary(bytes.piece()?), bytes.float()?),
            8 | 9 => Self::Closed(bytes.code()?, bytes.text()?, tag == 8, bytes.float()?),
            10 => Self::Buffered(bytes.number()?),
            11 => Self::ReceivedLong(Kind::Text, bytes.float()?),
            12 => Self::ReceivedLong(Kind::Binary, bytes.float()?),
            _ => return None,
        })
    }
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn float(&mut self, number: f64) {
        self.0.extend(number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        // The address space of the page has no longer texts.
        self.number(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.0.extend_from_slice(bytes);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn tag(&mut self) -> Option<u8> {
        self.take().map(|[tag]| tag)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn float(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    fn code(&mut self) -> Option<CloseCode> {
        Some(CloseCode(self.number()?.try_into().ok()?))
    }

    fn piece(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (piece, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(piece)
    }

    fn text(&mut self) -> Option<String> {
        str::from_utf8(self.piece()?).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_come_out_as_they_went_in() {
        for command in [
            Command::Open("ws://a/".into(), vec![]),
            Command::Open("ws://a/".into(), vec!["chat".into(), "é".into()]),
            Command::Send(Kind::Text, 0.0),
            Command::Send(Kind::Binary, 1_700_000_000_123.456),
            Command::Close(CloseRequest { code: CloseCode(4_999), reason: "bye".into() }),
            Command::Drop,
            Command::More,
        ] {
            assert_eq!(Command::read(&command.write()), Some(command));
        }
        for bad in [&[][..], &[1, 0], &[6], &[0], &[0, 9, 0, 0, 0, 1], &[3, 0, 0, 1, 0, 0, 0, 0, 0]] {
            assert_eq!(Command::read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn reports_come_out_as_they_went_in() {
        let opened = Opened { protocol: "chat".into(), extensions: "".into(), at_ms: 1_700_000_000_123 };
        let reports = [
            Report::Refused(UrlFault::Refused("no".into())),
            Report::Refused(UrlFault::Forbidden),
            Report::Opened(opened),
            Report::Sent(1.25),
            Report::NotOpen,
            Report::NotSent("no memory".into(), 2.5),
            Report::Received(Body::text("🦀"), 3.0),
            Report::Received(Body::text(""), 3.0),
            Report::Received(Body::binary([0, 255]), 1_700_000_000_123.456),
            Report::Closed(CloseCode(1_006), String::new(), false, 4.0),
            Report::Closed(CloseCode(4_000), "bye".into(), true, 5.0),
            Report::ReceivedLong(Kind::Text, 6.0),
            Report::ReceivedLong(Kind::Binary, 7.0),
            Report::Buffered(u32::MAX),
        ];
        let bytes = Report::write_all(&reports);
        assert_eq!(Report::read_all(&bytes).collect::<Vec<_>>(), reports);
        // A batch that was cut has the reports in front of the cut.
        assert_eq!(Report::read_all(&bytes[..bytes.len() - 1]).count(), reports.len() - 1);
        assert_eq!(Report::read_all(&[6, 1, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]).count(), 0);
    }
}
