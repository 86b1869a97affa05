//! Takes the handshakes at the path of the echo over for the engine, with their sockets.

use std::{fmt::Write as _, time::Instant};

use actix_http::ws::hash_key;
use actix_web::{dev::RequestHead, http::Method, web::Bytes};
use tracing::{field::display, info, warn};
use ws_echo_engine::Echo;

use crate::{
    admission::connections::Connections,
    config::echo_policy::EchoPolicy,
    event_loop::{pool::Dispatcher, thread::Arrival},
    handshake::request::{Admitted, Handshake, Refusal, admit, is_at},
    http1::client_stream::ClientStream,
    logging::shortened,
};

/// What the engine's handshakes need.
#[derive(Clone)]
pub(crate) struct Native {
    pub(crate) policy: EchoPolicy,
    pub(crate) connections: Connections,
    pub(crate) dispatcher: Dispatcher,
    /// The path of the echo.
    pub(crate) echo: String,
}

impl Native {
    /// True if a request is for the echo.
    pub(crate) fn serves(&self, head: &RequestHead) -> bool {
        head.method == Method::GET && is_at(head, &self.echo)
    }

    /// Decides about a request that it [`serves`](Self::serves), once and for all: nobody asks again.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) fn admit<'a>(&self, head: &'a RequestHead) -> Result<Admitted<'a>, Refusal> {
        admit(head, &self.policy, &self.connections)
    }

    /// Gives an admitted client's socket to the engine. `early` came behind the head of the handshake, which was there at `asked`.
    pub(crate) fn hand_over(
        &self,
        admitted: Admitted<'_>,
        stream: impl ClientStream,
        early: Bytes,
        asked: Instant,
    ) {
        let Admitted { handshake, place, who } = admitted;
        let peer = who.peer.map(display);
        let subprotocol = handshake.subprotocol.map(shortened);
        info!(
            id = place.id,
            peer,
            client = who.forwarded.map(display),
            subprotocol = subprotocol.as_deref(),
            "Connected..."
        );
        // The engine has its own clock for what is not read.
        #[cfg(target_os = "linux")]
        let _ = socket2::SockRef::from(stream.tcp()).set_tcp_user_timeout(None);
        match stream.into_socket() {
            Ok(socket) => self.dispatcher.dispatch(Arrival {
                socket,
                echo: Echo::new(self.policy.limits, handshake.deflate.as_ref()),
                response: switching_protocols(&handshake),
                early,
                place,
                peer: who.peer,
                asked,
            }),
            Err(error) => warn!(id = place.id, "Upgrade error: {error}"),
        }
    }
}

/// The head of the response (RFC 6455 section 4.2.2 item 5).
fn switching_protocols(handshake: &Handshake<'_>) -> Vec<u8> {
    let mut head = String::from(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ",
    );
    head.extend(hash_key(handshake.key).map(char::from));
    let extensions = handshake.deflate.as_ref().map(|agreement| agreement.response.as_str());
    for (name, value) in [("Protocol", handshake.subprotocol), ("Extensions", extensions)] {
        if let Some(value) = value {
            let _ = write!(head, "\r\nSec-WebSocket-{name}: {value}");
        }
    }
    head.push_str("\r\n\r\n");
    head.into_bytes()
}
