//! Origin of the page.

use crate::connection::model::endpoint::{Origin, base_of};

/// Returns the origin of the page, or the default if there is no page.
pub fn origin() -> Origin {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return Origin::default();
    };
    Origin {
        secure: location.protocol().is_ok_and(|protocol| protocol == "https:"),
        host: location.host().unwrap_or_default(),
        base: location.pathname().map(|path| base_of(&path).to_owned()).unwrap_or_default(),
    }
}
