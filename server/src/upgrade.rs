//! Who serves an upgrade: `/echo` goes to the engine, with its socket; every other one to the App, as if there were no engine.

use std::{fmt::Write as _, rc::Rc, time::Instant};

use actix_codec::Framed;
use actix_http::{
    Payload, Request, Response,
    body::MessageBody,
    h1::{Codec, Message},
    ws::hash_key,
};
use actix_service::{Service, ServiceFactory, fn_factory, fn_service};
use actix_web::{Error, dev::ServiceResponse, rt, web::BytesMut};
use futures_util::{StreamExt as _, stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, split};
use tokio_util::codec::Encoder as _;
use tracing::{field::display, info, warn};

use crate::{
    client::Client, client_stream::ClientStream, connections::Connections, engine::Echo,
    handshake::Handshake, head_limit, policy::EchoPolicy, worker::Arrival, workers::Dispatcher,
};

/// How long a client of an ordinary WebSocket handler may leave what it was sent unread.
#[cfg(target_os = "linux")]
const UNREAD: std::time::Duration = std::time::Duration::from_secs(30);

/// What the engine's handshakes need.
#[derive(Clone)]
pub(crate) struct Native {
    pub(crate) policy: EchoPolicy,
    pub(crate) connections: Connections,
    pub(crate) dispatcher: Dispatcher,
    /// The path of the echo.
    pub(crate) echo: String,
    /// The longest head of a request.
    pub(crate) head_bytes: usize,
}

/// The service that takes over upgrade requests. `app` makes the App that serves those which are not the engine's; without
/// `native` that is all of them.
pub(crate) fn factory<T, F, B>(
    native: Option<Native>,
    app: F,
) -> impl ServiceFactory<(Request, Framed<T, Codec>), Config = (), Response = (), Error = Error, InitError = ()>
where
    T: ClientStream,
    F: ServiceFactory<Request, Config = (), Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let native = native.map(Rc::new);
    fn_factory(move || {
        let native = native.clone();
        let app = app.new_service(());
        async move {
            let app = Rc::new(app.await.map_err(|_| ())?);
            Ok(fn_service(move |(request, framed): (Request, Framed<T, Codec>)| {
                let native = native.clone();
                let app = Rc::clone(&app);
                async move {
                    let framed = match native {
                        Some(native) => match native.take(&request, framed) {
                            None => return Ok(()),
                            Some(framed) => framed,
                        },
                        None => framed,
                    };
                    // A task of its own lets go of the dispatcher and its buffers.
                    rt::spawn(bridge(app, request, framed));
                    Ok(())
                }
            }))
        }
    })
}

impl Native {
    /// Hands the socket of a good handshake at `/echo` over; gives everything else back.
    fn take<T: ClientStream>(&self, request: &Request, framed: Framed<T, Codec>) -> Option<Framed<T, Codec>> {
        if request.path() != self.echo || head_limit::is_over(request.head(), self.head_bytes) {
            return Some(framed);
        }
        let asked = Instant::now();
        // A bad one is answered by the App's route, which finds the same fault.
        let Ok(handshake) = Handshake::read(request.head(), &self.policy) else { return Some(framed) };
        let who = Client::of(request.head(), &self.policy.proxies);
        let Ok(place) = self.connections.enter(who) else { return Some(framed) };

        let subprotocol = handshake.subprotocol;
        let peer = who.peer.map(display);
        info!(id = place.id, peer, client = who.forwarded.map(display), subprotocol, "Connected...");
        let parts = framed.into_parts();
        match parts.io.into_socket() {
            Ok(socket) => self.dispatcher.dispatch(Arrival {
                socket,
                echo: Echo::new(self.policy.limits, handshake.deflate.as_ref()),
                // The answers to earlier requests that have not left yet go before it.
                response: [&parts.write_buf[..], &switching_protocols(&handshake)].concat(),
                early: parts.read_buf.freeze(),
                place,
                peer: who.peer,
                asked,
            }),
            Err(error) => warn!(id = place.id, "Upgrade error: {error}"),
        }
        None
    }
}

