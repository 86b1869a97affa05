//! `deflate`: permessage-deflate with exactly these parameters, and an echo that the server compressed itself (RFC 7692).

use std::fmt::Write as _;

use actix_web::{dev::RequestHead, http::header::{self, HeaderValue}};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use serde::Deserialize;
use serde_json::json;
use tokio::task::yield_now;
use ws_echo_engine::{Message, ProtocolError, permessage_deflate::{Offer, offers}};

use super::Scenario;
use crate::{
    lab::{
        answer::Answer,
        refused::Refused,
        session::{BINARY, Session, Stop, TEXT},
    },
    tap::event::Direction,
};

/// Bytes that are compressed or inflated before other connections have their turn.
const PIECE: usize = 64 * 1024;

/// Memory of a compressor and a decompressor with the largest windows, in bytes.
const MEMORY: usize = 320 * 1024;

/// The bytes that a message leaves out of the end of its data (RFC 7692 section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// RSV1: the message is compressed.
const RSV1: u8 = 0x40;

const MAX_BITS: u8 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum When {
    Always,
    Never,
    Alternate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Flush {
    Sync,
    Full,
    Final,
    Stored,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deflate {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    /// The largest one is not sent.
    server_max_window_bits: u8,
    client_max_window_bits: u8,
    compress: When,
    level: u32,
    flush: Flush,
}

impl Deflate {
    /// True if a server may answer an offer with these parameters (RFC 7692 sections 7.1.1 and 7.1.2).
    fn suits(&self, offer: &Offer) -> bool {
        let server_takeover = self.server_no_context_takeover || !offer.server_no_context_takeover;
        let server_window = match offer.server_max_window_bits {
            // A server may limit its own window unasked.
            None => true,
            Some(most) => self.server_max_window_bits < MAX_BITS && self.server_max_window_bits <= most,
        };
        let client_window = match offer.client_max_window_bits {
            None => self.client_max_window_bits == MAX_BITS,
            Some(None) => true,
            Some(Some(most)) => self.client_max_window_bits == MAX_BITS || self.client_max_window_bits <= most,
        };
        server_takeover && server_window && client_window
    }

    fn response(&self) -> String {
        let mut response = "permessage-deflate".to_owned();
        for (name, is_set) in [
            ("server_no_context_takeover", self.server_no_context_takeover),
            ("client_no_context_takeover", self.client_no_context_takeover),
        ] {
            if is_set {
                let _ = write!(response, "; {name}");
            }
        }
        for (name, bits) in [
            ("server_max_window_bits", self.server_max_window_bits),
            ("client_max_window_bits", self.client_max_window_bits),
        ] {
            if bits < MAX_BITS {
                let _ = write!(response, "; {name}={bits}");
            }
        }
        response
    }
}

impl Scenario for Deflate {
    fn answer(&self, request: &RequestHead, answer: &mut Answer) -> Result<(), Refused> {
        let values = request.headers().get_all(header::SEC_WEBSOCKET_EXTENSIONS).map(HeaderValue::as_bytes);
        // The grammar was checked with the handshake.
        let offers = offers(values).unwrap_or_default();
        let response = self.response();
        if !offers.iter().any(|offer| self.suits(offer)) {
            let error = match offers.as_slice() {
                [] => "the client does not offer permessage-deflate".to_owned(),
                _ => format!("no offer of the client may be answered with {response}"),
            };
            return Err(Refused::json(400, error, json!({ "wanted": response })));
        }
        answer.extensions = Some(response);
        Ok(())
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        session.hold(MEMORY)?;
        let mut inflater = Inflater {
            decompress: Decompress::new_with_window_bits(false, self.client_max_window_bits),
            takeover: !self.client_no_context_takeover,
        };
        let level = if self.flush == Flush::Stored { 0 } else { self.level };
        let mut deflater = Deflater {
            compress: Compress::new_with_window_bits(Compression::new(level), false, self.server_max_window_bits),
            takeover: !self.server_no_context_takeover,
            flush: self.flush,
        };
        let mut compresses = self.compress != When::Never;
        loop {
            let Some(message) = session.message(None).await? else { continue };
            let Message { is_text, is_compressed, payload } = message;
            let payload = if is_compressed {
                let limit = session.message_limit();
                let held = payload.len();
                let account = |bytes: usize| session.hold(MEMORY + held + bytes);
                let inflated = inflater.inflate(payload, limit, account).await?;
                session.note_inflated(Direction::Received, inflated.len());
                if is_text && std::str::from_utf8(&inflated).is_err() {
                    return Err(Stop::Failed(ProtocolError::NotUtf8));
                }
                inflated
            } else {
                payload
            };
            let held = MEMORY + payload.capacity();
            session.hold(held)?;
            let first = if is_text { TEXT } else { BINARY };
            if compresses {
                let account = |bytes: usize| session.hold(held + bytes);
                let compressed = deflater.deflate(&payload, account).await?;
                session.send(first | RSV1, compressed).await?;
                session.note_inflated(Direction::Sent, payload.len());
            } else {
                session.send(first, payload).await?;
            }
            if self.compress == When::Alternate {
                compresses = !compresses;
            }
            session.hold(MEMORY)?;
        }
    }
}

/// The decompressor of the client's messages.
struct Inflater {
    decompress: Decompress,
    takeover: bool,
}

impl Inflater {
    /// Inflates a message of at most `limit` bytes (RFC 7692 section 7.2.2). `account` takes the memory of the result so far.
    async fn inflate(
        &mut self,
        mut payload: Vec<u8>,
        limit: u64,
        mut account: impl FnMut(usize) -> Result<(), Stop>,
    ) -> Result<Vec<u8>, Stop> {
        payload.extend(TAIL);
        if !self.takeover {
            self.decompress.reset(false);
        }
        let mut inflated = Vec::new();
        let mut read = 0;
        loop {
            inflated.reserve(PIECE);
            let before = (self.decompress.total_in(), self.decompress.total_out());
            let status = self
                .decompress
                .decompress_vec(&payload[read..], &mut inflated, FlushDecompress::Sync)
                .map_err(|_| Stop::Failed(ProtocolError::BadDeflate))?;
            account(inflated.capacity())?;
            read += (self.decompress.total_in() - before.0) as usize;
            let is_stuck = before == (self.decompress.total_in(), self.decompress.total_out());
            if inflated.len() as u64 > limit {
                return Err(Stop::Failed(ProtocolError::MessageTooBig(limit)));
            }
            match status {
                // A block may be marked as the last one; others follow all the same (section 7.2.3.4).
                Status::StreamEnd => self.decompress.reset(false),
                _ if read == payload.len() && inflated.len() < inflated.capacity() => return Ok(inflated),
                _ if is_stuck => return Err(Stop::Failed(ProtocolError::UnfinishedDeflate)),
                _ => {}
            }
            if read == payload.len() && status == Status::StreamEnd {
                return Ok(inflated);
            }
            yield_now().await;
        }
    }
}

/// The compressor of the server's messages.
struct Deflater {
    compress: Compress,
    takeover: bool,
    flush: Flush,
}

impl Deflater {
    /// Compresses a message (RFC 7692 section 7.2.1). `account` takes the memory of the result so far.
    async fn deflate(
        &mut self,
        payload: &[u8],
        mut account: impl FnMut(usize) -> Result<(), Stop>,
    ) -> Result<Vec<u8>, Stop> {
        if payload.is_empty() && self.flush != Flush::Final {
            // Section 7.2.3.6: zlib has nothing to flush.
            return Ok(vec![0]);
        }
        if !self.takeover {
            self.compress.reset();
        }
        let mut compressed = Vec::new();
        let pieces = payload.len().div_ceil(PIECE).max(1);
        for index in 0..pieces {
            let piece = &payload[(index * PIECE).min(payload.len())..((index + 1) * PIECE).min(payload.len())];
            let flush = match self.flush {
                _ if index + 1 < pieces => FlushCompress::None,
                Flush::Sync | Flush::Stored => FlushCompress::Sync,
                Flush::Full => FlushCompress::Full,
                Flush::Final => FlushCompress::Finish,
            };
            self.push(piece, flush, &mut compressed);
            account(compressed.capacity())?;
            yield_now().await;
        }
        if self.flush == Flush::Final {
            // Section 7.2.3.4: an empty stored block follows, less the four bytes.
            compressed.push(0);
            self.compress.reset();
        } else if compressed.ends_with(&TAIL) {
            compressed.truncate(compressed.len() - TAIL.len());
        }
        Ok(compressed)
    }

    fn push(&mut self, piece: &[u8], flush: FlushCompress, compressed: &mut Vec<u8>) {
        let mut read = 0;
        loop {
            compressed.reserve(PIECE);
            let before = self.compress.total_in();
            // Fails only if a stream that has ended is used again.
            let Ok(status) = self.compress.compress_vec(&piece[read..], compressed, flush) else { return };
            read += (self.compress.total_in() - before) as usize;
            if status == Status::StreamEnd || read == piece.len() && compressed.len() < compressed.capacity() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn each_flush_gives_data_that_inflates() {
        let payload = |size: usize| (0..size).map(|byte| (byte / 3) as u8).collect::<Vec<_>>();
        for flush in [Flush::Sync, Flush::Full, Flush::Final, Flush::Stored] {
            for takeover in [true, false] {
                let level = Compression::new(if flush == Flush::Stored { 0 } else { 6 });
                let compress = Compress::new_with_window_bits(level, false, 10);
                let mut deflater = Deflater { compress, takeover, flush };
                let mut inflater =
                    Inflater { decompress: Decompress::new_with_window_bits(false, 10), takeover };
                for size in [5, 0, 1, PIECE, 300_000, 5] {
                    let compressed = deflater.deflate(&payload(size), |_| Ok(())).await.unwrap();
                    let inflated = inflater.inflate(compressed, 1 << 20, |_| Ok(())).await.unwrap();
                    assert!(inflated == payload(size), "{flush:?} {takeover} {size}");
                }
            }
        }
        let mut inflater = Inflater { decompress: Decompress::new(false), takeover: true };
        let bad = inflater.inflate(b"\xff\xff".to_vec(), 100, |_| Ok(())).await;
        assert!(matches!(bad, Err(Stop::Failed(ProtocolError::BadDeflate))));
    }

    #[test]
    fn an_answer_goes_only_with_an_offer_that_allows_it() {
        let scenario = |server_takeover: bool, server_bits, client_bits| Deflate {
            server_no_context_takeover: !server_takeover,
            client_no_context_takeover: false,
            server_max_window_bits: server_bits,
            client_max_window_bits: client_bits,
            compress: When::Always,
            level: 6,
            flush: Flush::Sync,
        };
        let offer = Offer::default();
        let limited = Offer { server_max_window_bits: Some(12), ..offer };
        let client = Offer { client_max_window_bits: Some(None), ..offer };
        let client_12 = Offer { client_max_window_bits: Some(Some(12)), ..offer };
        let no_takeover = Offer { server_no_context_takeover: true, ..offer };
        for (scenario, offer, suits) in [
            (scenario(true, 15, 15), offer, true),
            (scenario(false, 10, 15), offer, true),
            (scenario(true, 15, 10), offer, false),
            (scenario(true, 15, 10), client, true),
            (scenario(true, 15, 12), client_12, true),
            (scenario(true, 15, 13), client_12, false),
            (scenario(true, 15, 15), limited, false),
            (scenario(true, 12, 15), limited, true),
            (scenario(true, 13, 15), limited, false),
            (scenario(true, 15, 15), no_takeover, false),
            (scenario(false, 15, 15), no_takeover, true),
        ] {
            assert_eq!(scenario.suits(&offer), suits, "{scenario:?} {offer:?}");
        }
    }
}
