//! The composer, which writes and sends messages.

pub mod file_panel;
pub mod known;
pub mod model;
pub mod outgoing;
pub mod panel;
pub mod repeat_fields;
pub mod snippet_list;
pub mod snippet_panel;
pub mod task;
pub mod textarea;
pub mod tools;
pub mod use_drop;
pub mod use_field;
pub mod use_height;
pub mod use_history;
pub mod use_inserted;
pub mod use_repeat;
pub mod use_snippets;
pub mod use_transfer;

pub use outgoing::Outgoing;
pub use panel::Composer;
