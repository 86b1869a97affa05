//! TLS 1.2 and 1.3 by rustls: whose certificate is shown, how a connection begins, and how the engine's sockets go on with it.

mod accept;
mod certificate;
mod session;

pub use accept::Tls;
pub use certificate::{CertificateError, CertificateFiles, Fault};
pub(crate) use session::Session;
