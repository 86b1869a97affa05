//! The connection to a server: URL, options, state, and reconnection.

pub mod elsewhere;
pub mod model;
pub mod opening;
pub mod options;
pub mod recent;
pub mod reconnect;
pub mod status;
pub mod url_bar;
