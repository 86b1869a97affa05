//! TLS 1.2 and 1.3 by rustls: the certificate, and the session of a connection from its handshake on.

pub(crate) mod acceptor;
pub(crate) mod certificate;
pub(crate) mod session;
pub(crate) mod stream;
