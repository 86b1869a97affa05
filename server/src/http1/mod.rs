//! HTTP/1.1 (RFC 9112) on a client's connection, in front of the App.
//!
//! [`serve`] takes one request at a time: [`head`] collects the bytes of its head, [`request`] parses them, the App or the engine
//! answers, [`response`] encodes the answer. What a client has pipelined stays in the socket until the answer before it has left.
//! A request that breaks the protocol gets a [`BadRequest`] before the App sees it.
//!
//! actix-http's own dispatcher is not used: it answers bad requests without a word, takes an upgrade by another rule than the
//! handshake does, and leaves no place for a limit on what it reads ahead.

mod bad_request;
mod bridge;
pub(crate) mod client_stream;
pub(crate) mod connection;
mod head;
mod request;
mod response;
