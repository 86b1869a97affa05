//! Recently opened URLs.

use yew::prelude::*;

use super::model::phase::Phase;
use super::model::recent::Recent;
use crate::browser::storage::{Change, StoredHandle, use_stored};
use crate::session::model::session::Session;

/// The URLs, and the action that forgets them.
pub struct RecentHandle {
    /// The URLs, newest first.
    pub urls: Recent,
    /// Called with a URL to forget; `None` means all.
    pub forget: Callback<Option<AttrValue>>,
}

/// Loads the recently opened URLs, and adds those that this page opens.
#[hook]
pub fn use_recent(session: &Session) -> RecentHandle {
    let StoredHandle { value: urls, change, .. } = use_stored::<Recent>("recent");

    let opened = matches!(session.phase, Phase::Open(_)).then(|| session.endpoint.clone());
    use_effect_with(opened, {
        let change = change.clone();
        move |opened| {
            if let Some(url) = opened.clone() {
                change.emit(Box::new(move |recent| recent.put(&url)));
            }
        }
    });

    let forget = change.reform(|url: Option<AttrValue>| -> Change<Recent> {
        Box::new(move |recent| match url {
            Some(url) => recent.remove(&url),
            None => *recent = Recent::default(),
        })
    });
    RecentHandle { urls, forget }
}
