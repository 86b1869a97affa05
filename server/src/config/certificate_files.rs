//! The files of the certificate.

use std::path::PathBuf;

/// Paths of the certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate in PEM form, followed by those of its issuers.
    pub chain: PathBuf,
    /// The private key of the certificate in PEM form.
    pub key: PathBuf,
}
