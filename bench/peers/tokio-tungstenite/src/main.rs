//! Echo with tokio-tungstenite: one thread, messages of any size. `forward` sends all messages that are ready in one write.
//!
//! With the files of a certificate and its key as arguments it speaks TLS, by tokio-rustls on ring.

use std::{env, path::Path, sync::Arc};

use bench_tls::config::server_config;
use futures_util::{StreamExt, TryStreamExt, future};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::{
    accept_async_with_config,
    tungstenite::{Result, protocol::WebSocketConfig},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let files: Vec<_> = env::args_os().skip(1).collect();
    let tls = match &files[..] {
        [certificate, key] => {
            Some(TlsAcceptor::from(Arc::new(server_config(Path::new(certificate), Path::new(key))?)))
        }
        _ => None,
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        match tls.clone() {
            None => tokio::spawn(echo(stream)),
            Some(tls) => tokio::spawn(async move { echo(tls.accept(stream).await?).await }),
        };
    }
}

/// Fastest size between 4 KiB and 128 KiB, the default: tungstenite fills its whole read buffer with zeros before each read.
const READ_BUFFER: usize = 16 << 10;

async fn echo(stream: impl AsyncRead + AsyncWrite + Unpin) -> Result<()> {
    let config =
        WebSocketConfig::default().read_buffer_size(READ_BUFFER).max_message_size(None).max_frame_size(None);
    let (sink, messages) = accept_async_with_config(stream, Some(config)).await?.split();
    messages.try_filter(|message| future::ready(message.is_text() || message.is_binary())).forward(sink).await
}
