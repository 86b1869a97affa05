//! The log of sent and received messages.

pub mod cursor;
pub mod files;
pub mod list;
pub mod matcher;
pub mod model;
pub mod panel;
pub mod panes;
pub mod row;
pub mod toolbar;
pub mod use_files;
pub mod use_heard;
pub mod use_kept;
pub mod use_search;
