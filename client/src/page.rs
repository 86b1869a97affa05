//! What the browser says of the page itself.

use crate::state::endpoint::Origin;

/// The origin of the page that runs this code; nothing known if there is no page.
pub fn origin() -> Origin {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return Origin::default();
    };
    Origin {
        secure: location.protocol().is_ok_and(|protocol| protocol == "https:"),
        host: location.host().unwrap_or_default(),
    }
}

/// Milliseconds since the page began to load, on a clock that is never set.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
