//! The place for a last frame of the server's own: its Close frame.

use super::{Backlog, Echo, Frame};

/// The search for a place where a last frame of our own can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    No,
    /// Begins when all that was read is processed.
    Later,
    /// At the end of the frame that flows through.
    Soon,
    /// It was there; nothing has gone out since.
    Done,
}

impl Echo {
    /// Lets go of what is of no more use, and leaves if that had to wait.
    pub(super) fn settle(&mut self) {
        if self.end.is_some() {
            self.backlog = Backlog::default();
            self.stop_inflating();
        } else if self.leaving == Leaving::Later && !self.has_work() {
            self.leave_at_once();
        }
    }

    /// Ends the output behind all that was read before, and the frame that flows through then, so that a last frame of our own can follow it.
    /// What comes after that is still read, for the client's Close frame, but not held, and what [`process`](Self::process) gives for it is
    /// not to be sent.
    pub fn leave(&mut self) {
        if self.has_work() {
            self.leaving = Leaving::Later;
        } else {
            self.leave_at_once();
        }
    }

    /// The same, and what was read before but is not inflated yet is not echoed, nor held as what it inflates to.
    pub fn leave_at_once(&mut self) {
        match self.frame {
            Frame::None => self.has_gone(),
            Frame::Passing { .. } if self.leaving == Leaving::Done => {}
            Frame::Passing { .. } => self.leaving = Leaving::Soon,
            Frame::Held(ref held) => {
                let (left, mask, fin) = (held.left, held.mask, held.fin);
                self.frame = if left > 0 { Frame::Passing { left, mask, fin } } else { Frame::None };
                self.has_gone();
            }
        }
    }

    pub(super) fn has_gone(&mut self) {
        self.leaving = Leaving::Done;
        self.stop_inflating();
    }

    fn stop_inflating(&mut self) {
        if let Some(inflater) = &mut self.inflater {
            inflater.forget();
        }
    }

    /// True if the output has ended after [`leave`](Self::leave).
    pub fn has_left(&self) -> bool {
        self.leaving == Leaving::Done
    }
}
