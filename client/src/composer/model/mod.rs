//! Messages before they are sent, independent of the browser.

pub mod caret;
pub mod file_chunks;
pub mod history;
pub mod placeholders;
pub mod repeat;
pub mod snippets;
pub mod validation;
