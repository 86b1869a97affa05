//! Serves the requests of one connection, each on a stream of its own.

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    rc::Rc,
    task::{Context, Poll},
    time::Instant as StdInstant,
};

use actix_http::{
    HttpMessage as _, Request, Response,
    body::{BoxBody, MessageBody},
};
use actix_service::Service;
use actix_web::{Error, dev::ServiceResponse, http::Method, rt, web::Bytes};
use h2::{
    Reason, RecvStream,
    server::{self, SendResponse},
};
use http::{HeaderName, HeaderValue};
use tokio::time::{sleep, timeout};
use tracing::{debug, field::display, warn};
use ws_echo_engine::Echo;
use ws_echo_shared::limits::Limits;

use super::{
    client::ClientConnection,
    piece::Piece,
    request::convert,
    response::send,
    stream::{SEND, Stream, WINDOW},
    stream_loop::{Arrival, StreamLoop},
    turn_stream::TurnStream,
};
use crate::{
    admission::{client::Client, http_connections::HttpPermit},
    handshake::decision::Admitted,
    http::security_headers::write_to_bad_request,
    http1::{bad_request::BadRequest, serve::Preface},
    lab::inspection::{Arrived, Carrier},
    serving::{
        bridge::bridge,
        client_stream::ClientStream,
        http::Http,
        lingering::{limit_unread, linger},
        shared_stream::SharedStream,
    },
};

/// Memory of a connection before its first request, in bytes, as measured; without TLS.
const MEMORY: usize = 20 * 1024;

/// Memory beside that once there was a request, in bytes, as measured: used buffers of the crate `h2`, and tables of header fields. What
/// is counted and not used can be kept from the others by a client that opens many connections.
const MEMORY_IN_USE: usize = 20 * 1024;

/// Framing overhead of the frames that wait to be taken, in bytes, by the count of the crate `h2`. The streams take them at once, so only
/// a request that is not taken has any.
const DATA_FRAME_BUDGET: usize = 64 * 1024 * 1024;

/// The largest window of a connection (RFC 9113 section 6.9.1), in bytes.
const MAX_WINDOW: u32 = (1 << 31) - 1;

/// The parts of HTTP/2 of a listener in one thread.
pub(crate) struct Http2 {
    /// Limit on the open streams of a connection.
    pub(crate) max_streams: u32,
    /// Serves the streams of the echo.
    pub(crate) streams: StreamLoop,
}

/// A client's connection, and the service that it is served by.
struct Server<S, A> {
    http: Rc<Http<A>>,
    http2: Rc<Http2>,
    stream: SharedStream<TurnStream<S>>,
    peer: Option<SocketAddr>,
    client: Rc<ClientConnection>,
}

/// Serves a client until one of the two ends the connection.
pub(crate) async fn serve<S, A, B>(
    http: Rc<Http<A>>,
    http2: Rc<Http2>,
    mut preface: Preface<S>,
    peer: Option<SocketAddr>,
    permit: HttpPermit,
) where
    S: ClientStream,
    A: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    limit_unread(&preface.stream, http.times.write);
    preface.stream.widen_writes();
    let stream = SharedStream::new(TurnStream::new(preface.stream, preface.read));
    let client = ClientConnection::new(permit, MEMORY + S::MEMORY);
    let server = Server { http, http2, stream, peer, client };
    server.run().await;
    if let Some(stream) = server.stream.into_inner() {
        let stream = stream.into_inner();
        // The buffers are gone.
        server.client.account(0);
        linger(stream).await;
    }
}

