//! A text or compressed frame that is kept until all of it was found good.

use super::{Echo, Fault, Frame, Mask, Message, Pace};

#[derive(Debug)]
pub(super) struct Held {
    /// The answer: the header, and the payload as far as it has come.
    pub(super) answer: Vec<u8>,
    /// The part of the answer that was checked, in bytes, with the header.
    pub(super) checked: usize,
    /// True if there is more to check, in the answer or in the inflater.
    pub(super) is_behind: bool,
    /// The part of the payload that is yet to come, in bytes.
    pub(super) left: u64,
    pub(super) mask: Mask,
    pub(super) fin: bool,
    pub(super) message: Message,
}

impl Held {
    /// Grows by doubling, but never past what the frame needs.
    fn make_room(&mut self, more: usize) {
        let needed = self.answer.len() + more;
        if needed > self.answer.capacity() {
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).saturating_add(self.answer.len());
            let capacity = needed.max(self.answer.capacity().saturating_mul(2)).min(most);
            self.answer.reserve_exact(capacity - self.answer.len());
        }
    }

    /// Takes more of the payload; says how many bytes it took.
    pub(super) fn take(&mut self, masked: &[u8]) -> usize {
        let here = self.left.min(masked.len() as u64) as usize;
        self.make_room(here);
        self.mask.append(&masked[..here], &mut self.answer);
        self.left -= here as u64;
        self.is_behind = true;
        here
    }
}

impl Echo {
    /// Checks what has come of a held frame; gives its answer if that is complete and good.
    pub(super) fn catch_up(&mut self, pace: &mut Pace<'_>) -> Result<Option<Vec<u8>>, Fault> {
        let Frame::Held(held) = &mut self.frame else { return Ok(None) };
        let answer = std::mem::take(&mut held.answer);
        let (message, checked, is_all_there, fin) = (held.message, held.checked, held.left == 0, held.fin);
        let unchecked = &answer[checked..];
        let behind = self.check(unchecked, message, is_all_there && fin, pace)?;
        let taken = behind.unwrap_or(unchecked.len());
        let is_complete = is_all_there && behind.is_none();
        self.count(message.is_text, taken as u64, is_complete && fin);
        if is_complete {
            self.frame = Frame::None;
            return Ok(Some(answer));
        }
        if let Frame::Held(held) = &mut self.frame {
            (held.answer, held.checked, held.is_behind) = (answer, checked + taken, behind.is_some());
        }
        Ok(None)
    }

    /// Checks the next bytes of a message that must not go out unchecked. If `pace` ends that too early, says how many bytes were taken.
    pub(super) fn check(
        &mut self,
        payload: &[u8],
        message: Message,
        ends: bool,
        pace: &mut Pace<'_>,
    ) -> Result<Option<usize>, Fault> {
        let (utf8, limit) = (&mut self.utf8, self.messages.limits().message_bytes);
        let mut plain = |bytes: &[u8]| {
            if message.is_text { utf8.push(bytes).map_err(|_| Fault::NotUtf8) } else { Ok(()) }
        };
        match (&mut self.inflater, message.is_compressed) {
            (Some(inflater), true) => {
                let behind = inflater.push(payload, limit, pace, &mut plain)?;
                if behind.is_some() {
                    return Ok(behind);
                }
                if ends {
                    inflater.finish()?;
                }
            }
            _ => plain(payload)?,
        }
        if ends && message.is_text {
            utf8.finish().map_err(|_| Fault::NotUtf8)?;
        }
        Ok(None)
    }
}
