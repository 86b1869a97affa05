//! What the browser does for the page beyond its elements: the clipboard, files and a worker, and why it does not.

pub mod clipboard;
pub mod download;
pub mod file;
pub mod matcher;
pub mod part;
pub mod reason;
pub mod use_resized;
