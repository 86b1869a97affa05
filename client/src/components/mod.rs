//! What the page shows.

pub mod composer;
pub mod endpoint;
pub mod long_row;
pub mod messages;
pub mod options;
pub mod rows;
pub mod status;
pub mod use_follow;
