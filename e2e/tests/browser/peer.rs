//! WebSocket servers that do what the echo never does.

use std::future::Future;

use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, accept_async};

/// Answers one handshake and leaves the connection to `script`; gives the URL.
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

/// Answers every handshake and leaves each connection to `script`, which gets its number too, from 0; gives the URL.
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
            // What is no handshake is another matter than the test's.
            if let Ok(socket) = accept_async(socket).await {
                tokio::spawn(script(number, socket));
            }
        }
    });
    url
}

/// The URL of a port that nothing listens on.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("ws://{}/echo", listener.local_addr().unwrap())
}
