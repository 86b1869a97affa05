//! Recently opened URLs: the list, and the suggestions for the URL field.

use yew::prelude::*;

use super::model::recent::Recent;
use crate::browser::page;
use crate::browser::storage::{Change, StoredHandle, use_stored};
use crate::browser::use_effect::use_effect_with;
use crate::texts::fill;
use crate::ui::controls::{giving, quiet};
use crate::ui::icons::{CHEVRON, icon};
use crate::ui::overlay::popover;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;
use crate::wire::model::tap;

/// Id of the list of suggestions for the URL field.
pub const LIST: &str = "recent-urls";

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RecentUrlsProps {
    /// URL of the connection if it is open. It is added to the list.
    pub opened: Option<AttrValue>,
    /// Called with a URL for the URL field.
    pub choose: Callback<AttrValue>,
}

/// The button in the URL field, and the URLs, newest first. Each can be used again or removed.
#[component]
pub fn RecentUrls(props: &RecentUrlsProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.links;
    let StoredHandle { value: recent, change, .. } = use_stored::<Recent>("recent");
    use_effect_with(props.opened.clone(), {
        let change = change.clone();
        move |opened| {
            if let Some(url) = opened.clone() {
                // A tap belongs to one connection.
                change.emit(Box::new(move |recent| recent.put(&tap::without(&url))));
            }
        }
    });
    // The pressed button disappears, so the focus moves to the panel, which stays.
    let forget = change.reform(|url: Option<AttrValue>| -> Change<Recent> {
        page::focus("recent-list");
        Box::new(move |recent| match url {
            Some(url) => recent.remove(&url),
            None => *recent = Recent::default(),
        })
    });
    let choose = props.choose.reform(|url| {
        page::hide("recent");
        page::focus("url");
        url
    });
    let row = |url: &AttrValue| {
        let choose = giving(&choose, url);
        let forget = giving(&forget, &Some(url.clone()));
        html! {
            <li key={url.as_str()}>
                <button type="button" class="quiet url" translate="no" onclick={choose}>{ url }</button>
                <button type="button" class="quiet" aria-label={fill(texts.forget_url, &[("url", url)])} onclick={forget}>
                    { texts.forget }
                </button>
            </li>
        }
    };
    let suggestion = |url: &AttrValue| html! { <option key={url.as_str()} value={url} /> };
    let urls = recent.urls();

    let body = html! {
        <div id="recent-list" tabindex="-1">
            if urls.is_empty() {
                <p class="note">{ texts.recent_none }</p>
            } else {
                <ul role="list">{ for urls.iter().map(row) }</ul>
                { quiet("forget-urls", texts.forget_all, giving(&forget, &None)) }
            }
        </div>
    };

    translatable(html! {
        <>
            <button id="show-recent" type="button" class="tool" popovertarget="recent" aria-label={texts.recent}>
                { icon(CHEVRON) }
            </button>
            { popover("recent", texts.recent, all_texts, body) }
            <datalist id={LIST}>{ for urls.iter().map(suggestion) }</datalist>
        </>
    })
}
