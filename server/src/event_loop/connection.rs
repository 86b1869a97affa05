//! One connection of the native engine: a [`Transport`], the [`Echo`] that turns bytes into their answer, and the deadlines.
//!
//! A connection whose client keeps up has no buffer: it reads into the scratch buffer of its event loop, and writes the answer from
//! there. Only bytes that the transport does not take are copied; then nothing is read until they have left.
//!
//! There is one exception. A client that sends a whole message before it reads anything would wait for a server that waits for
//! it, once the message is longer than the buffers of the kernels. A connection that has stalled within a message for a while
//! reads ahead to the end of that message.

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use tracing::{info, warn};
use ws_echo_engine::{CloseCause, Echo, End, InflateBudget, Output, Phase, RESERVE, SLICE};

use crate::{
    admission::{connections::Permit, memory::OutOfMemory},
    event_loop::{
        deadlines::{Action, Deadlines, DropReason, Tick},
        read_ahead::ReadAhead,
        scheduler::{Next, READ, READ_AHEAD, STEP, Stopwatch, Turn, read_len},
        transport::Transport,
        write_buffer::WriteBuffer,
    },
    metrics::Reported,
    tap::{
        event::{Direction, Side, TransportEnd},
        recorder::Tapped,
    },
};

/// Memory of a connection beside its own size, in bytes, as measured.
const OVERHEAD: usize = 48;

/// Memory of an agreement on permessage-deflate, in bytes, as measured.
const INFLATER: usize = 240;

/// A ping without a payload.
const PING: [u8; 2] = [0x89, 0];

/// A connection behind its handshake.
pub(crate) struct Connection<T: Transport> {
    transport: T,
    echo: Echo,
    write_buffer: WriteBuffer,
    read_ahead: Option<Box<ReadAhead>>,
    /// True once an event told that the client has closed its half: a read of 0 bytes may follow without another event.
    peer_half_closed: bool,
    deadlines: Deadlines,
    /// None until a message has come.
    reported: Option<Box<Reported>>,
    permit: Permit,
    /// A `SocketAddr` would be 12 bytes longer.
    peer: Option<(IpAddr, u16)>,
    began: Instant,
    /// Boxed, since few connections have one.
    tap: Option<Box<Tapped>>,
}

impl<T: Transport> Connection<T> {
    /// A connection that first sends `response`: the head of the answer to the handshake, unless that was sent before.
    pub(crate) fn new(
        transport: T,
        mut echo: Echo,
        response: Vec<u8>,
        permit: Permit,
        peer: Option<SocketAddr>,
        tap: Option<Box<Tapped>>,
        now: Tick,
    ) -> Self {
        let mut write_buffer = WriteBuffer::default();
        write_buffer.push(response);
        if tap.is_some() {
            echo.record_inflated();
        }
        let mut connection = Self {
            transport,
            echo,
            write_buffer,
            read_ahead: None,
            peer_half_closed: false,
            deadlines: Deadlines::new(now),
            reported: None,
            permit,
            peer: peer.map(|peer| (peer.ip(), peer.port())),
            began: Instant::now(),
            tap,
        };
        // The number of connections has a limit of its own.
        let _ = connection.permit.hold(connection.held());
        connection
    }

    /// Answers the handshake, and takes the bytes that came with it.
    pub(crate) fn start(&mut self, early: &[u8], turn: &mut Turn<'_>) -> Next {
        if let Err(error) = self.flush(turn.now) {
            return self.lost("Write error", &error);
        }
        for (number, piece) in early.chunks(READ).enumerate() {
            if self.echo.has_backlog() {
                self.tap_received(&early[number * READ..]);
                self.echo.defer(&early[number * READ..]);
                break;
            }
            turn.scratch[RESERVE..RESERVE + piece.len()].copy_from_slice(piece);
            self.tap_received(piece);
            if self.process(piece.len(), turn) == Next::Over {
                return Next::Over;
            }
        }
        if self.account(turn.now).is_err() { Next::Over } else { Next::Again }
    }

    /// Returns the transport.
    pub(crate) const fn transport(&self) -> &T {
        &self.transport
    }

    /// Notes an event of a client that has closed its half, or of a socket that failed.
    pub(crate) const fn note_peer_half_close(&mut self) {
        self.peer_half_closed = true;
    }

