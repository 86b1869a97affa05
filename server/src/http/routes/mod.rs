//! Handlers of the routes, with a module for each concern.

pub(crate) mod assets;
pub(crate) mod echo;
pub(crate) mod health;
pub(crate) mod info;
pub(crate) mod lab;
pub(crate) mod metrics;
