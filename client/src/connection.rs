//! The socket: what it does is told as [`Event`]s, in order and in batches.

use std::future::poll_fn;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use futures_util::{SinkExt as _, StreamExt as _};
use gloo_net::websocket::futures::WebSocket as Stream;
use gloo_net::websocket::{Message, WebSocketError};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DomException, WebSocket};
use ws_echo_shared::CloseCode;
use yew::Callback;

use crate::inbox::Inbox;
use crate::state::message::Body;
use crate::state::notice::Unsent;
use crate::state::session::Event;

/// A connection, from the handshake on. Dropped, it closes, and tells nothing more.
pub struct Connection {
    socket: WebSocket,
    reading: AbortHandle,
}

impl Connection {
    /// Begins the handshake. The receiver gets all that follows, and nothing before this returns.
    ///
    /// # Errors
    ///
    /// The browser's reason to refuse the URL.
    pub fn open(url: &str, receiver: Callback<Vec<Event>>) -> Result<Self, String> {
        let socket = WebSocket::new(url).map_err(|error| reason(&error))?;
        let stream = Stream::try_from(socket.clone()).map_err(|error| error.message)?;
        let (read, reading) = abortable(read(socket.clone(), stream, Inbox::new(receiver)));
        spawn_local(async {
            // At its end or aborted, there is nothing left to do.
            let _ = read.await;
        });
        Ok(Self { socket, reading })
    }

    /// Sends a text message.
    ///
    /// # Errors
    ///
    /// Why it was not sent.
    pub fn send(&self, text: &str) -> Result<(), Unsent> {
        // On a closing connection a browser would take the text, and lose it.
        if self.socket.ready_state() != WebSocket::OPEN {
            return Err(Unsent::NotOpen);
        }
        self.socket.send_with_str(text).map_err(|error| Unsent::Refused(reason(&error)))
    }

    /// Begins the closing handshake. What still comes, and the end, is told as before.
    pub fn close(&self) {
        // Fails only for a code that a page may not send.
        let _ = self.socket.close_with_code(CloseCode::NORMAL.0);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
        self.reading.abort();
    }
}

async fn read(socket: WebSocket, mut stream: Stream, inbox: Rc<Inbox>) {
    // gloo-net's stream does not tell that the handshake is over; its sink does, but not whether it succeeded.
    let _ = poll_fn(|context| stream.poll_ready_unpin(context)).await;
    if socket.ready_state() == WebSocket::OPEN {
        inbox.put(Event::Opened);
    }
    while let Some(next) = stream.next().await {
        inbox.put(match next {
            Ok(Message::Text(text)) => Event::Received(Body::text(text)),
            Ok(Message::Bytes(bytes)) => Event::Received(Body::binary(&bytes)),
            Err(WebSocketError::ConnectionClose(close)) => {
                Event::Closed { code: CloseCode(close.code), reason: close.reason.into() }
            }
            // The event named error says nothing, but that the close event is next.
            Err(_) => continue,
        });
    }
    // What the inbox still holds waits for its timer, for as long as the page keeps this connection.
    drop(stream);
    std::future::pending::<()>().await;
}

/// What the browser says of its own error.
fn reason(error: &JsValue) -> String {
    error.dyn_ref::<DomException>().map_or_else(|| format!("{error:?}"), DomException::message)
}
