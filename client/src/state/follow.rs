//! Whether the list follows its end.

/// How far from the end a reader may be and still count as at the end, in CSS pixels: zoomed positions are not whole.
const END_PX: i32 = 4;

/// Where the reader was last seen.
#[derive(Debug)]
pub struct Follow {
    /// Whether the newest message is to be kept in sight.
    pub at_end: bool,
    top: i32,
}

impl Default for Follow {
    fn default() -> Self {
        Self { at_end: true, top: 0 }
    }
}

impl Follow {
    /// The reader, or the list itself, scrolled to `top` of at most `end`, in CSS pixels.
    ///
    /// Only a move up leaves the end: a list that grew since its last move is not at its end either.
    pub fn scrolled(&mut self, top: i32, end: i32) {
        if end - top <= END_PX {
            self.at_end = true;
        } else if top < self.top {
            self.at_end = false;
        }
        self.top = top;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_moves_up_stays_there_until_back_at_the_end() {
        let mut follow = Follow::default();
        follow.scrolled(500, 500);
        assert!(follow.at_end);
        follow.scrolled(300, 500);
        assert!(!follow.at_end);
        follow.scrolled(400, 500);
        assert!(!follow.at_end);
        follow.scrolled(497, 500);
        assert!(follow.at_end);
    }

    #[test]
    fn rows_that_came_since_the_last_move_do_not_count_as_a_move_up() {
        let mut follow = Follow::default();
        follow.scrolled(500, 900);
        assert!(follow.at_end);
        follow.scrolled(500, 1_300);
        assert!(follow.at_end);
    }
}
