//! A listener: it serves each of its clients by the version of HTTP that the client speaks.
//!
//! A client that chose `h2` by ALPN, or begins with the preface of HTTP/2, is served by [`http2`](crate::http2), and every other one by
//! [`http1`](crate::http1). Both decide about handshakes by the same rules, and serve the WebSockets of the App over the same [`bridge`].

pub(crate) mod bridge;
pub(crate) mod client_stream;
pub(crate) mod http;
pub(crate) mod lingering;
pub(crate) mod serve;
pub(crate) mod shared_stream;
