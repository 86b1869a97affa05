//! The page's session: its state, its actions, and its WebSocket.

mod event_batcher;
pub mod model;
pub mod origin;
pub mod port;
pub mod rescue;
pub mod socket;
pub mod use_session;
pub mod worker;