/// The head of the response (RFC 6455 section 4.2.2 item 5).
fn switching_protocols(handshake: &Handshake<'_>) -> Vec<u8> {
    let mut head = String::from(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ",
    );
    head.extend(hash_key(handshake.key).map(char::from));
    let extensions = handshake.deflate.as_ref().map(|agreement| agreement.response.as_str());
    for (name, value) in [("Protocol", handshake.subprotocol), ("Extensions", extensions)] {
        if let Some(value) = value {
            let _ = write!(head, "\r\nSec-WebSocket-{name}: {value}");
        }
    }
    head.push_str("\r\n\r\n");
    head.into_bytes()
}

/// Answers an upgrade by an ordinary service: what comes in is the request's payload, and the response's body goes out.
async fn bridge<T, S, B>(app: Rc<S>, request: Request, framed: Framed<T, Codec>)
where
    T: ClientStream,
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let parts = framed.into_parts();
    // Nothing here looks at a client that does not read; the kernel does.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(parts.io.tcp()).set_tcp_user_timeout(Some(UNREAD));
    let (read, mut write) = split(parts.io);
    let early = Some(parts.read_buf.freeze()).filter(|bytes| !bytes.is_empty());
    let later = stream::try_unfold(read, async |mut read| {
        let mut buffer = BytesMut::with_capacity(16 * 1024);
        let len = read.read_buf(&mut buffer).await?;
        Ok((len > 0).then(|| (buffer.freeze(), read)))
    });
    let payload = stream::iter(early.map(Ok)).chain(later);
    let payload: Payload = Payload::Stream { payload: Box::pin(payload) };
    let (request, _) = request.replace_payload(payload);

    let response = match app.call(request).await {
        Ok(response) => Response::from(response).map_body(|_, body| body.boxed()),
        Err(error) => Response::from(error),
    };
    let (mut head, body) = response.into_parts();
    let is_upgrade = head.head().upgrade();
    if !is_upgrade {
        head.head_mut().set_connection_type(actix_http::ConnectionType::Close);
    }
    let mut codec = parts.codec;
    let mut buffer = parts.write_buf;
    if codec.encode(Message::Item((head, body.size())), &mut buffer).is_err() {
        return;
    }
    let mut body = std::pin::pin!(body);
    loop {
        // TLS may keep some of it until it is told to let go.
        if write.write_all_buf(&mut buffer).await.is_err() || write.flush().await.is_err() {
            return;
        }
        let chunk = match std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await {
            Some(Ok(chunk)) => Message::Chunk(Some(chunk)),
            None => break,
            Some(Err(_)) => return,
        };
        if codec.encode(chunk, &mut buffer).is_err() {
            return;
        }
    }
    if codec.encode(Message::Chunk(None), &mut buffer).is_ok()
        && write.write_all_buf(&mut buffer).await.is_ok()
    {
        let _ = write.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use std::{io, time::Duration};

    use actix_web::{App, HttpResponse, rt::net::TcpStream, test, web};
    use tokio::{io::BufWriter, net::TcpListener, time::timeout};

    use super::*;
    use crate::client_stream::ClientSocket;

    /// What TLS may do, this always does: it keeps what is written until it is flushed.
    impl ClientStream for BufWriter<TcpStream> {
        fn tcp(&self) -> &TcpStream {
            self.get_ref()
        }

        fn into_socket(self) -> io::Result<ClientSocket> {
            self.into_inner().into_socket()
        }
    }

    /// The end of a long echo by actix-ws over TLS stayed in the server when the client was slow to read.
    #[actix_web::test]
    async fn what_a_service_sends_does_not_wait_for_more() {
        let service = async || {
            let first = stream::iter([Ok::<_, Error>(web::Bytes::from_static(b"first"))]);
            HttpResponse::Ok().streaming(first.chain(stream::pending()))
        };
        let app = Rc::new(test::init_service(App::new().route("/", web::get().to(service))).await);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let framed = Framed::new(BufWriter::with_capacity(1 << 20, server), Codec::default());
        let served = rt::spawn(bridge(app, test::TestRequest::get().to_request(), framed));
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
