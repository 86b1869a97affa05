//! Echo with axum: one thread, messages of any size. `forward` sends what is ready in one write.

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
        // A connection that is gone already is found out when it is read.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().route("/echo", any(answer))).await
}

/// tungstenite, which axum uses, fills its whole read buffer with zeros before each read: of 4 to 128 KiB (the default), this is
/// the fastest.
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
    // However the connection ends, there is nobody to tell.
    let _ = messages.forward(sink).await;
}
