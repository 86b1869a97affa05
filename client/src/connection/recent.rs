//! Recently opened URLs.

use yew::prelude::*;

use super::model::recent::Recent;
use crate::browser::page;
use crate::texts::fill;
use crate::ui::controls::quiet;
use crate::ui::icons::{CHEVRON, icon};
use crate::ui::overlay::popover;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Id of the list of suggestions for the URL field.
pub const LIST: &str = "recent-urls";

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RecentListProps {
    pub recent: Recent,
    /// Called with a URL for the URL field.
    pub choose: Callback<AttrValue>,
    /// Called with a URL to forget; `None` means all.
    pub forget: Callback<Option<AttrValue>>,
}

/// The button in the URL field, and the URLs. Each can be used again or removed.
#[component]
pub fn RecentList(props: &RecentListProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.links;
    // The pressed button disappears, so the focus moves to the panel, which stays.
    let forget = props.forget.reform(|url| {
        page::focus("recent-list");
        url
    });
    let row = |url: &AttrValue| {
        let choose = props.choose.reform({
            let url = url.clone();
            move |_| {
                page::hide("recent");
                page::focus("url");
                url.clone()
            }
        });
        let forget = forget.reform({
            let url = url.clone();
            move |_| Some(url.clone())
        });
        html! {
            <li key={url.as_str()}>
                <button type="button" class="quiet url" translate="no" onclick={choose}>{ url }</button>
                <button type="button" class="quiet" aria-label={fill(texts.forget_url, &[("url", url)])} onclick={forget}>
                    { texts.forget }
                </button>
            </li>
        }
    };
    let urls = props.recent.urls();

    let body = html! {
        <div id="recent-list" tabindex="-1">
            if urls.is_empty() {
                <p class="note">{ texts.recent_none }</p>
            } else {
                <ul role="list">{ for urls.iter().map(row) }</ul>
                { quiet("forget-urls", texts.forget_all, forget.reform(|_| None)) }
            }
        </div>
    };

    translatable(html! {
        <>
            <button id="show-recent" type="button" class="tool" popovertarget="recent" aria-label={texts.recent}>
                { icon(CHEVRON) }
            </button>
            { popover("recent", texts.recent, all_texts, body) }
        </>
    })
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SuggestionsProps {
    pub recent: Recent,
}

/// The suggestions for the URL field.
#[component]
pub fn Suggestions(props: &SuggestionsProps) -> Html {
    let option = |url: &AttrValue| html! { <option key={url.as_str()} value={url} /> };
    html! { <datalist id={LIST}>{ for props.recent.urls().iter().map(option) }</datalist> }
}
