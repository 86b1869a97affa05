//! Serves the requests of one connection, one after the other, until it is closed, becomes a WebSocket connection or speaks HTTP/2.

use std::{cell::Cell, io, net::SocketAddr, rc::Rc};

use actix_http::{
    ConnectionType, HttpMessage as _, Request, Response,
    body::{BodySize, BoxBody, MessageBody},
};
use actix_service::Service;
use actix_web::{
    Error,
    dev::ServiceResponse,
    http::Method,
    rt,
    web::{Bytes, BytesMut},
};
use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, timeout, timeout_at},
};
use tracing::warn;
use ws_echo_engine::Echo;
use ws_echo_shared::limits::Limits;

use super::{
    bad_request::BadRequest,
    head::HeadReader,
    request::{self, Parsed},
    response::{Encoded, HEAD_RESERVE, RequestForm, encode},
};
use crate::{
    admission::{client::Client, http_connections::HttpPermit, memory::OutOfMemory},
    event_loop::{pool::Dispatcher, thread::Arrival},
    handshake::decision::Admitted,
    http::security_headers::write_to_bad_request,
    lab::inspection::{Arrived, Carrier},
    serving::{
        bridge::bridge,
        client_stream::ClientStream,
        framing::Framing,
        http::Http,
        lingering::{LINGER, limit_unread, linger},
    },
};

/// Limit of answers that are joined in one write, in bytes.
const MAX_JOINED: usize = 4 * 1024;

/// Memory of the runtime for a connection, in bytes, as measured.
const TASK_MEMORY: usize = 1280;

/// The first bytes of a connection that speaks HTTP/2 (RFC 9113 section 3.4), with the stream behind them.
pub(crate) struct Preface<S> {
    pub(crate) stream: S,
    pub(crate) read: Bytes,
}

/// Serves a client until the connection is closed or becomes a WebSocket connection. Returns the stream if it speaks HTTP/2.
pub(crate) async fn serve<S, A, B>(
    http: Rc<Http<A>>,
    stream: S,
    peer: Option<SocketAddr>,
    permit: &HttpPermit,
) -> Option<Preface<S>>
where
    S: ClientStream,
    A: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let memory = MemoryAccount { permit, fixed: Cell::new(0), read: Cell::new(0) };
    let requests = Box::pin(requests(http, stream, peer, &memory));
    memory.fixed.set(size_of_val(&*requests) + TASK_MEMORY + S::MEMORY);
    let _ = memory.set_read(0);
    requests.await
}

/// Accounts for the memory of a connection, in bytes.
struct MemoryAccount<'a> {
    permit: &'a HttpPermit,
    /// Memory that the connection always needs.
    fixed: Cell<usize>,
    /// Memory of requests that were read and are not answered yet.
    read: Cell<usize>,
}

impl MemoryAccount<'_> {
    fn set_read(&self, bytes: usize) -> Result<(), OutOfMemory> {
        self.read.set(bytes);
        self.permit.hold(self.fixed.get() + bytes)
    }

    /// Accounts for bytes that are to be sent. The limit does not apply to them: the pieces of an answer are small.
    fn set_unsent(&self, bytes: usize) {
        let _ = self.permit.hold(self.fixed.get() + self.read.get() + bytes);
    }
}

