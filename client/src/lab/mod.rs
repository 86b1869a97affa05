//! The lab: a scenario with its parameters, the URL that results, and the same for other clients.

pub mod catalogue;
pub mod form;
pub mod lines;
pub mod model;
pub mod panel;
pub mod use_lab;
