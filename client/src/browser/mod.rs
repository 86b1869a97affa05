//! Access to browser features beside the page's elements: the clipboard, files, a worker, and error messages.

pub mod clipboard;
pub mod direction;
pub mod download;
pub mod fetch;
pub mod page;
pub mod part;
pub mod random;
pub mod reason;
pub mod storage;
pub mod use_back;
pub mod use_effect;
pub mod use_live;
pub mod use_media;
pub mod use_resized;
pub mod use_title;
pub mod viewers;