/// Serves the requests of a client one after the other.
async fn requests<S, A, B>(
    http: Rc<Http<A>>,
    mut stream: S,
    peer: Option<SocketAddr>,
    memory: &MemoryAccount<'_>,
) -> Option<Preface<S>>
where
    S: ClientStream,
    A: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    limit_unread(&stream, http.times.write);
    let mut reader = HeadReader::new(http.head_bytes);
    let mut answers = BytesMut::new();
    let mut is_first = true;
    loop {
        let Some(head) = http.read_head(&mut stream, &mut reader, is_first, memory).await.transpose() else {
            // A TLS session ends with a close_notify (RFC 8446 section 6.1).
            let _ = timeout(LINGER, stream.shutdown()).await;
            return None;
        };
        if head == Err(BadRequest::Http2) && is_first && http.has_http2 {
            return Some(Preface { stream, read: reader.into_rest() });
        }
        is_first = false;
        let requested_at = std::time::Instant::now();
        let parsed = head.and_then(|head| Ok((request::parse(&head, peer)?, head)));
        let (parsed, head) = match parsed {
            Ok(parsed) => parsed,
            Err(bad) => {
                let refusal = Box::pin(http.refuse(stream, answers, bad, peer, memory));
                memory.fixed.set(memory.fixed.get() + size_of_val(&*refusal));
                memory.set_unsent(HEAD_RESERVE);
                refusal.await;
                return None;
            }
        };
        let Parsed { request, body, is_websocket, is_persistent } = parsed;
        // Answers to earlier requests leave before the connection does.
        if is_websocket && http.send(&mut stream, &mut answers).await.is_err() {
            return None;
        }
        let client = Client::of(request.head(), &http.proxies);
        let carrier = Carrier { request: Arrived::Http1(&head), tls: stream.tls(), tcp: stream.tcp() };
        if let Some(websockets) = &http.websockets
            && let Some(decision) = websockets.endpoints.decide(request.head(), &carrier, client)
        {
            match (decision, &websockets.dispatcher) {
                (Ok(admitted), Some(dispatcher)) if admitted.lab.is_none() => {
                    // The event loop counts the memory from now on.
                    let _ = memory.permit.hold(0);
                    let limits = websockets.endpoints.policy.limits;
                    dispatch(dispatcher, admitted, limits, stream, reader.into_rest(), requested_at);
                    return None;
                }
                (Ok(mut admitted), _) => {
                    let (recorder, tap) = admitted.tap.take().map(|tap| (tap.recorder, tap.end)).unzip();
                    request.extensions_mut().insert(tap);
                    request.extensions_mut().insert(admitted);
                    request.extensions_mut().insert(client);
                    // A task of its own frees the memory for requests.
                    let (app, unread) = (Rc::clone(&http.app), http.times.write);
                    rt::spawn(bridge(app, request, stream, reader.into_rest(), unread, recorder));
                    return None;
                }
                // A middleware of the App answers with it.
                (Err(refusal), _) => drop(request.extensions_mut().insert(refusal)),
            }
        }
        request.extensions_mut().insert(client);
        let form = RequestForm { version: request.head().version, is_head: request.method() == Method::HEAD };
        // Frames may follow a handshake, and must not be parsed as requests.
        let closes = is_websocket || !is_persistent || !reader.skip(body) || !http.connections.is_ready();
        let response = http.call(request).await;
        let sent = async {
            let closes = http.answer(&mut stream, &mut answers, response, form, closes, memory).await?;
            if closes || answers.len() + HEAD_RESERVE > MAX_JOINED || !reader.has_head() {
                memory.set_unsent(answers.capacity() + stream.buffered_output());
                http.send(&mut stream, &mut answers).await?;
            }
            io::Result::Ok(closes)
        };
        match sent.await {
            Ok(false) => {}
            Ok(true) => {
                let end = Box::pin(linger(stream));
                memory.set_unsent(size_of_val(&*end));
                end.await;
                return None;
            }
            Err(error) => {
                if error.kind() == io::ErrorKind::TimedOut {
                    warn!(peer = peer.map(display), "Answer dropped: the client does not read it");
                }
                return None;
            }
        }
    }
}

impl<A> Http<A> {
    /// Waits for the head of a request. Returns none if the client has closed the connection, or sent nothing in time.
    async fn read_head<S: ClientStream>(
        &self,
        stream: &mut S,
        reader: &mut HeadReader,
        is_first: bool,
        memory: &MemoryAccount<'_>,
    ) -> Result<Option<Bytes>, BadRequest> {
        let mut has_begun = is_first || reader.has_begun();
        let mut deadline = Instant::now() + if has_begun { self.times.head } else { self.times.keep_alive };
        loop {
            if let Some(head) = reader.take()? {
                let _ = memory.set_read(reader.capacity() + stream.buffered_input());
                return Ok(Some(head));
            }
            if !has_begun && reader.has_begun() {
                has_begun = true;
                deadline = Instant::now() + self.times.head;
            }
            if memory.set_read(reader.capacity() + stream.buffered_input()).is_err() && reader.is_long() {
                return Err(BadRequest::OutOfMemory);
            }
            match timeout_at(deadline, reader.fill(stream)).await {
                Ok(Ok(1..)) => {}
                Err(_) if reader.has_begun() => return Err(BadRequest::Timeout),
                Ok(Ok(0) | Err(_)) | Err(_) => return Ok(None),
            }
        }
    }

