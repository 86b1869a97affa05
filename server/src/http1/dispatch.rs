//! Gives the socket of an admitted handshake to an event loop.

use std::time::Instant;

use actix_web::web::Bytes;
use tracing::warn;
use ws_echo_engine::Echo;
use ws_echo_shared::limits::Limits;

use crate::{
    event_loop::{pool::Dispatcher, thread::Arrival},
    handshake::decision::Admitted,
    http1::client_stream::ClientStream,
};

/// Hands the connection over. `early` came behind the head of the handshake, which was complete at `requested_at`.
pub(super) fn dispatch(
    dispatcher: &Dispatcher,
    admitted: Admitted,
    limits: Limits,
    stream: impl ClientStream,
    early: Bytes,
    requested_at: Instant,
) {
    let Admitted { handshake, permit, client } = admitted;
    // The event loop has its own deadline for unread answers.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream.tcp()).set_tcp_user_timeout(None);
    match stream.into_socket() {
        Ok(socket) => dispatcher.dispatch(Arrival {
            socket,
            echo: Echo::new(limits, handshake.deflate.as_ref()),
            response: handshake.response_head(),
            early,
            permit,
            peer: client.peer,
            requested_at,
        }),
        Err(error) => warn!(id = permit.id, "Upgrade error: {error}"),
    }
}
