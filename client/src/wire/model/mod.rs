//! Taps.

pub mod tap;
