//! Definitions that the server and the page share: paths, limits, close codes and the server's description of itself.
//!
//! Compiles for the server's target and for `wasm32-unknown-unknown`, and depends on the interfaces of neither.

#![warn(missing_docs)]

pub mod close_code;
pub mod info;
pub mod lab;
pub mod limits;
pub mod paths;
mod token;

pub use close_code::CloseCode;
pub use info::ServerInfo;
pub use token::is_token;
