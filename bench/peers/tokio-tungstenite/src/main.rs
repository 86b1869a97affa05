//! Echo with tokio-tungstenite: one thread, messages of any size. `forward` sends all messages that are ready in one write.

use futures_util::{StreamExt, TryStreamExt, future};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    accept_async_with_config,
    tungstenite::{Result, protocol::WebSocketConfig},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(echo(stream));
    }
}

/// Fastest size between 4 KiB and 128 KiB, the default: tungstenite fills its whole read buffer with zeros before each read.
const READ_BUFFER: usize = 16 << 10;

async fn echo(stream: TcpStream) -> Result<()> {
    let config =
        WebSocketConfig::default().read_buffer_size(READ_BUFFER).max_message_size(None).max_frame_size(None);
    let (sink, messages) = accept_async_with_config(stream, Some(config)).await?.split();
    messages.try_filter(|message| future::ready(message.is_text() || message.is_binary())).forward(sink).await
}
