//! How a connection over TLS begins.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::rt::{self, net::TcpStream, time::timeout};
use rustls::{ServerConfig, crypto::ring};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tracing::{debug, error, warn};

use super::certificate::{CertificateError, Current};
use crate::{config::certificate_files::CertificateFiles, metrics::Metrics};

/// The first byte of a client that speaks TLS: the type of the record of its handshake (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

/// What a client is told that does not speak TLS where it should.
const SPEAK_TLS: &str = "this port speaks TLS: use https:// or wss://\n";

/// How long such a client may take to read it.
const LINGER: Duration = Duration::from_secs(1);

/// The most that a TLS session keeps of what is sent, in bytes. rustls alone would keep 64 KiB of an answer that is not read.
pub(crate) const BUFFER: usize = 8 * 1024;

/// Reasons for which TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// rustls refuses its settings.
    #[error("TLS cannot be spoken")]
    Rustls(#[from] rustls::Error),
}

/// How TLS is spoken. Cloning gives another handle to the same certificate.
#[derive(Debug, Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificate: Arc<Current>,
    /// The number of requests to read the files anew since they were last read.
    requested_reloads: Arc<AtomicUsize>,
    metrics: Metrics,
}

impl Tls {
    /// Reads the certificate. TLS 1.2 and 1.3 are spoken, and HTTP/1.1 over them.
    pub(crate) fn new(files: CertificateFiles, metrics: Metrics) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let certificate = Arc::new(Current::load(files, Arc::clone(&provider), metrics.clone())?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificate) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), certificate, requested_reloads: Arc::default(), metrics })
    }

    /// Reads the certificate anew, for handshakes to come. If it is not good, the one in use stays. Returns at once: a file that
    /// blocks, such as a pipe or a dead network's, holds only a thread of its own.
    pub fn reload(&self) {
        // A request that comes while the files are read counts for another reading: they may have changed since.
        if self.requested_reloads.fetch_add(1, Ordering::AcqRel) > 0 {
            return warn!(
                "The certificate's files are still being read; they are read once more behind that"
            );
        }
        let (certificate, requested) = (Arc::clone(&self.certificate), Arc::clone(&self.requested_reloads));
        let reader = std::thread::Builder::new().name("certificate".into()).spawn(move || {
            let mut seen = requested.load(Ordering::Acquire);
            loop {
                if let Err(error) = certificate.reload() {
                    error!("The certificate in use stays: {error}");
                }
                match requested.compare_exchange(seen, 0, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => break,
                    Err(now) => seen = now,
                }
            }
        });
        if let Err(error) = reader {
            self.requested_reloads.store(0, Ordering::Release);
            error!("The certificate in use stays: no thread to read the files: {error}");
        }
    }

    /// Shakes hands with a client that may take so long for it.
    pub(crate) async fn accept(
        self,
        stream: TcpStream,
        time_limit: Duration,
    ) -> io::Result<TlsStream<TcpStream>> {
        let peer = stream.peer_addr().ok();
        match timeout(time_limit, self.shake_hands(stream)).await {
            Ok(Ok(Some(stream))) => Ok(stream),
            // A probe that looks whether the port is open.
            Ok(Ok(None)) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Err(error)) => {
                self.metrics.tls_failed();
                warn!(peer = peer.map(tracing::field::display), "TLS error: {error}");
                Err(error)
            }
            Err(_) => {
                self.metrics.tls_failed();
                debug!(peer = peer.map(tracing::field::display), "TLS error: no handshake in time");
                Err(io::ErrorKind::TimedOut.into())
            }
        }
    }

    /// None if the client has gone without a word.
    async fn shake_hands(&self, stream: TcpStream) -> io::Result<Option<TlsStream<TcpStream>>> {
        // Without it, answers are as good, and slower.
        let _ = stream.set_nodelay(true);
        let mut first = [0];
        match stream.peek(&mut first).await {
            Ok(1..) => {}
            Ok(0) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            Err(error) => return Err(error),
        }
        if first != [HANDSHAKE] {
            rt::spawn(timeout(LINGER, speak_tls(stream)));
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the client does not speak TLS"));
        }
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        acceptor.accept_with(stream, |session| session.set_buffer_limit(Some(BUFFER))).await.map(Some)
    }
}

/// Answers a client that speaks HTTP, and maybe understands nothing else.
async fn speak_tls(mut stream: TcpStream) -> io::Result<()> {
    let len = SPEAK_TLS.len();
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len}\r\n\
         Connection: close\r\n\r\n{SPEAK_TLS}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // Closed with something unread, the connection would be reset, and the answer lost.
    tokio::io::copy(&mut stream.take(64 * 1024), &mut tokio::io::sink()).await?;
    Ok(())
}
