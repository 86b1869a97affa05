//! Serves a WebSocket connection by an ordinary handler of the App: the bytes that come in are the payload of the request, and
//! the body of the response goes out.

use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    pin::pin,
    rc::Rc,
    task::{Poll, ready},
    time::Duration,
};

use actix_http::{
    HttpMessage as _, Payload, Request, Response, ResponseHead,
    body::{BodySize, MessageBody},
};
use actix_service::Service;
use actix_web::{
    Error,
    dev::ServiceResponse,
    error::PayloadError,
    http::{
        StatusCode, Version,
        header::{self, HeaderValue},
    },
    web::{Bytes, BytesMut},
};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{sleep, timeout},
};

use super::{framing::Framing, lingering::LINGER, shared_stream::SharedStream};
use crate::{
    lab::bridge_options::BridgeOptions,
    tap::{
        event::{Side, TransportEnd},
        recorder::Recorder,
    },
};

/// Bytes that are read at a time.
const READ: usize = 16 * 1024;

/// Largest buffer of output that is kept while nothing is sent, in bytes.
const KEPT: usize = 4 * 1024;

/// The client's side of a bridged connection.
pub(crate) trait BridgedStream: AsyncRead + AsyncWrite + Unpin + 'static {
    /// Sends the head of the answer, or writes it to `out`, which is sent next. `size` is the size of the body, and
    /// `version` that of the request. Returns the form of the body.
    ///
    /// # Errors
    /// The client has gone.
    fn put_head(
        &mut self,
        head: &ResponseHead,
        size: BodySize,
        version: Version,
        out: &mut BytesMut,
    ) -> io::Result<Framing>;

    /// Sets the time after which the connection ends, if the client reads nothing.
    fn limit_unread(&mut self, time: Duration);

    /// Sets the size of the buffer of the connection for received bytes, if it has one of its own.
    fn set_receive_buffer(&self, bytes: usize);

    /// Ends the connection by a reset, when it is dropped at the latest.
    fn reset(&mut self);
}

/// The tap of the connection, if there is one.
#[derive(Clone)]
struct Observer(Option<Rc<RefCell<Recorder>>>);

impl Observer {
    fn received(&self, bytes: &[u8]) {
        if let Some(recorder) = &self.0 {
            recorder.borrow_mut().received(bytes);
        }
    }

    fn sent(&self, bytes: &[u8]) {
        if let Some(recorder) = &self.0 {
            recorder.borrow_mut().sent(bytes);
        }
    }

    /// Records that the connection failed: its client reset it, or the server has waited too long for the client to read.
    fn failed(&self, error: &io::Error) {
        match error.kind() {
            io::ErrorKind::TimedOut => self.transport_ended(Side::Server, TransportEnd::Dropped),
            _ => self.transport_ended(Side::Client, TransportEnd::Reset),
        }
    }

    fn transport_ended(&self, by: Side, how: TransportEnd) {
        if let Some(recorder) = &self.0 {
            recorder.borrow_mut().transport_ended(by, how);
        }
    }
}

