//! Serves a WebSocket connection by an ordinary handler of the App: the bytes that come in are the payload of the request, and
//! the body of the response goes out.

use std::{
    cell::RefCell,
    future::poll_fn,
    pin::pin,
    rc::Rc,
    task::{Poll, ready},
    time::Duration,
};

use actix_http::{Payload, Request, Response, body::MessageBody};
use actix_service::Service;
use actix_web::{
    Error,
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web::{Bytes, BytesMut},
};
use futures_util::{StreamExt as _, stream};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, split},
    time::timeout,
};

use super::{
    lingering::{LINGER, limit_unread},
    response::{RequestForm, encode},
};
use crate::http1::client_stream::ClientStream;

/// Answers a handshake by the App, and passes bytes in both directions until the connection ends. `early` came behind the head of
/// the handshake. `unread` is the time limit for unread bytes.
pub(super) async fn bridge<T, S, B>(
    app: Rc<S>,
    mut request: Request,
    stream: T,
    early: Bytes,
    unread: Duration,
) where
    T: ClientStream,
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    // actix-ws reads only the first line of each header, and accepts no other value in it.
    for (name, value) in [(header::UPGRADE, "websocket"), (header::CONNECTION, "upgrade")] {
        request.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let form = RequestForm { version: request.head().version, is_head: false };
    limit_unread(&stream, unread);
    let (read, mut write) = split(stream);
    let read = Rc::new(RefCell::new(read));
    let early = Some(early).filter(|bytes| !bytes.is_empty());
    let reader = Rc::clone(&read);
    let later = stream::poll_fn(move |cx| {
        let mut buffer = BytesMut::with_capacity(16 * 1024);
        let len = ready!(pin!(reader.borrow_mut().read_buf(&mut buffer)).poll(cx));
        Poll::Ready(match len {
            Ok(0) => None,
            Ok(_) => Some(Ok(buffer.freeze())),
            Err(error) => Some(Err(error.into())),
        })
    });
    let payload = stream::iter(early.map(Ok)).chain(later);
    let payload: Payload = Payload::Stream { payload: Box::pin(payload) };
    let (request, _) = request.replace_payload(payload);

    let response = match app.call(request).await {
        Ok(response) => Response::from(response).map_body(|_, body| body.boxed()),
        Err(error) => Response::from(error),
    };
    let (head, body) = response.into_parts();
    let is_refused = head.status() != StatusCode::SWITCHING_PROTOCOLS;
    let mut bytes = BytesMut::new();
    let framing = encode(head.head(), body.size(), form, true, &mut bytes).framing;
    let mut body = pin!(body);
    loop {
        // A TLS stream may keep bytes until it is flushed.
        if write.write_all_buf(&mut bytes).await.is_err() || write.flush().await.is_err() {
            return;
        }
        match poll_fn(|cx| body.as_mut().poll_next(cx)).await {
            Some(Ok(piece)) => {
                let (before, behind) = framing.around(&piece);
                for part in [before.as_bytes(), &piece, behind] {
                    bytes.extend_from_slice(part);
                }
            }
            None => break,
            Some(Err(_)) => return,
        }
    }
    let ended = write.write_all(framing.end()).await.is_ok() && write.shutdown().await.is_ok();
    if ended && is_refused {
        // Frames may still come: closing with unread frames would reset the connection, and the answer could be lost.
        let mut discarded = [0; 1024];
        let end = async {
            while poll_fn(|cx| pin!(read.borrow_mut().read(&mut discarded)).poll(cx))
                .await
                .is_ok_and(|len| len > 0)
            {}
        };
        let _ = timeout(LINGER, end).await;
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use actix_web::{App, HttpResponse, rt, rt::net::TcpStream, test, web};
    use tokio::{io::BufWriter, net::TcpListener};

    use super::*;
    use crate::event_loop::socket::ClientSocket;

    /// Keeps all bytes until a flush, as a TLS stream may do.
    impl ClientStream for BufWriter<TcpStream> {
        const MEMORY: usize = 0;

        fn buffered(&self) -> usize {
            self.buffer().len()
        }

        fn tcp(&self) -> &TcpStream {
            self.get_ref()
        }

        fn into_socket(self) -> io::Result<ClientSocket> {
            self.into_inner().into_socket()
        }
    }

    /// Once the end of a long echo by actix-ws over TLS stayed in the server when the client was slow to read.
    #[actix_web::test]
    async fn what_a_service_sends_does_not_wait_for_more() {
        let service = async || {
            let first = stream::iter([Ok::<_, Error>(Bytes::from_static(b"first"))]);
            HttpResponse::Ok().streaming(first.chain(stream::pending()))
        };
        let app = Rc::new(test::init_service(App::new().route("/", web::get().to(service))).await);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let server = BufWriter::with_capacity(1 << 20, server);
        let served = rt::spawn(bridge(
            app,
            test::TestRequest::get().to_request(),
            server,
            Bytes::new(),
            Duration::from_secs(30),
        ));
        let mut received = Vec::new();
        let arrives = async {
            while !received.windows(5).any(|part| part == b"first") {
                assert_ne!(client.read_buf(&mut received).await.unwrap(), 0);
            }
        };
        timeout(Duration::from_secs(10), arrives).await.expect("what was sent");
        served.abort();
    }
}
