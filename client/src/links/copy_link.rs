//! Copies a link that opens the page in its present state.

use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::model::{Link, LinkNotice};
use crate::browser::clipboard;
use crate::browser::page;
use crate::browser::storage;
use crate::browser::use_effect::use_effect_with;
use crate::common::bytes_input::Mode;
use crate::common::query;
use crate::composer::FieldSlot;
use crate::composer::field::Field;
use crate::composer::model::history::Draft;
use crate::connection::model::endpoint;
use crate::connection::model::options::{Options, names_in};
use crate::connection::model::phase::Phase;
use crate::session::model::notice::Said;
use crate::session::origin::origin;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Name of the fields' contents in the storage of the tab.
pub const KEPT: &str = "fields";

/// Name of the parameters there that no link has: the snippets to send after connecting.
pub const OPENING: &str = "opening";

#[derive(Clone, PartialEq, Properties)]
pub struct CopyLinkProps {
    pub url: AttrValue,
    pub options: Options,
    pub phase: Phase,
    pub field: FieldSlot,
    pub say: Callback<Said>,
}

/// The button, and the field with the link.
#[component]
pub fn CopyLink(props: &CopyLinkProps) -> Html {
    let texts = &use_texts().links;
    let made = use_state_eq(String::new);
    use_kept_fields(props);
    let onclick = {
        let (props, made) = (props.clone(), made.setter());
        move |_| {
            let link = link(&props);
            let page = page::address();
            let (address, over) = match link.address(&page) {
                Ok(address) => (Ok(address), None),
                Err(over) => (link.silent().address(&page), Some(over)),
            };
            match address {
                Ok(address) => {
                    made.set(address.clone());
                    let say = props.say.clone();
                    spawn_local(async move {
                        let has_copied = clipboard::copy(&address).await;
                        say.emit(Said::Link(if has_copied {
                            LinkNotice::Copied(over)
                        } else {
                            LinkNotice::NotCopied
                        }));
                    });
                }
                Err(over) => props.say.emit(Said::Link(LinkNotice::TooLong(over))),
            }
        }
    };

    translatable(html! {
        <div class="copy-link">
            <p class="line">
                <button id="copy-link" type="button" class="quiet" aria-describedby="copy-link-note" {onclick}>{ texts.copy_link }</button>
                <span class="note" id="copy-link-note">{ texts.copy_link_note }</span>
            </p>
            if !made.is_empty() {
                <input id="link" type="text" readonly=true aria-label={texts.link} value={(*made).clone()} />
            }
        </div>
    })
}

/// Keeps the URL, the subprotocols and the message in the field for the same tab, when the page is left. They come back as a link that
/// only fills in the fields.
#[hook]
fn use_kept_fields(props: &CopyLinkProps) {
    let latest = use_mut_ref(|| props.clone());
    latest.replace(props.clone());
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "pagehide", move |_| {
                let props = latest.borrow();
                let link = Link { connect: false, ..link(&props) };
                let keep = |link: &Link| {
                    let mut query = link.query();
                    props.options.opening.iter().for_each(|name| query::push(&mut query, OPENING, name));
                    storage::write_in_tab(KEPT, &query)
                };
                // A long message may not fit beside the rest.
                if !keep(&link) {
                    keep(&link.silent());
                }
            })
        });
        move || drop(listener)
    });
}

/// Builds the link for the page's present state. The URL of the page's own server is left out: it differs if the page is reached
/// under another name.
fn link(props: &CopyLinkProps) -> Link {
    // A whole URL, from which the password can be taken.
    let url = endpoint::parse(&props.url, &origin()).unwrap_or_else(|_| props.url.trim().to_owned().into());
    let Draft { mode, text } = props.field.borrow().as_ref().map(Field::draft).unwrap_or_default();
    Link {
        url: Some(url.to_string()).filter(|url| !url.is_empty() && *url != origin().echo_url()),
        protocols: names_in(&props.options.protocols).map(str::to_owned).collect(),
        connect: props.phase.can_disconnect(),
        form: if text.is_empty() { Mode::Text } else { mode },
        send: if text.is_empty() { Vec::new() } else { vec![text.to_string()] },
    }
}
