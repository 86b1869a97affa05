//! The composer, which writes and sends messages.

pub mod field;
pub mod file_panel;
pub mod model;
pub mod panel;
pub mod repeat_fields;
pub mod snippet_panel;
pub mod task;
pub mod textarea;
pub mod use_drop;
pub mod use_repeat;
pub mod use_snippets;
pub mod use_transfer;

pub use field::FieldSlot;
pub use panel::Composer;
