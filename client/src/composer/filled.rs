//! Messages with values in place of their placeholders.

use std::cell::Cell;

use super::model::placeholders::{self, Values};
use crate::browser::{page, random};
use crate::common::rfc3339;
use crate::connection::model::message::Body;

thread_local! {
    /// Number of snippets that the page has sent.
    static SENT: Cell<u32> = const { Cell::new(0) };
}

/// Returns a message with this number, from 1, and of this time: a text with the values of its placeholders.
pub fn numbered(body: &Body, n: u32, at_ms: f64) -> Body {
    match body {
        Body::Text(text) if placeholders::has_any(text) => {
            let now = rfc3339::format(at_ms);
            Body::text(placeholders::replace(text, &Values { n, now: &now, random: random::hex }))
        }
        _ => body.clone(),
    }
}

/// Returns the message of a snippet that is sent as it is stored. Its number is that among all such messages of the page, so none is
/// like another one.
pub fn next(body: &Body) -> Body {
    let n = SENT.get().saturating_add(1);
    SENT.set(n);
    numbered(body, n, page::time())
}
