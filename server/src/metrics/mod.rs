//! Metrics: the counters, and their text.

pub(crate) mod counters;
pub(crate) mod exposition;
