//! The certificate: read from two files, checked before it is used, and read again on request.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use rustls::{
    InconsistentKeys,
    crypto::CryptoProvider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tracing::info;
use x509_cert::{Certificate, der::Decode as _, time::Time};

use crate::{config::certificate_files::CertificateFiles, metrics::Metrics};

/// Reasons for which a certificate cannot be used. Each text names a remedy.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file does not exist, or may not be read.
    #[error("cannot read {path:?} that {flag} names")]
    Unreadable { path: PathBuf, flag: &'static str, source: io::Error },
    /// A file has the wrong content.
    #[error("{path:?} that {flag} names {fault}")]
    Wrong {
        path: PathBuf,
        flag: &'static str,
        /// The fault of the file, with a remedy.
        fault: FileFault,
    },
    /// The key does not belong to the certificate.
    #[error(
        "the key in {key:?} is not that of the certificate in {chain:?}; --tls-key must name the key that it was made for, and the certificate must be the first in its file"
    )]
    Mismatch { chain: PathBuf, key: PathBuf },
}

/// Faults of a file.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    #[error("has no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----")]
    NoCertificate,
    #[error("has no private key in PEM form, which begins with -----BEGIN PRIVATE KEY-----")]
    NoKey,
    /// A key that needs a password.
    #[error(
        "has a key that is encrypted; decrypt it first, for example with 'openssl pkey -in FILE -out NEW_FILE'"
    )]
    Encrypted,
    /// Content that cannot be decoded.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// A kind of key that rustls does not support.
    #[error(
        "has a key that cannot be used ({0}); use RSA with at least 2048 bits, ECDSA with P-256 or P-384, or Ed25519"
    )]
    Unusable(String),
    /// The validity of the certificate has ended.
    #[error("expired at {0}; renew it")]
    Expired(String),
    /// The validity of the certificate has not begun.
    #[error("is not valid before {0}; is the clock of this machine right?")]
    NotYet(String),
}

const CHAIN_FLAG: &str = "--tls-cert";
const KEY_FLAG: &str = "--tls-key";

impl CertificateFiles {
    /// Reads and checks the certificate and its key.
    fn load(&self, provider: &CryptoProvider) -> Result<Loaded, CertificateError> {
        let chain_error =
            |fault| CertificateError::Wrong { path: self.chain.clone(), flag: CHAIN_FLAG, fault };
        let key_error = |fault| CertificateError::Wrong { path: self.key.clone(), flag: KEY_FLAG, fault };

        let chain = CertificateDer::pem_slice_iter(&read(&self.chain, CHAIN_FLAG)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| chain_error(FileFault::Damaged(error.to_string())))?;
        let Some(leaf) = chain.first() else { return Err(chain_error(FileFault::NoCertificate)) };
        let leaf = Certificate::from_der(leaf)
            .map_err(|error| chain_error(FileFault::Damaged(error.to_string())))?;
        let valid = leaf.tbs_certificate().validity();
        let now = SystemTime::now();
        if now > valid.not_after.to_system_time() {
            return Err(chain_error(FileFault::Expired(valid.not_after.to_string())));
        }
        if now < valid.not_before.to_system_time() {
            return Err(chain_error(FileFault::NotYet(valid.not_before.to_string())));
        }

        let pem = read(&self.key, KEY_FLAG)?;
        let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
            key_error(match error {
                pem::Error::NoItemsFound if is_encrypted(&pem) => FileFault::Encrypted,
                pem::Error::NoItemsFound => FileFault::NoKey,
                error => FileFault::Damaged(error.to_string()),
            })
        })?;
        let key = provider
            .key_provider
            .load_private_key(key)
            .map_err(|error| key_error(FileFault::Unusable(error.to_string())))?;
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
            Err(rustls::Error::InconsistentKeys(_)) => {
                return Err(CertificateError::Mismatch { chain: self.chain.clone(), key: self.key.clone() });
            }
            Err(error) => return Err(chain_error(FileFault::Damaged(error.to_string()))),
        }
        Ok(Loaded {
            certified: Arc::new(certified),
            subject: leaf.tbs_certificate().subject().to_string(),
            not_after: valid.not_after,
        })
    }
}

/// A certificate that may be used.
struct Loaded {
    certified: Arc<CertifiedKey>,
    subject: String,
    not_after: Time,
}

fn read(path: &Path, flag: &'static str) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(path).map_err(|source| CertificateError::Unreadable { path: path.to_owned(), flag, source })
}

/// True if there is a key with a password: in the form of PKCS #8, or in that of OpenSSL, which has a header for it.
fn is_encrypted(pem: &[u8]) -> bool {
    let text = String::from_utf8_lossy(pem);
    text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// The certificate in use. Open connections keep the one that they began with.
pub(super) struct Current {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    metrics: Metrics,
    certified: RwLock<Arc<CertifiedKey>>,
}

impl Current {
    pub(super) fn load(
        files: CertificateFiles,
        provider: Arc<CryptoProvider>,
        metrics: Metrics,
    ) -> Result<Self, CertificateError> {
        let loaded = files.load(&provider)?;
        let current =
            Self { files, provider, metrics, certified: RwLock::new(Arc::clone(&loaded.certified)) };
        current.report(&loaded);
        Ok(current)
    }

    /// Reads the files again. If the new certificate cannot be used, the old one stays.
    pub(super) fn reload(&self) -> Result<(), CertificateError> {
        let loaded = self.files.load(&self.provider)?;
        *self.certified.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&loaded.certified);
        self.report(&loaded);
        Ok(())
    }

    /// Logs the certificate in use, and sets its metric.
    fn report(&self, loaded: &Loaded) {
        let Loaded { certified, subject, not_after } = loaded;
        self.metrics.certificate(not_after.to_unix_duration());
        info!(subject, %not_after, certificates = certified.cert.len(), "Certificate loaded");
    }
}

impl ResolvesServerCert for Current {
    /// Returns the same certificate for every name: clients check the name themselves.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.certified.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current").field("files", &self.files).finish_non_exhaustive()
    }
}
