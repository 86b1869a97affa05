//! Values and formats that several features use, independent of the browser.

pub mod bytes_input;
pub mod format;
pub mod json;
pub mod length;
pub mod line_end;
pub mod position;
pub mod query;
pub mod rfc3339;
pub mod stored;
pub mod versioned;
pub mod window;
pub mod within;
