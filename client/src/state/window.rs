//! Which rows of a long list are in sight: only those are made.
//!
//! All rows have one height. A list too high for a browser's layout scrolls in a box that is less high than its rows: near moves
//! go on to the pixel, far ones by proportion.

use std::ops::Range;

/// The height that no element exceeds, in CSS pixels. Browsers give up between 16 and 33 million.
const MOST_PX: f64 = 8_000_000.0;

/// How many rows are made above and below those in sight, so that a fast move shows no gap.
const SPARE: usize = 8;

/// How far from the end a reader may be and still count as at the end, in CSS pixels: zoomed positions are not whole.
const END_PX: f64 = 4.0;

/// A list's rows, and the part of them in sight. Lengths are in CSS pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    rows: usize,
    row_px: f64,
    view_px: f64,
    /// How much of the rows is above the view.
    top: f64,
    /// Where the box is scrolled to.
    scroll_top: f64,
    at_end: bool,
    follows: bool,
}

impl Window {
    /// No rows yet, of such a height. It follows its end.
    pub fn new(row_px: f64) -> Self {
        let row_px = row_px.max(1.0);
        Self { rows: 0, row_px, view_px: 0.0, top: 0.0, scroll_top: 0.0, at_end: true, follows: true }
    }

    /// No rows yet, of such a height. It stays where it is, first at the beginning.
    pub fn from_start(row_px: f64) -> Self {
        Self { follows: false, ..Self::new(row_px) }
    }

    /// Whether the newest row is to be kept in sight.
    pub fn at_end(&self) -> bool {
        self.at_end
    }

    /// Where the box is to be scrolled to.
    pub fn scroll_top(&self) -> f64 {
        self.scroll_top
    }

    /// The height of the box.
    pub fn height(&self) -> f64 {
        self.all_px().min(MOST_PX)
    }

    /// The rows to make.
    pub fn range(&self) -> Range<usize> {
        let first = self.row_at(self.top);
        let last = self.row_at(self.top + self.view_px) + 1;
        first.saturating_sub(SPARE)..(last + SPARE).min(self.rows)
    }

    /// Where in the box the first row of [`range`](Self::range) begins.
    pub fn offset(&self) -> f64 {
        self.scroll_top - self.top + self.range().start as f64 * self.row_px
    }

    /// The view has this height now.
    pub fn set_view(&mut self, view_px: f64) {
        self.view_px = view_px.max(0.0);
        self.settle();
    }

    /// There are so many rows now, and so many of the first are gone.
    pub fn set_rows(&mut self, rows: usize, gone: usize) {
        self.rows = rows;
        let moved = (gone as f64 * self.row_px).min(self.top);
        self.top -= moved;
        if !self.is_scaled() {
            self.scroll_top = self.top;
        }
        self.settle();
    }

    /// The box was scrolled, by its reader or by [`scroll_top`](Self::scroll_top). True if the box has to be moved to where
    /// that says now.
    ///
    /// Only a move up leaves the end: a list that grew since its last move is not at its end either.
    pub fn scrolled(&mut self, scroll_top: f64) -> bool {
        let before = self.top;
        let moved = scroll_top - self.scroll_top;
        self.scroll_top = scroll_top;
        self.top = if !self.is_scaled() {
            scroll_top
        } else if moved.abs() <= 2.0 * self.view_px {
            self.top + moved
        } else {
            scroll_top * self.top_most() / self.scroll_most().max(1.0)
        };
        self.top = self.top.clamp(0.0, self.top_most());
        if self.top_most() - self.top <= END_PX {
            self.at_end = true;
        } else if self.top < before {
            self.at_end = false;
        }
        self.align()
    }

    /// Goes to the end, and stays there.
    pub fn to_end(&mut self) {
        self.at_end = true;
        self.settle();
    }

    /// Brings a row into sight, by the shortest way.
    pub fn reveal(&mut self, row: usize) {
        let (above, below) = (row as f64 * self.row_px, (row + 1) as f64 * self.row_px - self.view_px);
        if above < self.top || below > self.top {
            self.top = if above < self.top { above } else { below }.clamp(0.0, self.top_most());
            self.at_end = self.top_most() - self.top <= END_PX;
            self.scroll_top = self.proportional();
        }
    }

    /// How many rows are in sight at once, for keys that turn pages.
    pub fn page(&self) -> usize {
        // Not negative, and far below the limit.
        ((self.view_px / self.row_px) as usize).saturating_sub(1).max(1)
    }

    fn all_px(&self) -> f64 {
        self.rows as f64 * self.row_px
    }

    fn is_scaled(&self) -> bool {
        self.all_px() > MOST_PX
    }

    fn top_most(&self) -> f64 {
        (self.all_px() - self.view_px).max(0.0)
    }

    fn scroll_most(&self) -> f64 {
        (self.height() - self.view_px).max(0.0)
    }

    fn proportional(&self) -> f64 {
        if self.is_scaled() { self.top * self.scroll_most() / self.top_most().max(1.0) } else { self.top }
    }

    /// After a change of sizes: stays at the end, or where it was as far as there is such a place.
    fn settle(&mut self) {
        if (self.follows && self.at_end) || self.top >= self.top_most() {
            self.top = self.top_most();
            self.scroll_top = self.scroll_most();
            self.at_end = true;
        }
    }

    /// Of the box and the rows one may reach its end before the other: then both go there, or both leave it.
    fn align(&mut self) -> bool {
        let box_ends = self.scroll_top <= 0.0 || self.scroll_top >= self.scroll_most();
        let rows_end = self.top <= 0.0 || self.top >= self.top_most();
        if !self.is_scaled() || !(box_ends || rows_end) {
            return false;
        }
        if (self.scroll_top - self.proportional()).abs() <= 1.0 {
            // Less than the box can tell.
            self.top = if self.scroll_top <= 0.0 { 0.0 } else { self.top };
            self.top = if self.scroll_top >= self.scroll_most() { self.top_most() } else { self.top };
            return false;
        }
        self.scroll_top = self.proportional();
        true
    }

    fn row_at(&self, px: f64) -> usize {
        // Not negative, and at most the number of rows.
        ((px.max(0.0) / self.row_px) as usize).min(self.rows)
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