    /// Reads, echoes and writes until the socket gives or takes no more, or the turn's budget is used up.
    pub(crate) fn advance(&mut self, turn: &mut Turn<'_>) -> Next {
        while !turn.is_spent() {
            turn.spent += STEP;
            match self.flush(turn.now) {
                Ok(true) => {}
                Ok(false) if self.reads_ahead() => {}
                // A transport may have kept bytes that came meanwhile.
                Ok(false) => return if self.account(turn.now).is_err() { Next::Over } else { Next::Wait },
                Err(error) => return self.lost("Write error", &error),
            }
            let next = match self.echo.lifecycle().phase() {
                Phase::Flushing => {
                    // Fails only if the client is gone already.
                    let _ = self.transport.half_close();
                    self.tap_transport_end(Side::Server, TransportEnd::Fin);
                    self.echo.half_closed();
                    Next::Again
                }
                Phase::HalfClosed => self.discard(turn),
                _ if self.echo.has_backlog() => self.resume(turn),
                _ => self.read(turn),
            };
            if next != Next::Again {
                return next;
            }
        }
        Next::Again
    }

    /// Reports to the metrics, tries to send to a stalled client, and does the action that is due, if there is one.
    pub(crate) fn tick(&mut self, turn: &mut Turn<'_>) -> Next {
        self.report();
        if self.deadlines.is_stalled() {
            // No event tells of a client that reads slowly: a socket can be written to again when a third of its buffer is free.
            match self.flush(turn.now) {
                Ok(true) => return self.advance(turn),
                Ok(false) => {}
                Err(error) => return self.lost("Write error", &error),
            }
        }
        match self.deadlines.due(turn.now, self.permit.timeouts()) {
            None => return Next::Wait,
            Some(Action::Ping) if self.echo.at_boundary() => {
                self.tap_sent(&PING);
                self.write_buffer.extend(&PING);
            }
            Some(Action::Ping) => {}
            // Not while bytes of a former read-ahead are unsent.
            Some(Action::ReadAhead) if self.write_buffer.len() > 2 * READ => {}
            Some(Action::ReadAhead) => self.read_ahead = ReadAhead::start(&self.echo),
            Some(Action::Drop(reason)) => {
                let reason = match reason {
                    DropReason::NoPong if !self.echo.at_boundary() => DropReason::SilentWithinFrame,
                    reason => reason,
                };
                if self.echo.lifecycle().is_open() {
                    warn!(id = self.permit.id, "Dropped: {reason}");
                }
                self.tap_transport_end(Side::Server, TransportEnd::Dropped);
                return Next::Over;
            }
        }
        self.advance(turn)
    }

    /// Closes the connection because the server shuts down.
    pub(crate) fn shut_down(&mut self, turn: &mut Turn<'_>) -> Next {
        self.deadlines.start_shutdown(turn.now);
        self.close(CloseCause::Shutdown, turn.now);
        self.advance(turn)
    }

    /// True if bytes are read though others are unsent.
    fn reads_ahead(&self) -> bool {
        let Some(read_ahead) = &self.read_ahead else { return false };
        self.echo.lifecycle().phase() == Phase::Open
            && read_ahead.goes_on(&self.echo, self.write_buffer.len())
    }

    /// Reads once.
    fn read(&mut self, turn: &mut Turn<'_>) -> Next {
        // Nothing is unsent, or the client sends the rest of its message before it reads.
        self.transport.note_taken();
        let most = read_len(&self.echo);
        let room = if !self.write_buffer.is_empty() {
            // Not beyond the end of the frame, if one has begun.
            self.echo.frame_left().map_or(READ_AHEAD, |left| left.min(READ as u64) as usize)
        } else {
            most
        };
        let len = match self.transport.receive(&mut turn.scratch[RESERVE..RESERVE + room]) {
            // A client that has closed its half may still read, and TLS wants the server's close_notify.
            Ok(0) if self.echo.lifecycle().is_open() => {
                self.tap_transport_end(Side::Client, TransportEnd::Fin);
                self.echo.peer_half_closed();
                // Less than before, so this cannot fail.
                let _ = self.permit.hold(self.held());
                self.deadlines.start_closing(turn.now);
                return Next::Again;
            }
            Ok(0) => {
                self.tap_transport_end(Side::Client, TransportEnd::Fin);
                return Next::Over;
            }
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Wait,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Next::Again,
            Err(error) => return self.lost("Read error", &error),
        };
        self.tap_received(&turn.scratch[RESERVE..RESERVE + len]);
        self.deadlines.note_read(turn.now);
        // A byte that is inflated costs as much as several others.
        turn.spent += len * (READ / most);
        let next = self.process(len, turn);
        // Waiting is right only if an event will come: no byte is left to read, or the socket takes none.
        let emptied = self.transport.is_emptied(len, room) && !self.peer_half_closed;
        let has_nothing = emptied && !self.echo.has_backlog();
        let stalled = !self.write_buffer.is_empty() && !self.reads_ahead();
        let waits = next == Next::Again && self.echo.lifecycle().is_open() && (has_nothing || stalled);
        if waits { Next::Wait } else { next }
    }

