//! The pane that shows one message in full.

pub mod actions;
pub mod compare;
pub mod decoded_view;
pub mod event_view;
pub mod find_bar;
pub mod hex_view;
pub mod json_view;
pub mod model;
pub mod pane;
pub mod text_view;
pub mod use_lines;
