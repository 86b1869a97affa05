//! HTTP/2 (RFC 9113), and WebSockets on its streams (RFC 8441), by a client that sends any frame.

mod closing;
mod echo;
mod http;
mod lab;
mod limits;
mod off;
mod protocol;
mod refusals;

use ws_echo_test_support::{
    frame::{Frame, frame},
    http2::Http2,
    server::{ENGINES, Server},
    tls_client::Identity,
};

/// A server that is reached with or without TLS.
struct Way {
    name: String,
    server: Server,
    identity: Option<Identity>,
}

impl Way {
    /// The native engine by prior knowledge, and by ALPN on TLS.
    fn native(flags: &[&str]) -> Vec<Self> {
        let identity = Identity::new();
        let server = Server::start(&[&identity.flags()[..], flags].concat());
        let tls = Self { name: "native over TLS".into(), server, identity: Some(identity) };
        vec![Self::plain("native", flags), tls]
    }

    /// Both engines.
    fn all(flags: &[&str]) -> Vec<Self> {
        let mut ways = Self::native(flags);
        ways.extend(ENGINES[1..].iter().map(|engine| Self::plain(engine, flags)));
        ways
    }

    fn plain(engine: &str, flags: &[&str]) -> Self {
        Self { name: engine.into(), server: Server::on(engine, flags), identity: None }
    }

    async fn connect(&self) -> Http2 {
        match &self.identity {
            Some(identity) => Http2::connect_tls(self.server.address, identity).await,
            None => Http2::connect(self.server.address).await,
        }
    }
}

/// Sends a message, and expects its echo.
async fn echoes(client: &mut Http2, stream: u32, text: &str) {
    client.send(stream, &frame(0x81, text.as_bytes())).await;
    assert_eq!(client.frame(stream).await, Some(Frame { first: 0x81, payload: text.into() }));
}
