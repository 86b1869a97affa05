//! The wire: the frames of a connection as the server sees them, beside the page's own view.

pub mod model;
