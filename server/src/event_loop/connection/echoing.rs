//! From what was read to what is sent.

use std::io;

use ws_echo_engine::{Output, Pace, RESERVE, SLICE};

use super::{Connection, State};
use crate::event_loop::{
    deadlines::Tick,
    scheduler::{Next, Stopwatch, Turn, most_at_once},
};

impl Connection {
    /// Takes what was read into the buffer, and sends what comes of it.
    pub(super) fn take(&mut self, len: usize, turn: &mut Turn<'_>) -> Next {
        let mut watch = Stopwatch::start(&self.echo);
        let output = self.echo.process(turn.scratch, len, &mut Pace::new(SLICE, &mut || watch.is_over()));
        turn.spent += watch.cost();
        self.put_out(output, turn)
    }

    /// Goes on with what was read before, and sends what comes of it.
    pub(super) fn resume(&mut self, turn: &mut Turn<'_>) -> Next {
        // The client is not silent: nobody listens to it.
        self.watch.has_read(turn.now);
        let mut watch = Stopwatch::start(&self.echo);
        let room = RESERVE + most_at_once(&self.echo);
        let output =
            self.echo.resume(&mut turn.scratch[..room], &mut Pace::new(SLICE, &mut || watch.is_over()));
        turn.spent += watch.cost();
        self.put_out(output, turn)
    }

    /// Sends what came of bytes that were read, and looks what follows from them.
    pub(super) fn put_out(&mut self, output: Output, turn: &mut Turn<'_>) -> Next {
        if self.state == State::Waiting {
            // Our Close frame was the last that may be sent.
            if self.echo.end().is_some() {
                self.enter(State::Closing, turn.now);
            }
            return Next::Again;
        }
        let sent = self.send(turn.now, output.head, &turn.scratch[output.range]);
        // Also when that failed: the client may have closed before it went away.
        self.note_end(turn.now);
        match sent {
            Err(error) => self.lost("Write error", &error),
            Ok(()) if self.account(turn.now).is_err() => Next::Over,
            Ok(()) => Next::Again,
        }
    }

    /// Sends `head` and then `rest`, which is copied only as far as the socket does not take it.
    pub(super) fn send(&mut self, now: Tick, head: Vec<u8>, mut rest: &[u8]) -> io::Result<()> {
        if !head.is_empty() {
            self.unsent.push(head);
            self.flush(now)?;
        }
        while self.unsent.is_empty() && !rest.is_empty() {
            match self.socket.send(rest)? {
                0 => {
                    self.watch.stalls(now);
                    break;
                }
                len => rest = &rest[len..],
            }
        }
        self.unsent.extend(rest);
        Ok(())
    }

    /// Sends what is unsent; says whether nothing is any more.
    pub(super) fn flush(&mut self, now: Tick) -> io::Result<bool> {
        if self.unsent.is_empty() {
            return Ok(true);
        }
        while !self.unsent.is_empty() {
            let len = self.socket.send(self.unsent.rest())?;
            if len == 0 {
                if self.socket.has_sent_a_part() {
                    self.watch.has_sent(now);
                }
                self.watch.stalls(now);
                return Ok(false);
            }
            self.unsent.advance(len);
            self.watch.has_sent(now);
        }
        // Less than before, so this cannot fail.
        let _ = self.place.hold(self.held());
        Ok(true)
    }
}