/// Answers a handshake by the App, and passes bytes in both directions until the connection ends. `early` came behind the head of
/// the handshake. `unread` is the time limit for unread bytes. `recorder` is that of the connection's tap.
pub(crate) async fn bridge<T, S, B>(
    app: Rc<S>,
    mut request: Request,
    mut stream: T,
    early: Bytes,
    unread: Duration,
    recorder: Option<Recorder>,
) where
    T: BridgedStream,
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    // actix-ws reads only the first line of each header, and accepts no other value in it.
    for (name, value) in [(header::UPGRADE, "websocket"), (header::CONNECTION, "upgrade")] {
        request.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let version = request.head().version;
    stream.limit_unread(unread);
    let mut stream = SharedStream::new(stream);
    let observer = Observer(recorder.map(|recorder| Rc::new(RefCell::new(recorder))));
    let options = Rc::new(BridgeOptions::default());
    request.extensions_mut().insert(Rc::clone(&options));
    let payload: Payload =
        Payload::Stream { payload: Box::pin(input(stream.clone(), early, observer.clone())) };
    let (request, _) = request.replace_payload(payload);

    let response = match app.call(request).await {
        Ok(response) => Response::from(response).map_body(|_, body| body.boxed()),
        Err(error) => Response::from(error),
    };
    if let Some(bytes) = options.receive_buffer.get() {
        stream.borrow().set_receive_buffer(bytes);
    }
    let (head, body) = response.into_parts();
    let is_refused = head.status() != StatusCode::SWITCHING_PROTOCOLS;
    let mut bytes = BytesMut::new();
    let framing = match stream.borrow_mut().put_head(head.head(), body.size(), version, &mut bytes) {
        Ok(framing) => framing,
        Err(error) => return observer.failed(&error),
    };
    // A long head is not kept for the time of the connection.
    drop(head);
    let mut body = pin!(body);
    let mut next = poll_fn(|cx| Poll::Ready(body.as_mut().poll_next(cx))).await;
    if let Some((at, pause)) = options.split_head.get().filter(|(at, _)| *at < bytes.len()) {
        let mut first = bytes.split_to(at);
        if let Err(error) = write(&mut stream, &mut first).await {
            return observer.failed(&error);
        }
        // The handler sends nothing in the pause; the body ends if the connection has no more time.
        tokio::select! {
            () = sleep(pause) => {}
            piece = poll_fn(|cx| body.as_mut().poll_next(cx)), if next.is_pending() => next = Poll::Ready(piece),
        }
    }
    loop {
        // A piece that is there already leaves together with the head.
        let piece = match next {
            Poll::Ready(piece) => piece,
            Poll::Pending => {
                if let Err(error) = write(&mut stream, &mut bytes).await {
                    return observer.failed(&error);
                }
                if bytes.capacity() > KEPT {
                    bytes = BytesMut::new();
                }
                poll_fn(|cx| body.as_mut().poll_next(cx)).await
            }
        };
        match piece {
            Some(Ok(piece)) => {
                if !is_refused {
                    observer.sent(&piece);
                }
                let (before, behind) = framing.around(&piece);
                for part in [before.as_bytes(), &piece, behind] {
                    bytes.extend_from_slice(part);
                }
            }
            None => break,
            Some(Err(_)) => return,
        }
        next = Poll::Pending;
    }
    bytes.extend_from_slice(framing.end());
    let written = write(&mut stream, &mut bytes).await;
    if options.reset.get() {
        // The handler still has the other handle of the stream; dropping the last one resets the connection.
        stream.borrow_mut().reset();
        return observer.transport_ended(Side::Server, TransportEnd::Reset);
    }
    if let Err(error) = &written {
        observer.failed(error);
    }
    let ended = written.is_ok() && stream.shutdown().await.is_ok();
    if ended {
        observer.transport_ended(Side::Server, TransportEnd::Fin);
    }
    if ended && is_refused {
        // Frames may still come: closing with unread frames would reset the connection, and the answer could be lost.
        let mut discarded = [0; 1024];
        let end = async { while stream.read(&mut discarded).await.is_ok_and(|len| len > 0) {} };
        let _ = timeout(LINGER, end).await;
    }
}

/// Writes bytes. A TLS stream may keep them until it is flushed.
async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &mut BytesMut) -> io::Result<()> {
    stream.write_all_buf(bytes).await?;
    stream.flush().await
}

/// Returns the bytes of the client, the early ones first.
fn input<T: BridgedStream>(
    mut stream: SharedStream<T>,
    early: Bytes,
    observer: Observer,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let early = Some(early).filter(|bytes| !bytes.is_empty());
    let observed = observer.clone();
    let later = stream::poll_fn(move |cx| {
        let mut buffer = BytesMut::with_capacity(READ);
        let len = ready!(pin!(stream.read_buf(&mut buffer)).poll(cx));
        Poll::Ready(match len {
            Ok(0) => {
                observer.transport_ended(Side::Client, TransportEnd::Fin);
                None
            }
            Ok(_) => Some(Ok(buffer.freeze())),
            Err(error) => {
                observer.failed(&error);
                Some(Err(error.into()))
            }
        })
    });
    stream::iter(early.map(Ok)).chain(later).inspect(move |piece| {
        if let Ok(piece) = piece {
            observed.received(piece);
        }
    })
}

#[cfg(test)]
mod tests {
    use actix_web::{App, HttpResponse, rt, rt::net::TcpStream, test, web};
    use tokio::{io::BufWriter, net::TcpListener};

    use super::*;
    use crate::{
        event_loop::socket::ClientSocket, serving::client_stream::ClientStream, tls::session::Session,
    };

    /// Keeps all bytes until a flush, as a TLS stream may do.
    impl ClientStream for BufWriter<TcpStream> {
        const MEMORY: usize = 0;

        fn buffered_input(&self) -> usize {
            0
        }

        fn buffered_output(&self) -> usize {
            self.buffer().len()
        }

        fn tcp(&self) -> &TcpStream {
            self.get_ref()
        }

        fn tls(&self) -> Option<&Session> {
            None
        }

        fn widen_writes(&mut self) {}

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
            None,
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
