//! What the page knows and how it changes. Knows no browser and no socket.

pub mod batch;
pub mod bytes_input;
pub mod close_form;
pub mod direction;
pub mod endpoint;
pub mod filter;
pub mod format;
pub mod history;
pub mod json;
pub mod language;
pub mod log;
pub mod message;
pub mod notice;
pub mod options;
pub mod pairing;
pub mod phase;
pub mod pieces;
pub mod position;
pub mod protocols;
pub mod repeat;
pub mod search;
pub mod session;
pub mod settings;
pub mod snippets;
pub mod texts;
pub mod window;
