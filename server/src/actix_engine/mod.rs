//! The echo on actix-ws: the reference that the native engine is compared with.

pub(crate) mod body;
mod counter;
pub(crate) mod payload;
pub(crate) mod session;
