//! The settings of the page.

pub mod fields;
pub mod model;
pub mod use_settings;
