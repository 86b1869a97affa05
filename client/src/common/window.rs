//! Virtual scrolling: only the visible rows of a long list are rendered.
//!
//! All rows have the same height. A list that is too high for a browser's layout scrolls in a box that is lower than its rows:
//! short moves are exact to the pixel, long ones are proportional.

use std::ops::Range;

use super::within::within;

/// Maximum height of the box, in CSS pixels. Browsers fail somewhere between 16 and 33 million.
const MOST_PX: f64 = 8_000_000.0;

/// Number of rows rendered above and below the visible ones, so that fast scrolling shows no gap.
const SPARE: usize = 8;

/// Distance from the end that still counts as the end, in CSS pixels: scroll positions are fractional when the page is zoomed.
const END_PX: f64 = 4.0;

/// The rows of a list, and their visible part. Lengths are in CSS pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    rows: usize,
    row_px: f64,
    view_px: f64,
    /// Height of the rows above the view.
    top: f64,
    /// Scroll position of the box.
    scroll_top: f64,
    at_end: bool,
    follows: bool,
}

impl Window {
    /// Creates a window without rows that follows the end. `row_px` is the height of a row.
    pub fn new(row_px: f64) -> Self {
        let row_px = row_px.max(1.0);
        Self { rows: 0, row_px, view_px: 0.0, top: 0.0, scroll_top: 0.0, at_end: true, follows: true }
    }

    /// Creates a window without rows that starts at the beginning and keeps its position. `row_px` is the height of a row.
    pub fn from_start(row_px: f64) -> Self {
        Self { follows: false, ..Self::new(row_px) }
    }

    /// True if the newest row is to stay visible.
    pub fn at_end(&self) -> bool {
        self.at_end
    }

    /// Returns the scroll position that the box should have.
    pub fn scroll_top(&self) -> f64 {
        self.scroll_top
    }

    pub fn height(&self) -> f64 {
        self.all_px().min(MOST_PX)
    }

    pub fn range(&self) -> Range<usize> {
        let first = self.row_at(self.top);
        let last = self.row_at(self.top + self.view_px) + 1;
        first.saturating_sub(SPARE)..(last + SPARE).min(self.rows)
    }

    /// Returns the position in the box of the first row of [`range`](Self::range).
    pub fn offset(&self) -> f64 {
        self.scroll_top - self.top + self.range().start as f64 * self.row_px
    }

    pub fn set_view(&mut self, view_px: f64) {
        self.view_px = view_px.max(0.0);
        self.settle();
    }

    /// Changes the number of rows, of which the first `gone` were removed.
    pub fn set_rows(&mut self, rows: usize, gone: usize) {
        self.rows = rows;
        let moved = (gone as f64 * self.row_px).min(self.top);
        self.top -= moved;
        if !self.is_scaled() {
            self.scroll_top = self.top;
        }
        self.settle();
    }

    /// Takes the new scroll position of the box, which the user or [`scroll_top`](Self::scroll_top) caused. Returns true if the
    /// box must be moved to the present `scroll_top`.
    ///
    /// Only a move upward leaves the end: a list that has grown since its last move is also not at its end.
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
        self.top = within(self.top, 0.0, self.top_most());
        if self.top_most() - self.top <= END_PX {
            self.at_end = true;
        } else if self.top < before {
            self.at_end = false;
        }
        self.align()
    }

    pub fn to_end(&mut self) {
        self.at_end = true;
        self.settle();
    }

    /// Scrolls by the shortest way until a row is visible.
    pub fn reveal(&mut self, row: usize) {
        let (above, below) = self.tops_of(row);
        if above < self.top || below > self.top {
            self.move_to(if above < self.top { above } else { below });
        }
    }

    /// Scrolls until a row is in the middle, as far as there are rows around it.
    pub fn centre(&mut self, row: usize) {
        let (above, below) = self.tops_of(row);
        self.move_to((above + below) / 2.0);
    }

    /// Returns the positions of the view with a row at its beginning, and at its end.
    fn tops_of(&self, row: usize) -> (f64, f64) {
        (row as f64 * self.row_px, (row + 1) as f64 * self.row_px - self.view_px)
    }

    fn move_to(&mut self, top: f64) {
        self.top = within(top, 0.0, self.top_most());
        self.at_end = self.top_most() - self.top <= END_PX;
        self.scroll_top = self.proportional();
    }

    /// Returns the number of rows in a page, for Page Up and Page Down.
    pub fn page(&self) -> usize {
        // The cast is lossless: the value is not negative, and far below the limit.
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

    /// Returns the scroll position of the box at its end.
    pub fn scroll_most(&self) -> f64 {
        (self.height() - self.view_px).max(0.0)
    }

    fn proportional(&self) -> f64 {
        if self.is_scaled() { self.top * self.scroll_most() / self.top_most().max(1.0) } else { self.top }
    }

    /// Restores the position after a change of sizes: at the end, or as before as far as possible.
    fn settle(&mut self) {
        if (self.follows && self.at_end) || self.top >= self.top_most() {
            self.top = self.top_most();
            self.scroll_top = self.scroll_most();
            self.at_end = true;
        }
    }

    /// Aligns box and rows if only one of them is at its end: both move to the end, or both away from it.
    fn align(&mut self) -> bool {
        let box_ends = self.scroll_top <= 0.0 || self.scroll_top >= self.scroll_most();
        let rows_end = self.top <= 0.0 || self.top >= self.top_most();
        if !self.is_scaled() || !(box_ends || rows_end) {
            return false;
        }
        if (self.scroll_top - self.proportional()).abs() <= 1.0 {
            // The difference is less than a pixel, which the box cannot represent.
            self.top = if self.scroll_top <= 0.0 { 0.0 } else { self.top };
            self.top = if self.scroll_top >= self.scroll_most() { self.top_most() } else { self.top };
            return false;
        }
        self.scroll_top = self.proportional();
        true
    }

    fn row_at(&self, px: f64) -> usize {
        // The cast is lossless: the value is not negative, and at most the number of rows.
        ((px.max(0.0) / self.row_px) as usize).min(self.rows)
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
