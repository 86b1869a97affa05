//! The opening handshake (RFC 6455 section 4.2).

pub(crate) mod request;
pub(crate) mod upgrade;