impl<S, A, B> Server<S, A>
where
    S: ClientStream,
    A: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    /// Reads requests and serves them, until the connection ends.
    async fn run(&self) {
        let max_streams = self.http2.max_streams;
        let handshake = server::Builder::new()
            .initial_window_size(WINDOW)
            // A stream that is not read must not take the window of the others.
            .initial_connection_window_size(max_streams.saturating_mul(WINDOW).min(MAX_WINDOW))
            .max_concurrent_streams(max_streams)
            .max_header_list_size(u32::try_from(self.http.head_bytes).unwrap_or(u32::MAX))
            .max_send_buffer_size(SEND)
            .data_frame_budget(DATA_FRAME_BUDGET)
            .enable_connect_protocol()
            .handshake::<_, Piece>(self.stream.clone());
        let mut handshake = Box::pin(handshake);
        let handshake = poll_fn(|cx| {
            let done = handshake.as_mut().poll(cx);
            // The settings leave before those of the client have come.
            let _ = self.stream.borrow_mut().poll_write_out(cx);
            done
        });
        let mut connection = match timeout(self.http.times.head, handshake).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return self.log_end(&error),
            Err(_) => return debug!(peer = self.peer.map(display), "HTTP/2: no preface in time"),
        };
        let mut stopping = Box::pin(self.http.connections.stopping_token().cancelled_owned());
        let (mut has_served, mut stops) = (false, false);
        // The time to the end of an idle connection, or of one that was told to end.
        let (mut is_over, mut left) = (false, None);
        let mut next = |cx: &mut Context<'_>| {
            // A probe that comes while the server stops is still answered.
            if has_served && !stops && stopping.as_mut().poll(cx).is_ready() {
                stops = true;
                connection.graceful_shutdown();
            }
            loop {
                let accepted = connection.poll_accept(cx);
                if accepted.is_ready() {
                    has_served = true;
                    return accepted;
                }
                let mut stream = self.stream.borrow_mut();
                // An error shows in the next read as well.
                let _ = stream.poll_write_out(cx);
                let in_use = if has_served { MEMORY_IN_USE } else { 0 };
                let tls = stream.get_ref().buffered_input() + stream.get_ref().buffered_output();
                self.client.account(in_use + stream.held() + tls);
                stream.begin_turn();
                let times = &self.http.times;
                if is_over {
                    // The client may not read the GOAWAY.
                    let left = left.get_or_insert_with(|| Box::pin(sleep(times.write)));
                    return left.as_mut().poll(cx).map(|()| None);
                }
                let reason = if let Some(reason) = stream.error() {
                    let text = match reason {
                        Reason::ENHANCE_YOUR_CALM => "the client floods the server with frames without data",
                        _ => reason.description(),
                    };
                    warn!(peer = self.peer.map(display), code = u32::from(reason), "HTTP/2: {text}");
                    reason
                } else if connection.has_streams() {
                    left = None;
                    return Poll::Pending;
                } else {
                    let left = left.get_or_insert_with(|| Box::pin(sleep(times.keep_alive)));
                    if left.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    Reason::NO_ERROR
                };
                drop(stream);
                (is_over, left) = (true, None);
                connection.abrupt_shutdown(reason);
            }
        };
        loop {
            match poll_fn(&mut next).await {
                Some(Ok((request, respond))) => self.answer(request, respond),
                Some(Err(error)) => return self.log_end(&error),
                None => return,
            }
        }
    }

    /// Answers a request, in a task of its own or in the event loop of the streams.
    fn answer(&self, request: http::Request<RecvStream>, respond: SendResponse<Piece>) {
        let requested_at = StdInstant::now();
        let (parts, received) = request.into_parts();
        let request = match convert(&parts, self.peer) {
            Ok(request) => request,
            Err(bad) => return self.refuse(bad, &parts.method, respond),
        };
        let client = Client::of(request.head(), &self.http.proxies);
        if let Some(websockets) = &self.http.websockets {
            let decision = {
                let stream = self.stream.borrow();
                let arrived = Arrived::Http2 { request: &parts, stream: received.stream_id().as_u32() };
                let carrier =
                    Carrier { request: arrived, tls: stream.get_ref().tls(), tcp: stream.get_ref().tcp() };
                websockets.endpoints.decide(request.head(), &carrier, client)
            };
            match (decision, &websockets.dispatcher) {
                (Some(Ok(admitted)), dispatcher) => {
                    let open = self.client.open_websocket();
                    let stream = Stream::new(received, respond, self.client.unwritten.clone(), open);
                    if admitted.lab.is_none() && dispatcher.is_some() {
                        let limits = websockets.endpoints.policy.limits;
                        return self.echo(admitted, limits, stream, requested_at);
                    }
                    return self.bridge(admitted, request, client, stream);
                }
                // A middleware of the App answers with it.
                (Some(Err(refusal)), _) => drop(request.extensions_mut().insert(refusal)),
                (None, _) => {}
            }
        }
        request.extensions_mut().insert(client);
        let (http, client, peer) = (Rc::clone(&self.http), Rc::clone(&self.client), self.peer);
        rt::spawn(async move {
            // The body of a request is not read; dropped with the task, it is discarded.
            let _received = received;
            let is_head = request.method() == Method::HEAD;
            let response = http.call(request).await;
            send_answer(respond, response, is_head, &http, &client, peer).await;
        });
    }

    /// Serves a WebSocket of the echo.
    fn echo(&self, admitted: Admitted, limits: Limits, mut stream: Stream, requested_at: StdInstant) {
        let Admitted { handshake, permit, client, tap, lab: _ } = admitted;
        let mut head = http::Response::new(());
        for (name, value) in handshake.agreed() {
            // The handshake has checked both.
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
            {
                head.headers_mut().insert(name, value);
            }
        }
        if let Err(error) = stream.send_head(head) {
            return warn!(id = permit.id, "Upgrade error: {error}");
        }
        let echo = Echo::new(limits, handshake.deflate.as_ref());
        let (peer, tap) = (client.peer, tap.map(Box::new));
        self.http2.streams.serve(Arrival { stream, echo, permit, peer, requested_at, tap });
    }

    /// Serves a WebSocket by a handler of the App.
    fn bridge(&self, mut admitted: Admitted, request: Request, client: Client, stream: Stream) {
        let (recorder, tap) = admitted.tap.take().map(|tap| (tap.recorder, tap.end)).unzip();
        request.extensions_mut().insert(tap);
        request.extensions_mut().insert(admitted);
        request.extensions_mut().insert(client);
        let (app, unread) = (Rc::clone(&self.http.app), self.http.times.write);
        rt::spawn(bridge(app, request, stream, Bytes::new(), unread, recorder));
    }

    /// Answers a bad request.
    fn refuse(&self, bad: BadRequest, method: &http::Method, respond: SendResponse<Piece>) {
        let status = bad.status().as_u16();
        warn!(peer = self.peer.map(display), status, "Bad request: {bad}");
        self.http.connections.metrics().bad_request(bad.reason());
        let mut response = bad.response();
        write_to_bad_request(response.headers_mut());
        let is_head = method == http::Method::HEAD;
        let (http, client, peer) = (Rc::clone(&self.http), Rc::clone(&self.client), self.peer);
        rt::spawn(async move { send_answer(respond, response, is_head, &http, &client, peer).await });
    }

    fn log_end(&self, error: &h2::Error) {
        let peer = self.peer.map(display);
        match error.reason() {
            // The client broke the protocol, and was told by a GOAWAY.
            Some(reason) if error.is_library() => {
                warn!(peer, code = u32::from(reason), "HTTP/2: {}", reason.description());
            }
            _ => debug!(peer, "HTTP/2: {error}"),
        }
    }
}

/// Sends an answer of the App.
async fn send_answer<A>(
    respond: SendResponse<Piece>,
    response: Response<BoxBody>,
    is_head: bool,
    http: &Http<A>,
    client: &ClientConnection,
    peer: Option<SocketAddr>,
) {
    let sent = send(respond, response, is_head, http.times.write, &client.unwritten).await;
    if let Err(error) = sent
        && error.kind() == io::ErrorKind::TimedOut
    {
        warn!(peer = peer.map(display), "Answer dropped: the client does not read it");
    }
}