    /// Reads and discards. A socket that is closed with unread bytes is reset, and the reset can take the Close frame away from the
    /// client. Over when the client has closed its half too.
    fn discard(&mut self, turn: &mut Turn<'_>) -> Next {
        match self.transport.receive(&mut turn.scratch[RESERVE..]) {
            Ok(len @ 1..) => {
                turn.spent += len;
                Next::Again
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Next::Wait,
            Err(error) if error.kind() == ErrorKind::Interrupted => Next::Again,
            Ok(0) => {
                self.tap_transport_end(Side::Client, TransportEnd::Fin);
                Next::Over
            }
            Err(_) => {
                self.tap_transport_end(Side::Client, TransportEnd::Reset);
                Next::Over
            }
        }
    }

    /// Echoes `len` bytes that were read into the scratch buffer.
    fn process(&mut self, len: usize, turn: &mut Turn<'_>) -> Next {
        let was_open = self.echo.lifecycle().is_open();
        let mut stopwatch = Stopwatch::start(&self.echo);
        let mut budget = || stopwatch.is_over();
        let output = self.echo.process(turn.scratch, len, &mut InflateBudget::new(SLICE, &mut budget));
        turn.spent += stopwatch.cost();
        self.send_output(output, was_open, turn)
    }

    /// Goes on with bytes that were read before.
    fn resume(&mut self, turn: &mut Turn<'_>) -> Next {
        // The client is not silent: the server has not read.
        self.deadlines.note_read(turn.now);
        let was_open = self.echo.lifecycle().is_open();
        let mut stopwatch = Stopwatch::start(&self.echo);
        let mut budget = || stopwatch.is_over();
        let room = RESERVE + read_len(&self.echo);
        let output = self.echo.resume(&mut turn.scratch[..room], &mut InflateBudget::new(SLICE, &mut budget));
        turn.spent += stopwatch.cost();
        self.send_output(output, was_open, turn)
    }

    fn send_output(&mut self, output: Output, was_open: bool, turn: &mut Turn<'_>) -> Next {
        if self.tap.is_some() {
            self.tap_output(&output, turn.scratch);
        }
        let sent = self.send(turn.now, output.head, &turn.scratch[output.range]);
        self.write_buffer.extend(&output.tail);
        // Also after a failed send: the client may have closed before it went away.
        if was_open && !self.echo.lifecycle().is_open() {
            self.note_close(turn.now);
        }
        match sent {
            Err(error) => self.lost("Write error", &error),
            Ok(()) => {
                if self.write_buffer.is_empty() {
                    self.transport.note_taken();
                }
                if self.account(turn.now).is_err() { Next::Over } else { Next::Again }
            }
        }
    }

    /// Sends `head` and then `rest`, which is copied only as far as the socket does not take it.
    fn send(&mut self, now: Tick, head: Vec<u8>, mut rest: &[u8]) -> io::Result<()> {
        if !head.is_empty() {
            self.write_buffer.push(head);
            self.flush(now)?;
        }
        while self.write_buffer.is_empty() && !rest.is_empty() {
            match self.transport.send(rest)? {
                0 => {
                    self.deadlines.note_stall(now);
                    break;
                }
                len => rest = &rest[len..],
            }
        }
        self.write_buffer.extend(rest);
        Ok(())
    }

    /// Sends the write buffer. True if it is empty then.
    fn flush(&mut self, now: Tick) -> io::Result<bool> {
        if self.write_buffer.is_empty() {
            return Ok(true);
        }
        while !self.write_buffer.is_empty() {
            let len = self.transport.send(self.write_buffer.unsent())?;
            if len == 0 {
                if self.transport.has_sent_a_part() {
                    self.deadlines.note_sent(now);
                }
                self.deadlines.note_stall(now);
                return Ok(false);
            }
            self.write_buffer.advance(len);
            self.deadlines.note_sent(now);
        }
        self.transport.note_taken();
        // Less than before, so this cannot fail.
        let _ = self.permit.hold(self.held());
        Ok(true)
    }

    /// Begins to close the connection from this side.
    fn close(&mut self, cause: CloseCause, now: Tick) {
        let was_open = self.echo.lifecycle().is_open();
        let frame = self.echo.close(cause);
        self.tap_sent(&frame);
        self.write_buffer.extend(&frame);
        if was_open && !self.echo.lifecycle().is_open() {
            self.note_close(now);
        }
    }

    /// Notes the first Close frame of the connection.
    fn note_close(&mut self, now: Tick) {
        self.deadlines.start_closing(now);
        if let End::Failed(error) = self.echo.lifecycle().end() {
            warn!(id = self.permit.id, code = error.close_code().0, "Protocol error: {error}");
            self.permit.metrics().protocol_error(error);
        }
    }

    /// Reports the messages since the last report to the metrics.
    fn report(&mut self) {
        let (tally, all_sent) = (self.echo.tally(), self.write_buffer.is_empty());
        if !self.reported.as_deref().copied().unwrap_or_default().is(tally, all_sent) {
            self.reported.get_or_insert_default().update(self.permit.metrics(), tally, all_sent);
            // The first report takes a little memory.
            let _ = self.permit.hold(self.held());
        }
    }

    fn held(&self) -> usize {
        let reported = if self.reported.is_some() { size_of::<Reported>() } else { 0 };
        let inflating = if self.echo.inflates() { INFLATER } else { 0 };
        let own = size_of::<Self>() + OVERHEAD + reported + inflating;
        own + self.echo.held() + self.write_buffer.capacity() + self.transport.held()
    }

    /// Counts the memory of the connection. The connection that needs more than there is has to close: at once if its client does not read,
    /// since that would not read a Close frame either.
    fn account(&mut self, now: Tick) -> Result<(), OutOfMemory> {
        let held = self.held();
        let counted = self.permit.hold(held);
        if counted.is_err() {
            if self.echo.lifecycle().is_open() {
                warn!(id = self.permit.id, held, "Out of memory for unfinished messages and unread answers");
            }
            if !self.write_buffer.is_empty() {
                return counted;
            }
            self.close(CloseCause::OutOfMemory, now);
            let _ = self.permit.hold(self.held());
        }
        Ok(())
    }

    fn tap_received(&mut self, bytes: &[u8]) {
        if let Some(tap) = &mut self.tap {
            tap.recorder.received(bytes);
        }
    }

    fn tap_sent(&mut self, bytes: &[u8]) {
        if let Some(tap) = &mut self.tap {
            tap.recorder.sent(bytes);
        }
    }

    /// Records an answer. A compressed message goes back as it came, so its inflated length is that of both directions.
    #[cold]
    fn tap_output(&mut self, output: &Output, scratch: &[u8]) {
        let inflated = self.echo.take_inflated();
        let Some(tap) = &mut self.tap else { return };
        for length in &inflated {
            tap.recorder.inflated(Direction::Received, *length);
        }
        for part in [&output.head, &scratch[output.range.clone()], &output.tail] {
            tap.recorder.sent(part);
        }
        for length in inflated {
            tap.recorder.inflated(Direction::Sent, length);
        }
    }

    fn tap_transport_end(&mut self, by: Side, how: TransportEnd) {
        if let Some(tap) = &mut self.tap {
            tap.recorder.transport_ended(by, how);
        }
    }

    fn lost(&mut self, operation: &str, error: &io::Error) -> Next {
        if self.echo.lifecycle().is_open() {
            warn!(id = self.permit.id, "{operation}: {error}");
        }
        self.tap_transport_end(Side::Client, TransportEnd::Reset);
        Next::Over
    }
}

impl<T: Transport> Drop for Connection<T> {
    fn drop(&mut self) {
        self.report();
        let open = self.began.elapsed();
        let end = self.echo.lifecycle().end();
        self.permit.metrics().closed(end.code(), end.initiator(), open);
        if let Some(tap) = self.tap.take() {
            tap.end.end(end.code(), end.initiator());
        }
        let tally = self.echo.tally();
        info!(
            id = self.permit.id,
            peer = self.peer.map(|peer| tracing::field::display(SocketAddr::from(peer))),
            client = self.permit.forwarded().map(tracing::field::display),
            code = end.code().0,
            by = end.initiator(),
            messages = tally.messages(),
            bytes = tally.bytes(),
            duration_ms = open.as_millis() as u64,
            "Disconnect."
        );
    }
}
