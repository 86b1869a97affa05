//! `ws-echo health`: a health check of a server on this machine, for containers without curl.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use ws_echo_shared::paths;

use crate::{
    commands::CommandError,
    config::{cli::HealthFlags, listen::reachable},
};

/// Asks a server on this machine. An answer other than 200 is an error.
pub(crate) fn ask(flags: &HealthFlags) -> Result<(), CommandError> {
    // A listener without TLS is preferred: fewer things can fail.
    let Some(&listen) = flags.listen.iter().min_by_key(|listen| listen.tls) else { return Ok(()) };
    let address = reachable(listen.address);
    let path = if flags.ready { paths::READY } else { paths::HEALTH };
    let status = status(address, listen.tls, path, flags)
        .map_err(|source| CommandError::NoAnswer { address, source })?;
    if status.split(' ').nth(1) == Some("200") {
        Ok(())
    } else {
        Err(CommandError::Unhealthy { address, status })
    }
}

/// Returns the first line of the answer.
fn status(address: SocketAddr, tls: bool, path: &str, flags: &HealthFlags) -> io::Result<String> {
    let stream = TcpStream::connect_timeout(&address, flags.timeout)?;
    stream.set_read_timeout(Some(flags.timeout))?;
    stream.set_write_timeout(Some(flags.timeout))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let answer = if tls {
        let session =
            ClientConnection::new(client()?, ServerName::from(address.ip())).map_err(io::Error::other)?;
        exchange(StreamOwned::new(session, stream), &request)?
    } else {
        exchange(stream, &request)?
    };
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(String::from_utf8_lossy(line).into_owned())
}

fn exchange(mut stream: impl Read + Write, request: &str) -> io::Result<Vec<u8>> {
    stream.write_all(request.as_bytes())?;
    // More than any such answer has.
    const LIMIT: u64 = 4096;
    let mut answer = Vec::new();
    stream.take(LIMIT).read_to_end(&mut answer)?;
    Ok(answer)
}

/// Returns the settings of a TLS client that accepts any certificate.
fn client() -> io::Result<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(AnyCertificate(Arc::clone(&provider)));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Verifier that accepts any certificate. A health check asks the server by its address, and the certificate is for a name.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
