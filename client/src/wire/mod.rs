//! The tab with the frames of the connection, as the server saw them.

pub mod model;
pub mod panel;
mod row;
mod use_wire;
