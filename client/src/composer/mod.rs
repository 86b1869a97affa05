//! The composer, which writes and sends messages.

pub mod field;
pub mod file;
pub mod filled;
pub mod model;
pub mod panel;
pub mod repeat;
pub mod snippets;
pub mod task;
pub mod textarea;

pub use field::FieldSlot;
pub use panel::{Composer, ComposerProps};
