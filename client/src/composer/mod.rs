//! The composer, which writes and sends messages.

pub mod field;
pub mod file;
pub mod model;
pub mod panel;
pub mod repeat;
pub mod snippets;
pub mod task;
pub mod textarea;
pub mod use_drop;

pub use field::FieldSlot;
pub use panel::Composer;
