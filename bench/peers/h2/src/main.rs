//! Plain echo of DATA frames on the crate h2, with one thread: it accepts each request, and sends the bytes of its body back. There is no
//! WebSocket, no limit and no log.

use std::{error::Error, future::poll_fn};

use bytes::Bytes;
use h2::{RecvStream, server, server::SendResponse};
use http::Response;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{LocalSet, spawn_local},
};

/// The windows of ws-echo.
const WINDOW: u32 = 256 << 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on {}", listener.local_addr()?);
    LocalSet::new()
        .run_until(async move {
            loop {
                let (socket, _) = listener.accept().await?;
                socket.set_nodelay(true)?;
                // A client that goes away is no error of the server.
                spawn_local(async move { serve(socket).await.ok() });
            }
        })
        .await
}

async fn serve(socket: TcpStream) -> Result<(), h2::Error> {
    let mut connection = server::Builder::new()
        .initial_window_size(WINDOW)
        .initial_connection_window_size(100 * WINDOW)
        .max_send_buffer_size(WINDOW as usize)
        .enable_connect_protocol()
        .handshake(socket)
        .await?;
    while let Some(request) = connection.accept().await {
        let (request, respond) = request?;
        spawn_local(async move { echo(request.into_body(), respond).await.ok() });
    }
    Ok(())
}

async fn echo(mut received: RecvStream, mut respond: SendResponse<Bytes>) -> Result<(), h2::Error> {
    let mut sent = respond.send_response(Response::new(()), false)?;
    while let Some(bytes) = received.data().await {
        let mut bytes = bytes?;
        let length = bytes.len();
        while !bytes.is_empty() {
            sent.reserve_capacity(bytes.len());
            while sent.capacity() == 0 {
                if poll_fn(|cx| sent.poll_capacity(cx)).await.transpose()?.is_none() {
                    return Ok(());
                }
            }
            let room = sent.capacity().min(bytes.len());
            sent.send_data(bytes.split_to(room), false)?;
        }
        received.flow_control().release_capacity(length)?;
    }
    sent.send_data(Bytes::new(), true)
}
