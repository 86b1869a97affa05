//! HTTP/1.1 (RFC 9112) on a client's connection, in front of the App.
//!
//! [`serve`] takes one request at a time: [`head`] collects the bytes of its head, [`request`] parses them. A handshake is decided
//! by [`Endpoints::decide`](crate::handshake::decision::Endpoints::decide): an admitted one goes to an event loop, or to a
//! handler of the App over the [`bridge`]. All other requests are answered by the App, and [`response`] encodes the answer. Pipelined
//! requests stay in the socket until the answer before them has left. A request that breaks the protocol gets a
//! [`BadRequest`](bad_request::BadRequest) before the App sees it.
//!
//! actix-http's own dispatcher is not used: it answers bad requests without a word, takes an upgrade by another rule than the
//! handshake does, and leaves no place for a limit on its reading ahead.

pub(crate) mod bad_request;
mod bridge;
pub(crate) mod client_stream;
mod head;
mod lingering;
mod request;
mod response;
pub(crate) mod serve;
