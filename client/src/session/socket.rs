//! A WebSocket that reports its events, in order and in batches. It runs in the worker.

use std::future::poll_fn;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use futures_util::{SinkExt as _, StreamExt as _};
use gloo_net::websocket::futures::WebSocket as Stream;
use gloo_net::websocket::{Message, WebSocketError};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::WebSocket;
use ws_echo_shared::CloseCode;
use yew::Callback;

use super::event_batcher::EventBatcher;
use super::model::port::Report;
use crate::browser::page;
use crate::browser::reason::reason;
use crate::connection::model::message::Body;
use crate::connection::model::options::CloseRequest;
use crate::connection::model::phase::Opened;
use crate::connection::model::url_problem::UrlFault;

/// A connection, from the handshake on. Dropping it closes the socket and ends the events.
pub struct Connection {
    socket: WebSocket,
    batcher: Rc<EventBatcher>,
    reading: AbortHandle,
}

impl Connection {
    /// Begins the handshake, unless the browser refuses the URL. The receiver gets all events, once this has returned.
    pub fn open(url: &str, protocols: &[String], receiver: Callback<Vec<Report>>) -> Result<Self, UrlFault> {
        let protocols: Array = protocols.iter().map(|name| JsValue::from_str(name)).collect();
        let socket = WebSocket::new_with_str_sequence(url, &protocols)
            .map_err(|error| UrlFault::Refused(reason(&error)))?;
        // Chromium closes a socket that the page's policy forbids at once, and reports it without a close event.
        if socket.ready_state() == WebSocket::CLOSED {
            return Err(UrlFault::Forbidden);
        }
        let stream = Stream::try_from(socket.clone()).map_err(|error| UrlFault::Refused(error.message))?;
        let batcher = EventBatcher::new(receiver);
        let (read, reading) = abortable(read(socket.clone(), stream, batcher.clone()));
        spawn_local(async {
            // Both results, done and aborted, need no action.
            let _ = read.await;
        });
        Ok(Self { socket, batcher, reading })
    }

    /// Sends a message, and reports the result.
    pub fn send(&self, body: &Body) {
        let at_ms = page::time();
        // On a closing connection a browser would accept the message and lose it.
        self.batcher.put(if self.socket.ready_state() == WebSocket::OPEN {
            let sent = match body {
                Body::Text(text) => self.socket.send_with_str(text),
                Body::Binary(bytes) => self.socket.send_with_u8_array(bytes),
            };
            sent.map_or_else(|error| Report::NotSent(reason(&error), at_ms), |()| Report::Sent(at_ms))
        } else {
            Report::NotOpen
        });
    }

    /// Goes on after the page has taken the last reports.
    pub fn more(&self) {
        self.batcher.more();
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
        batcher.put(Report::Opened(Opened {
            protocol: socket.protocol().into(),
            extensions: socket.extensions().into(),
            at_ms: page::time() as u64,
        }));
    }
    while let Some(next) = stream.next().await {
        batcher.put(match next {
            Ok(Message::Text(text)) => Report::Received(Body::text(text), page::time()),
            Ok(Message::Bytes(bytes)) => Report::Received(Body::binary(bytes), page::time()),
            Err(WebSocketError::ConnectionClose(close)) => {
                Report::Closed(CloseCode(close.code), close.reason, close.was_clean, page::time())
            }
            // The error event has no information; the close event follows.
            Err(_) => continue,
        });
    }
    // The batcher must stay alive, because events in it wait for its timer. This task ends when the connection is dropped.
    drop(stream);
    std::future::pending::<()>().await;
}