    /// Adds an answer to the buffer of answers, and sends the parts that are too long for it. Returns true if the connection ends
    /// after this answer.
    async fn answer<S: ClientStream>(
        &self,
        stream: &mut S,
        answers: &mut BytesMut,
        response: Response<BoxBody>,
        form: RequestForm,
        closes: bool,
        memory: &MemoryAccount<'_>,
    ) -> io::Result<bool> {
        let (head, body) = response.into_parts();
        let closes = closes || head.head().connection_type() == ConnectionType::Close;
        let size = body.size();
        let Encoded { framing, closes } = encode(head.head(), size, form, closes, answers);
        drop(head);
        if framing == Framing::None {
            return Ok(closes);
        }
        if !matches!(size, BodySize::Sized(len) if answers.len() as u64 + len <= MAX_JOINED as u64) {
            // The buffer is not kept beside a piece of the body: the client may read neither.
            memory.set_unsent(answers.capacity() + stream.buffered_output());
            self.send(stream, answers).await?;
        }
        let mut body = std::pin::pin!(body);
        while let Some(piece) = std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await {
            let piece = piece.map_err(|error| io::Error::other(error.to_string()))?;
            if piece.is_empty() {
                continue;
            }
            let (before, behind) = framing.around(&piece);
            answers.extend_from_slice(before.as_bytes());
            if answers.len() + piece.len() <= MAX_JOINED {
                answers.extend_from_slice(&piece);
            } else {
                memory.set_unsent(answers.capacity() + piece.len() + stream.buffered_output());
                self.send(stream, answers).await?;
                self.write(stream, &piece).await?;
            }
            answers.extend_from_slice(behind);
        }
        answers.extend_from_slice(framing.end());
        Ok(closes)
    }

    /// Sends the buffer of answers.
    async fn send<S: ClientStream>(&self, stream: &mut S, answers: &mut BytesMut) -> io::Result<()> {
        if answers.is_empty() {
            return Ok(());
        }
        self.write(stream, answers).await?;
        // An idle connection has no buffer.
        *answers = BytesMut::new();
        // A TLS stream may keep bytes until it is flushed.
        self.in_time(stream.flush()).await
    }

    async fn write<S: ClientStream>(&self, stream: &mut S, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.in_time(stream.write(bytes)).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                len => bytes = &bytes[len..],
            }
        }
        Ok(())
    }

    /// Completes a write, or fails if the client reads nothing for too long. On Linux the kernel has that time limit: it sees
    /// each byte that the client reads, while a socket can be written to again only when a third of its buffer is free.
    async fn in_time<T>(&self, write: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        if cfg!(target_os = "linux") {
            return write.await;
        }
        timeout(self.times.write, write).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Answers a bad request, and closes the connection.
    async fn refuse<S: ClientStream>(
        &self,
        mut stream: S,
        mut answers: BytesMut,
        bad: BadRequest,
        peer: Option<SocketAddr>,
        memory: &MemoryAccount<'_>,
    ) {
        let status = bad.status().as_u16();
        warn!(peer = peer.map(display), status, "Bad request: {bad}");
        self.connections.metrics().bad_request(bad.reason());
        let mut response = bad.response();
        write_to_bad_request(response.headers_mut());
        let sent = async {
            self.answer(&mut stream, &mut answers, response, RequestForm::UNKNOWN, true, memory).await?;
            self.send(&mut stream, &mut answers).await
        };
        if sent.await.is_ok() {
            linger(stream).await;
        }
    }
}

/// Hands the connection of an admitted handshake to an event loop. `early` came behind the head of the handshake, which was
/// complete at `requested_at`.
fn dispatch(
    dispatcher: &Dispatcher,
    admitted: Admitted,
    limits: Limits,
    stream: impl ClientStream,
    early: Bytes,
    requested_at: std::time::Instant,
) {
    let Admitted { handshake, permit, client, tap, lab: _ } = admitted;
    // The event loop has its own deadline for unread answers.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream.tcp()).set_tcp_user_timeout(None);
    match stream.into_socket() {
        Ok(socket) => dispatcher.dispatch(Arrival {
            socket,
            echo: Echo::new(limits, handshake.deflate.as_ref()),
            response: handshake.response_head(),
            early,
            permit,
            peer: client.peer,
            requested_at,
            tap: tap.map(Box::new),
        }),
        Err(error) => warn!(id = permit.id, "Upgrade error: {error}"),
    }
}
