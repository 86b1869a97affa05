//! A certificate for servers with TLS.

use std::{fs, path::Path};

use anyhow::Result;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

/// Writes a certificate for localhost that signs itself, and its key for ECDSA on P-256. Reports the names of the files.
pub(crate) fn write(folder: &Path) -> Result<Value> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?;
    let (chain, secret) = (folder.join("chain.pem"), folder.join("key.pem"));
    fs::write(&chain, certificate.pem())?;
    fs::write(&secret, key.serialize_pem())?;
    Ok(json!({ "chain": chain, "key": secret }))
}
