//! WebSocket servers with behaviour that the echo server does not have.

use std::future::Future;

use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, accept_async};

/// Starts a server that runs `script` on its first connection. Returns its URL.
pub async fn peer<F, T>(script: T) -> String
where
    T: FnOnce(WebSocketStream<TcpStream>) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        script(accept_async(socket).await.unwrap()).await;
    });
    url
}

/// Starts a server that runs `script` on each connection, with the number of the connection from 0 on. Returns its URL.
pub async fn peers<F, T>(script: T) -> String
where
    T: Fn(usize, WebSocketStream<TcpStream>) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0.. {
            let (socket, _) = listener.accept().await.unwrap();
            // A failed handshake is no matter of the test.
            if let Ok(socket) = accept_async(socket).await {
                tokio::spawn(script(number, socket));
            }
        }
    });
    url
}

/// Returns the URL of a port that refuses connections.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("ws://{}/echo", listener.local_addr().unwrap())
}
