//! Certificates for a test, and clients that trust them.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
    version::{TLS12, TLS13},
};
use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// Certificate for localhost and 127.0.0.1, and its key, in files.
pub struct Identity {
    _folder: TempDir,
    pub chain: PathBuf,
    pub key: PathBuf,
    pub der: CertificateDer<'static>,
}

impl Identity {
    #[allow(clippy::new_without_default, reason = "it makes a key, and writes files")]
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// Creates a certificate with changed parameters.
    pub fn with(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let identity = Self {
            chain: folder.path().join("chain.pem"),
            key: folder.path().join("key.pem"),
            _folder: folder,
            der: certificate.der().clone(),
        };
        identity.write(&certificate.pem(), &key.serialize_pem());
        identity
    }

    /// Writes this certificate and key into the files of another one.
    pub fn replace(&self, other: &Self) {
        std::fs::copy(&self.chain, &other.chain).unwrap();
        std::fs::copy(&self.key, &other.key).unwrap();
    }

    pub fn write(&self, chain: &str, key: &str) {
        std::fs::write(&self.chain, chain).unwrap();
        std::fs::write(&self.key, key).unwrap();
    }

    /// Flags of a server that uses this certificate on a free port.
    pub fn flags(&self) -> [&str; 6] {
        [
            "--listen",
            "tls:127.0.0.1:0",
            "--tls-cert",
            self.chain.to_str().unwrap(),
            "--tls-key",
            self.key.to_str().unwrap(),
        ]
    }

    /// Client that trusts this certificate only, and offers these protocols by ALPN (RFC 7301).
    fn client(&self, versions: &[&'static SupportedProtocolVersion], protocols: &[&str]) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        // For tests that encrypt their own records.
        config.enable_secret_extraction = true;
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsConnector::from(Arc::new(config))
    }

    /// Connects to a server that uses this certificate.
    pub async fn connect(&self, address: SocketAddr) -> std::io::Result<TlsStream<TcpStream>> {
        self.connect_with(address, &VERSIONS).await
    }

    /// Connects in one of these versions of TLS.
    pub async fn connect_with(
        &self,
        address: SocketAddr,
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        self.shake_hands(address, &self.client(versions, &[])).await
    }

    /// Connects, and offers these protocols by ALPN (RFC 7301).
    pub async fn offering(
        &self,
        address: SocketAddr,
        protocols: &[&str],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        self.shake_hands(address, &self.client(&VERSIONS, protocols)).await
    }

    /// Performs the TLS handshake on a TCP connection.
    pub async fn connect_over(&self, tcp: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.client(&VERSIONS, &[]).connect(ServerName::try_from("localhost").unwrap(), tcp).await
    }

    async fn shake_hands(
        &self,
        address: SocketAddr,
        connector: &TlsConnector,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from("localhost").unwrap();
        connector.connect(name, TcpStream::connect(address).await?).await
    }
}

/// TCP relay through which clients without TLS reach a server with TLS.
pub struct Relay {
    pub address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Relay {
    pub async fn to(server: SocketAddr, identity: &Identity) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connector = identity.client(&VERSIONS, &[]);
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let connector = connector.clone();
                tokio::spawn(async move {
                    let name = ServerName::try_from("localhost").unwrap();
                    let server = TcpStream::connect(server).await.unwrap();
                    let mut server = connector.connect(name, server).await.unwrap();
                    // Any end, clean or not, ends both sides.
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                });
            }
        });
        Self { address, task }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}
