//! A WebSocket that reports [`Event`]s, in order and in batches.

use std::future::poll_fn;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use futures_util::{SinkExt as _, StreamExt as _};
use gloo_net::websocket::futures::WebSocket as Stream;
use gloo_net::websocket::{Message, WebSocketError};
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::WebSocket;
use ws_echo_shared::CloseCode;
use yew::{AttrValue, Callback};

use super::event_batcher::EventBatcher;
use super::model::notice::Unsent;
use super::model::session::Event;
use crate::browser::page;
use crate::browser::reason::reason;
use crate::connection::model::message::Body;
use crate::connection::model::options::CloseRequest;
use crate::connection::model::phase::Opened;
use crate::connection::model::url_problem::{UrlFault, UrlProblem};

/// A connection, from the handshake on. Dropping it closes the socket and ends the events.
pub struct Connection {
    socket: WebSocket,
    batcher: Rc<EventBatcher>,
    reading: AbortHandle,
}

impl Connection {
    /// Begins the handshake, unless the browser refuses the URL. The receiver gets all events, once this has returned.
    pub fn open(
        url: &str,
        protocols: &[AttrValue],
        receiver: Callback<Vec<Event>>,
    ) -> Result<Self, UrlProblem> {
        let protocols: Array = protocols.iter().map(|name| JsValue::from_str(name)).collect();
        let socket = WebSocket::new_with_str_sequence(url, &protocols)
            .map_err(|error| UrlFault::Refused(reason(&error)).alone())?;
        // Chromium closes a socket that the page's policy forbids at once, and reports it without a close event.
        if socket.ready_state() == WebSocket::CLOSED {
            return Err(UrlFault::Forbidden.alone());
        }
        let stream =
            Stream::try_from(socket.clone()).map_err(|error| UrlFault::Refused(error.message).alone())?;
        let batcher = EventBatcher::new(receiver);
        let (read, reading) = abortable(read(socket.clone(), stream, batcher.clone()));
        spawn_local(async {
            // Both results, done and aborted, need no action.
            let _ = read.await;
        });
        Ok(Self { socket, batcher, reading })
    }

    /// Sends a message and reports it as an event.
    pub fn send(&self, body: Body) -> Result<(), Unsent> {
        // On a closing connection a browser would accept the message and lose it.
        if self.socket.ready_state() != WebSocket::OPEN {
            return Err(Unsent::NotOpen);
        }
        let at_ms = page::time();
        match &body {
            Body::Text(text) => self.socket.send_with_str(text),
            Body::Binary(bytes) => self.socket.send_with_u8_array(bytes),
        }
        .map_err(|error| Unsent::Refused { reason: reason(&error), at_ms })?;
        self.batcher.put(Event::Sent(body, at_ms));
        Ok(())
    }

    pub fn buffered(&self) -> u32 {
        self.socket.buffered_amount()
    }

    /// Begins the closing handshake. Events continue until the connection has ended.
    pub fn close(&self, request: &CloseRequest) {
        // Fails only for a code or a reason that a page may not send.
        let _ = self.socket.close_with_code_and_reason(request.code.0, &request.reason);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Fails only for a code that a page may not send.
        let _ = self.socket.close_with_code(CloseCode::NORMAL.0);
        self.reading.abort();
    }
}

async fn read(socket: WebSocket, mut stream: Stream, batcher: Rc<EventBatcher>) {
    // gloo-net's stream does not report the end of the handshake. Its sink does, but not if the handshake succeeded.
    let _ = poll_fn(|context| stream.poll_ready_unpin(context)).await;
    if socket.ready_state() == WebSocket::OPEN {
        batcher.put(Event::Opened(Opened {
            protocol: socket.protocol().into(),
            extensions: socket.extensions().into(),
            at_ms: page::time() as u64,
        }));
    }
    while let Some(next) = stream.next().await {
        batcher.put(match next {
            Ok(Message::Text(text)) => received(text.len(), || Body::text(text)).await,
            Ok(Message::Bytes(bytes)) => received(bytes.len(), || Body::binary(bytes)).await,
            Err(WebSocketError::ConnectionClose(close)) => Event::Closed {
                code: CloseCode(close.code),
                reason: close.reason.into(),
                clean: close.was_clean,
                at_ms: page::time() as u64,
            },
            // The error event has no information; the close event follows.
            Err(_) => continue,
        });
    }
    // The batcher must stay alive, because events in it wait for its timer. This task ends when the connection is dropped.
    drop(stream);
    std::future::pending::<()>().await;
}

/// Converts a received message to an event. Before and after the conversion of a long message, the browser can do other work.
async fn received(bytes: usize, body: impl FnOnce() -> Body) -> Event {
    const LONG: usize = 8 << 20;
    let at_ms = page::time();
    let is_long = bytes > LONG;
    if is_long {
        TimeoutFuture::new(0).await;
    }
    let body = body();
    if is_long {
        TimeoutFuture::new(0).await;
    }
    Event::Received(body, at_ms)
}
