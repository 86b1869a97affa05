//! Echo with axum: one thread, messages of any size. `forward` sends all messages that are ready in one write.

use axum::{
    Router,
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    response::Response,
    routing::any,
    serve::ListenerExt,
};
use futures_util::{StreamExt, TryStreamExt, future};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on {}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // A closed connection is detected at the next read.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().route("/echo", any(answer))).await
}

/// Fastest size between 4 KiB and 128 KiB, the default: tungstenite, which axum uses, fills its whole read buffer with zeros
/// before each read.
const READ_BUFFER: usize = 16 << 10;

async fn answer(upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(usize::MAX)
        .max_frame_size(usize::MAX)
        .on_upgrade(echo)
}

async fn echo(socket: WebSocket) {
    let (sink, messages) = socket.split();
    let messages = messages
        .try_filter(|message| future::ready(matches!(message, Message::Text(_) | Message::Binary(_))));
    // An error only ends this connection, and the benchmark's load reports it.
    let _ = messages.forward(sink).await;
}
