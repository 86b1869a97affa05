//! The lab: endpoints that misbehave on request, each behaviour in a file of [`scenarios`]. The catalogue in `ws_echo_shared::lab` has
//! their names and parameters.

pub(crate) mod answer;
pub(crate) mod bridge_options;
pub(crate) mod follow;
pub(crate) mod inspection;
pub(crate) mod numbered;
pub(crate) mod refused;
pub(crate) mod request;
pub(crate) mod scenarios;
pub(crate) mod session;
