//! The tap of a connection beside the page's log.

pub mod entry;
pub mod tap;
pub mod wire;
