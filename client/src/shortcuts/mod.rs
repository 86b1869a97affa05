//! The keyboard shortcuts of the page.

pub mod list;
pub mod model;
