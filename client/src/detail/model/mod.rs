//! Views of one message, independent of the browser.

pub mod difference;
pub mod find;
pub mod fold;
pub mod hexdump;
pub mod text_chunks;
pub mod tokens;
pub mod view;
