//! HTTP/1.1 (RFC 9112) on a client's connection, in front of the App.
//!
//! [`serve`] takes one request at a time: [`head`] collects the bytes of its head, and [`request`] parses them. A handshake is
//! decided by [`Endpoints::decide`](crate::handshake::decision::Endpoints::decide): an admitted one goes to an event loop, or to
//! a handler of the App over the [`bridge`](crate::serving::bridge). All other requests are answered by the App, and [`response`] encodes the answer.
//! Pipelined requests stay in the socket until the answer before them is sent. A request that breaks the protocol gets a
//! [`BadRequest`](bad_request::BadRequest) before the App sees it. A connection that begins with the preface of HTTP/2 goes to
//! [`http2`](crate::http2).
//!
//! The dispatcher of actix-http is not used: it answers bad requests without a text, recognizes an upgrade by another rule than
//! the handshake does, and has no limit for its read-ahead.

pub(crate) mod bad_request;
mod bridged_stream;
mod head;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod serve;
