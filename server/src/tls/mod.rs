//! TLS 1.2 and 1.3 by rustls: the certificate, and the handshake of a connection.

pub(crate) mod acceptor;
pub(crate) mod certificate;
