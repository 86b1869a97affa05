//! The files of the certificate.

use std::path::PathBuf;

/// Where the certificate and its key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate in PEM form, and behind it those of its issuers.
    pub chain: PathBuf,
    /// Its private key in PEM form.
    pub key: PathBuf,
}
