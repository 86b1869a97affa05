//! HTTP/2 (RFC 9113) on a client's connection, with WebSockets on its streams (RFC 8441).
//!
//! [`serve`] drives a connection: the crate `h2` reads and writes its frames, over a [`turn_stream`] that joins them and checks them. [`request`] turns each request into one of HTTP/1.1, so that the rules for handshakes and all routes are the same; an extended
//! CONNECT becomes the GET that RFC 6455 would have been. Streams of the echo go to the [`stream_loop`] of the thread, which gives
//! their connections their turns; all other WebSockets go to handlers of the App over the [`bridge`](crate::serving::bridge). Both see a
//! [`stream`]. [`response`] turns answers back.
//!
//! actix-http has a server of HTTP/2 of its own. It drops `:protocol`, and is built on an older `h2` with an open advisory.

mod client;
mod frame_check;
mod io_error;
mod piece;
mod request;
mod response;
pub(crate) mod serve;
mod stream;
pub(crate) mod stream_loop;
mod turn_stream;
