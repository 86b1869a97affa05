//! Links that open the page in a certain state.

pub mod copy_link;
pub mod model;
pub mod opened;
