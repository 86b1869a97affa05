//! Turns answers into those of HTTP/2, and sends them.

use std::{future::poll_fn, io, pin::pin, time::Duration};

use actix_http::{
    Response, ResponseHead,
    body::{BodySize, BoxBody, MessageBody as _},
};
use actix_web::{
    http::{StatusCode, header},
    web::Bytes,
};
use h2::{SendStream, server::SendResponse};
use http::{HeaderName, HeaderValue};
use tokio::time::timeout;

use super::{
    io_error::io_error,
    piece::{Piece, Unwritten},
};
use crate::http1::response::date;

/// Limit of the bytes of a stream that are handed over at a time.
const PIECE: usize = 16 * 1024;

/// Header fields that HTTP/2 does not have (RFC 9113 section 8.2.2), or that belong to the handshake of HTTP/1.1.
const LEFT_OUT: [header::HeaderName; 5] = [
    header::CONNECTION,
    header::UPGRADE,
    header::TRANSFER_ENCODING,
    header::CONTENT_LENGTH,
    header::SEC_WEBSOCKET_ACCEPT,
];

/// Returns the head of an answer as one of HTTP/2. A 101 becomes a 200 (RFC 8441 section 5). `size` is the size of the body.
pub(super) fn head(response: &ResponseHead, size: BodySize) -> http::Response<()> {
    let is_websocket = response.status == StatusCode::SWITCHING_PROTOCOLS;
    let status = if is_websocket { 200 } else { response.status.as_u16() };
    let mut head = http::Response::new(());
    *head.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = head.headers_mut();
    // The length of a 304 is that of the answer to a GET, which only the handler knows (RFC 9110 section 8.6).
    let has_content = has_content(response.status);
    let fields = response.headers.iter().filter(|(name, _)| {
        !LEFT_OUT.contains(name) || **name == header::CONTENT_LENGTH && !has_content && !is_websocket
    });
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    if is_websocket {
        return head;
    }
    let length = match size {
        BodySize::None => Some(0),
        BodySize::Sized(length) => Some(length),
        BodySize::Stream => None,
    };
    if let Some(length) = length.filter(|_| has_content) {
        headers.insert(http::header::CONTENT_LENGTH, length.into());
    }
    if !headers.contains_key(http::header::DATE)
        && let Ok(date) = HeaderValue::from_str(&date())
    {
        headers.insert(http::header::DATE, date);
    }
    head
}

fn has_content(status: StatusCode) -> bool {
    !(status.is_informational() || status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED)
}

/// Sends an answer. `unread` is the time limit for a client that takes nothing of it.
///
/// # Errors
/// The stream or its connection has ended, or the time is over.
pub(super) async fn send(
    mut respond: SendResponse<Piece>,
    response: Response<BoxBody>,
    is_head: bool,
    unread: Duration,
    unwritten: &Unwritten,
) -> io::Result<()> {
    let (response, body) = response.into_parts();
    let size = body.size();
    let is_empty =
        is_head || !has_content(response.status()) || matches!(size, BodySize::None | BodySize::Sized(0));
    let head = head(response.head(), size);
    let mut stream = respond.send_response(head, is_empty).map_err(io_error)?;
    if is_empty {
        return Ok(());
    }
    let mut body = pin!(body);
    while let Some(piece) = poll_fn(|cx| body.as_mut().poll_next(cx)).await {
        let piece = piece.map_err(|error| io::Error::other(error.to_string()))?;
        send_piece(&mut stream, piece, unread, unwritten).await?;
    }
    stream.send_data(unwritten.piece(Bytes::new()), true).map_err(io_error)
}

async fn send_piece(
    stream: &mut SendStream<Piece>,
    mut bytes: Bytes,
    unread: Duration,
    unwritten: &Unwritten,
) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.reserve_capacity(bytes.len().min(PIECE));
        while stream.capacity() == 0 {
            let more = timeout(unread, poll_fn(|cx| stream.poll_capacity(cx))).await;
            more.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
                .ok_or(io::ErrorKind::ConnectionReset)?
                .map_err(io_error)?;
        }
        let piece = bytes.split_to(stream.capacity().min(bytes.len()));
        stream.send_data(unwritten.piece(piece), false).map_err(io_error)?;
    }
    Ok(())
}
