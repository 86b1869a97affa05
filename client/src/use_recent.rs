//! Recently opened URLs, loaded from the browser's storage and stored again.

use yew::prelude::*;

use crate::state::phase::Phase;
use crate::state::recent::Recent;
use crate::state::session::Session;
use crate::storage::{self, use_stored_elsewhere};

const NAME: &str = "recent";

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
    let recent = use_state_eq(read);

    use_stored_elsewhere(NAME, {
        let recent = recent.setter();
        Callback::from(move |()| recent.set(read()))
    });

    // Loads the URLs before each change: a suspended page may have missed the changes of other pages.
    let change = use_callback(recent.setter(), |change: Box<dyn FnOnce(&mut Recent)>, recent| {
        let mut next = read();
        change(&mut next);
        storage::write(NAME, &next.to_json());
        recent.set(next);
    });

    let opened = matches!(session.phase, Phase::Open(_)).then(|| session.endpoint.clone());
    use_effect_with(opened, {
        let change = change.clone();
        move |opened| {
            if let Some(url) = opened.clone() {
                change.emit(Box::new(move |recent| recent.put(&url)));
            }
        }
    });

    let forget = change.reform(|url: Option<AttrValue>| -> Box<dyn FnOnce(&mut Recent)> {
        Box::new(move |recent| match url {
            Some(url) => recent.remove(&url),
            None => *recent = Recent::default(),
        })
    });
    RecentHandle { urls: (*recent).clone(), forget }
}

fn read() -> Recent {
    storage::read(NAME).as_deref().map(Recent::parse).unwrap_or_default()
}
