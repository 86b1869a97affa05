//! Well-behaved HTTP and WebSocket clients of a server.

use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{client::IntoClientRequest, protocol::WebSocketConfig},
};

use crate::server::Server;

pub type Client = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

impl Server {
    pub async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::get(self.url(path)).await.unwrap()
    }

    /// Connects a WebSocket client that accepts messages of any size.
    pub async fn connect(&self) -> Client {
        let request = format!("ws://{}/echo", self.address).into_client_request().unwrap();
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        connect_async_with_config(request, Some(config), true).await.unwrap().0
    }
}
