//! The TLS handshake of a connection.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::rt::{self, net::TcpStream, time::timeout};
use rustls::{
    ServerConfig,
    crypto::ring,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tracing::{debug, error, warn};

use super::{
    certificate::{CertificateError, Current},
    session::Session,
    stream::TlsStream,
};
use crate::{config::certificate_files::CertificateFiles, metrics::Metrics};

/// First byte of a TLS client: the type of a handshake record (RFC 8446 section 5.1).
const HANDSHAKE: u8 = 22;

/// Body of the answer to a client without TLS.
const TLS_REQUIRED: &str = "this port speaks TLS: use https:// or wss://\n";

/// Time limit for such a client to read the answer.
const LINGER: Duration = Duration::from_secs(1);

/// The name of HTTP/2 in ALPN (RFC 9113 section 3.2).
pub(crate) const HTTP_2: &[u8] = b"h2";

/// Reasons for which TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// rustls refuses its settings.
    #[error("cannot set up TLS")]
    Rustls(#[from] rustls::Error),
}

/// The settings of TLS. Cloning gives another handle to the same certificate.
#[derive(Debug, Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificate: Arc<Current>,
    /// Number of requests to read the files again since they were last read.
    requested_reloads: Arc<AtomicUsize>,
    metrics: Metrics,
}

impl Tls {
    /// Reads the certificate. The versions are TLS 1.2 and 1.3, the protocol over them is HTTP/2 if `http2` and the client chooses it, else
    /// HTTP/1.1.
    pub(crate) fn new(files: CertificateFiles, http2: bool, metrics: Metrics) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let certificate = Arc::new(Current::load(files, Arc::clone(&provider), metrics.clone())?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificate) as _);
        config.alpn_protocols =
            [HTTP_2, b"http/1.1"][usize::from(!http2)..].iter().map(|name| name.to_vec()).collect();
        Ok(Self { config: Arc::new(config), certificate, requested_reloads: Arc::default(), metrics })
    }

    /// Reads the certificate again, for later handshakes. If it cannot be used, the old one stays. Returns at once: the files are
    /// read in a thread of their own, because reading may block, for example on a pipe or a dead network drive.
    pub fn reload(&self) {
        // A request during the reading makes the thread read once more: the files may have changed meanwhile.
        if self.requested_reloads.fetch_add(1, Ordering::AcqRel) > 0 {
            return warn!("The certificate's files are still being read; they are read once more after that");
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

    /// Accepts a client, with a time limit for the TLS handshake.
    pub(crate) async fn accept(self, stream: TcpStream, time_limit: Duration) -> io::Result<TlsStream> {
        let peer = stream.peer_addr().ok();
        match timeout(time_limit, self.handshake(stream)).await {
            Ok(Ok(Some(stream))) => Ok(stream),
            // A probe of the port, which is no error of TLS.
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

    /// Completes the handshake. None if the client closed the connection before it sent a byte.
    async fn handshake(&self, stream: TcpStream) -> io::Result<Option<TlsStream>> {
        // Without this option, answers are only slower.
        let _ = stream.set_nodelay(true);
        let mut first = [0];
        match stream.peek(&mut first).await {
            Ok(1..) => {}
            Ok(0) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            Err(error) => return Err(error),
        }
        if first != [HANDSHAKE] {
            rt::spawn(timeout(LINGER, answer_in_plaintext(stream)));
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the client does not speak TLS"));
        }
        let (session, asked) = self.session().map_err(io::Error::other)?;
        let mut stream = TlsStream::accept(stream, session).await?;
        stream.session_mut().server_name = asked.server_name.get().cloned();
        Ok(Some(stream))
    }

    /// Makes a session, outside of a future, which would have room for it and for the settings until the connection ends.
    fn session(&self) -> Result<(Box<Session>, Arc<Asked>), rustls::Error> {
        let certificate = Arc::clone(&self.certificate);
        let asked = Arc::new(Asked { certificate, server_name: OnceLock::new() });
        let mut config = ServerConfig::clone(&self.config);
        config.cert_resolver = Arc::clone(&asked) as _;
        Ok((Box::new(Session::new(Arc::new(config))?), asked))
    }
}

/// The certificate for one client. It notes the server's name that the client asks for, since rustls's unbuffered connection does not
/// tell it.
#[derive(Debug)]
struct Asked {
    certificate: Arc<Current>,
    server_name: OnceLock<Box<str>>,
}

impl ResolvesServerCert for Asked {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if let Some(name) = hello.server_name() {
            let _ = self.server_name.set(name.into());
        }
        self.certificate.resolve(hello)
    }
}

/// Answers a client without TLS, which probably speaks HTTP.
async fn answer_in_plaintext(mut stream: TcpStream) -> io::Result<()> {
    let len = TLS_REQUIRED.len();
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len}\r\n\
         Connection: close\r\n\r\n{TLS_REQUIRED}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // The rest of the request is read: closing a socket with unread bytes resets the connection, and the answer may be lost.
    tokio::io::copy(&mut stream.take(64 * 1024), &mut tokio::io::sink()).await?;
    Ok(())
}
