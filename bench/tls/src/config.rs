//! Settings of TLS: version 1.3 with AES-128-GCM, which all implementations have, so that all servers do the same work.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    client::{Resumption, UnbufferedClientConnection},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::UnbufferedServerConnection,
    version::TLS13,
};

use crate::Session;

/// Settings of a client that trusts one certificate.
#[derive(Debug, Clone)]
pub struct Client(Arc<ClientConfig>);

impl Client {
    /// Reads the certificate, and offers `protocol` by ALPN (RFC 7301).
    pub fn trusting(certificate: &Path, protocol: &str) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(certificate).with_context(|| unread(certificate))?)?;
        let provider = CryptoProvider {
            cipher_suites: vec![ring::cipher_suite::TLS13_AES_128_GCM_SHA256],
            ..ring::default_provider()
        };
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        // Each connection costs the server a whole handshake.
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }

    pub fn session(&self) -> Result<Session<UnbufferedClientConnection>> {
        let name = ServerName::try_from("localhost")?;
        Ok(Session::new(UnbufferedClientConnection::new(Arc::clone(&self.0), name)?))
    }
}

/// Settings of a server.
#[derive(Debug, Clone)]
pub struct Server(Arc<ServerConfig>);

impl Server {
    /// Reads the certificate and its key.
    pub fn with(certificate: &Path, key: &Path) -> Result<Self> {
        Ok(Self(Arc::new(server_config(certificate, key)?)))
    }

    pub fn session(&self) -> Result<Session<UnbufferedServerConnection>> {
        Ok(Session::new(UnbufferedServerConnection::new(Arc::clone(&self.0))?))
    }
}

/// The settings of rustls for a server with this certificate: its defaults, with ring.
pub fn server_config(certificate: &Path, key: &Path) -> Result<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| unread(certificate))?;
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| unread(key))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn unread(file: &Path) -> String {
    format!("{} could not be read", file.display())
}
