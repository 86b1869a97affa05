//! One connection on the native engine: a socket, the [`Echo`] that turns what it reads into what it writes, and the rules for
//! when it ends. A future of its own, free of the HTTP dispatcher.
//!
//! Nothing is buffered for a connection that keeps up: it reads into the worker's scratch buffer, and what comes of that is
//! written from there. Only an answer that the socket does not take is copied; then nothing is read until it is gone.
//!
//! There is one exception. A client that sends a whole message before it reads anything would wait for a server that waits for
//! it, once the message is longer than what the kernels hold. When a connection has stalled within a message for a while, it
//! reads on to the end of that message.

use std::{
    cell::RefCell,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tracing::{info, warn};
use ws_echo_shared::CloseCode;

use crate::{
    connections::Place,
    engine::{Echo, End, RESERVE, encode_close},
    unsent::Unsent,
    worker::{Link, Order, Phase, Registration},
};

/// How much is read at a time, in bytes; and so the most that a client can leave unread. With 64 KiB, messages of 1 MiB cost half
/// as much CPU again.
const READ: usize = 256 * 1024;

thread_local! {
    /// The worker's buffer: of no worth between two polls, so one a thread does.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; RESERVE + READ].into_boxed_slice());
}

/// A ping without a payload.
const PING: [u8; 2] = [0x89, 0];

/// A connection behind its handshake.
pub(crate) struct Connection<Io> {
    io: Io,
    echo: Echo,
    /// What the socket has not taken yet.
    unsent: Unsent,
    /// Whether to read on to the message's end though something is unsent.
    reads_on: bool,
    state: State,
    ended: Ended,
    registration: Registration,
    place: Place,
    peer: Option<SocketAddr>,
    began: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// A Close frame is among what is unsent; nothing follows it.
    Closing,
    /// The server has closed first, and waits for the client's Close frame.
    Waiting,
    /// Everything was sent, and the client was told so. What still comes is thrown away, for a socket that is closed with
    /// something unread is reset, and the reset can take the Close frame away from the client.
    Lingering,
}

/// How the connection ended, for the log.
#[derive(Clone, Copy)]
struct Ended {
    code: CloseCode,
    by: &'static str,
}

/// The connection is over.
struct Over;

impl<Io: AsyncRead + AsyncWrite + Unpin> Connection<Io> {
    /// A connection that first sends `response`, the head of the handshake, and has already read `early`.
    pub(crate) fn new(
        io: Io,
        mut echo: Echo,
        response: Vec<u8>,
        early: &[u8],
        place: Place,
        peer: Option<SocketAddr>,
        subprotocol: Option<&str>,
    ) -> Self {
        info!(id = place.id, peer = peer.map(tracing::field::display), subprotocol, "Connected...");
        let mut unsent = Unsent::default();
        unsent.push(response);
        SCRATCH.with_borrow_mut(|scratch| {
            for piece in early.chunks(READ) {
                scratch[RESERVE..RESERVE + piece.len()].copy_from_slice(piece);
                let output = echo.process(scratch, piece.len());
                unsent.push(output.head);
                unsent.extend(&scratch[output.range]);
            }
        });
        let registration = Registration::new(&place);
        let ended = Ended { code: CloseCode::ABNORMAL, by: "nobody" };
        let mut connection = Self {
            io,
            echo,
            unsent,
            reads_on: false,
            state: State::Open,
            ended,
            registration,
            place,
            peer,
            began: Instant::now(),
        };
        connection.note_end();
        connection
    }

    fn link(&self) -> &Link {
        self.registration.link()
    }

    /// Goes on until the socket has nothing more to give or to take.
    fn advance(&mut self, cx: &mut Context<'_>) -> Poll<Over> {
        loop {
            match self.flush(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => {
                    self.lost("Write error", &error);
                    return Poll::Ready(Over);
                }
                Poll::Pending if self.reads_on && self.state == State::Open && self.echo.within_message() => {
                }
                Poll::Pending => return Poll::Pending,
            }
            let over = match self.state {
                State::Open | State::Waiting => ready!(self.read(cx)),
                State::Closing => {
                    // Fails only if the client is gone already.
                    let _ = ready!(Pin::new(&mut self.io).poll_shutdown(cx));
                    self.enter(State::Lingering);
                    Ok(())
                }
                State::Lingering => ready!(self.discard(cx)),
            };
            if over.is_err() {
                return Poll::Ready(Over);
            }
        }
    }

    /// Reads once and sends what comes of it.
    fn read(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Over>> {
        SCRATCH.with_borrow_mut(|scratch| {
            let len = match ready!(poll_read(&mut self.io, cx, scratch)) {
                Ok(0) => return Poll::Ready(Err(Over)),
                Ok(len) => len,
                Err(error) => {
                    self.lost("Read error", &error);
                    return Poll::Ready(Err(Over));
                }
            };
            self.link().has_read();
            let output = self.echo.process(scratch, len);
            if self.state == State::Waiting {
                // Our Close frame was the last that may be sent.
                if self.echo.end().is_some() {
                    self.enter(State::Closing);
                }
                return Poll::Ready(Ok(()));
            }
            let sent = self.send(cx, output.head, &scratch[output.range]);
            if let Err(error) = sent {
                self.lost("Write error", &error);
                return Poll::Ready(Err(Over));
            }
            self.note_end();
            self.account();
            Poll::Ready(Ok(()))
        })
    }

    /// Sends `head` and then `rest`, which is copied only as far as the socket does not take it.
    fn send(&mut self, cx: &mut Context<'_>, head: Vec<u8>, mut rest: &[u8]) -> std::io::Result<()> {
        if !head.is_empty() {
            self.unsent.push(head);
            if let Poll::Ready(Err(error)) = self.flush(cx) {
                return Err(error);
            }
        }
        while self.unsent.is_empty() && !rest.is_empty() {
            match Pin::new(&mut self.io).poll_write(cx, rest) {
                Poll::Ready(Ok(0)) => return Err(std::io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(len)) => rest = &rest[len..],
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {
                    self.link().stalls();
                    break;
                }
            }
        }
        self.unsent.extend(rest);
        Ok(())
    }

    /// Sends what is unsent; ready when nothing is.
    fn flush(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        if self.unsent.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while !self.unsent.is_empty() {
            match Pin::new(&mut self.io).poll_write(cx, self.unsent.rest()) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(std::io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(len)) => {
                    self.unsent.advance(len);
                    self.link().has_sent();
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    self.link().stalls();
                    return Poll::Pending;
                }
            }
        }
        self.reads_on = false;
        self.link().flows();
        self.account();
        Poll::Ready(Ok(()))
    }

    /// Reads and throws away; over when the client has ended its side too.
    fn discard(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Over>> {
        SCRATCH.with_borrow_mut(|scratch| match ready!(poll_read(&mut self.io, cx, scratch)) {
            Ok(0) | Err(_) => Poll::Ready(Err(Over)),
            Ok(_) => Poll::Ready(Ok(())),
        })
    }

    /// Looks whether the engine has found the connection's end.
    fn note_end(&mut self) {
        if self.state != State::Open {
            return;
        }
        match self.echo.end() {
            None => {}
            Some(End::Closed(code)) => {
                self.ended = Ended { code: code.unwrap_or(CloseCode::NO_STATUS), by: "peer" };
                self.enter(State::Closing);
            }
            Some(End::Fault(fault)) => {
                let code = fault.close_code();
                warn!(id = self.place.id, code = code.0, "Protocol error: {fault}");
                self.unsent.extend(&encode_close(code, &fault.to_string()));
                self.ended = Ended { code, by: "server" };
                self.enter(State::Closing);
            }
        }
    }

    fn obey(&mut self, order: Order) -> Result<(), Over> {
        match order {
            Order::Ping if self.state == State::Open && self.echo.at_boundary() => {
                self.unsent.extend(&PING);
                Ok(())
            }
            Order::ReadOn => {
                self.reads_on = true;
                Ok(())
            }
            Order::GoAway if self.state == State::Open => {
                self.close(CloseCode::GOING_AWAY, "the server stops")
            }
            // A connection that is closing already has nothing more to say.
            Order::Ping | Order::GoAway => Ok(()),
            Order::Drop(why) => {
                if self.state == State::Open {
                    warn!(id = self.place.id, "Dropped: {why}");
                }
                Err(Over)
            }
        }
    }

    /// Closes from this side. Over at once within a frame that flows through, for there is no place for another one.
    fn close(&mut self, code: CloseCode, reason: &str) -> Result<(), Over> {
        self.ended = Ended { code, by: "server" };
        if !self.echo.at_boundary() {
            return Err(Over);
        }
        self.unsent.extend(&encode_close(code, reason));
        self.enter(State::Waiting);
        Ok(())
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.link().enter(if state == State::Open { Phase::Open } else { Phase::Closing });
    }

    /// Tells the registry what is held. The connection that asks for more than there is has to go.
    fn account(&mut self) {
        let held = self.echo.held() + self.unsent.capacity();
        if self.place.hold(held).is_err() && self.state == State::Open {
            warn!(id = self.place.id, held, "Out of memory for unfinished messages and unread answers");
            if self.close(CloseCode::TRY_AGAIN_LATER, "the server has no memory left for this").is_err() {
                self.enter(State::Closing);
            }
        }
    }

    fn lost(&self, what: &str, error: &std::io::Error) {
        if matches!(self.state, State::Open) {
            warn!(id = self.place.id, "{what}: {error}");
        }
    }
}

/// Reads behind the reserve. The buffer is initialised, so this is safe code.
fn poll_read(
    io: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    scratch: &mut [u8],
) -> Poll<std::io::Result<usize>> {
    let mut buffer = ReadBuf::new(&mut scratch[RESERVE..]);
    ready!(Pin::new(io).poll_read(cx, &mut buffer))?;
    Poll::Ready(Ok(buffer.filled().len()))
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Future for Connection<Io> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.link().woken_by(cx.waker());
        if let Some(order) = this.link().take_order()
            && this.obey(order).is_err()
        {
            return Poll::Ready(());
        }
        this.advance(cx).map(|Over| ())
    }
}

impl<Io> Drop for Connection<Io> {
    fn drop(&mut self) {
        let tally = self.echo.tally();
        info!(
            id = self.place.id,
            peer = self.peer.map(tracing::field::display),
            code = self.ended.code.0,
            by = self.ended.by,
            messages = tally.messages,
            bytes = tally.bytes,
            duration_ms = self.began.elapsed().as_millis() as u64,
            "Disconnect."
        );
    }
}
