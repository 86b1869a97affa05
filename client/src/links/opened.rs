//! The link that the page was opened by: its actions, which happen once, and the confirmation before the page connects.

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::copy_link::{KEPT, OPENING};
use super::model::{Link, LinkNotice, Plan};
use crate::browser::page;
use crate::browser::storage;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::common::query;
use crate::composer::model::history::Draft;
use crate::connection::model::endpoint;
use crate::connection::model::message::Body;
use crate::connection::model::phase::Phase;
use crate::session::model::notice::Said;
use crate::session::origin::origin;
use crate::session::use_session::{Callbacks, SessionHandle};
use crate::texts::{fill, plural};
use crate::ui::controls::handling;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// The link in the page's address, or else the fields as they were when the page was left in this tab.
#[derive(Debug, PartialEq)]
pub struct Address {
    pub link: Link,
    /// Names of the badly encoded parameters.
    problems: Vec<String>,
    /// Names of the snippets to send after connecting. A link has none: it may come from anyone, and lead anywhere.
    pub opening: Vec<AttrValue>,
}

#[hook]
pub fn use_address() -> Rc<Address> {
    use_memo((), |()| {
        let query = page::query();
        if query.is_empty() {
            let kept = storage::read_in_tab(KEPT);
            let (link, _) = Link::parse(&kept);
            let opening = query::parse(&kept).filter(|it| it.name == OPENING).map(|it| it.value.into());
            return Address {
                link: Link { connect: false, ..link },
                problems: Vec::new(),
                opening: opening.collect(),
            };
        }
        let (link, problems) = Link::parse(&query);
        // A damaged link does not connect, because its meaning is uncertain.
        let connect = link.connect && problems.is_empty();
        Address { link: Link { connect, ..link }, problems, opening: Vec::new() }
    })
}

#[derive(Clone, PartialEq, Properties)]
pub struct LinkHandle {
    address: Rc<Address>,
    /// The first message, which the composer shows.
    pub draft: Rc<Option<Draft>>,
    /// True if the user must confirm.
    pub asks: UseStateHandle<bool>,
    /// Text of the URL field, for a link without a URL.
    url: AttrValue,
    can: Rc<Callbacks>,
    /// Messages to send when the connection opens.
    waiting: Live<Vec<Body>>,
}

/// Acts on the link: connects, sends its messages when the connection opens, and then removes them from the address.
#[hook]
pub fn use_link(address: &Rc<Address>, session: &SessionHandle) -> LinkHandle {
    let handle = LinkHandle {
        address: address.clone(),
        draft: use_memo((), |()| address.link.drafts().next()),
        asks: use_state_eq(|| address.link.plan(&origin()) == Plan::Ask),
        url: session.state.url.clone(),
        can: session.can.clone(),
        waiting: use_live(Vec::new),
    };
    use_effect_with((), {
        let handle = handle.clone();
        move |()| handle.begin()
    });
    use_effect_with(session.state.phase.clone(), {
        let handle = handle.clone();
        move |phase| handle.follow(phase)
    });
    handle
}

impl LinkHandle {
    fn begin(&self) {
        let Address { link, problems, .. } = &*self.address;
        if !problems.is_empty() {
            self.can.say.emit(Said::Link(LinkNotice::Damaged(problems.clone())));
        }
        if link.plan(&origin()) == Plan::Connect {
            self.connect();
        }
    }

    fn connect(&self) {
        let url = self.address.link.url.clone().map_or_else(|| self.url.clone(), AttrValue::from);
        self.can.edit_url.emit(url.clone());
        if self.can.connect_to.emit(url) {
            self.waiting.update(|waiting| *waiting = self.address.link.bodies());
        }
    }

    fn answer(&self, yes: bool) {
        self.asks.set(false);
        if yes {
            self.connect();
        }
    }

    fn follow(&self, phase: &Phase) {
        match phase {
            Phase::Open(_) if !self.waiting.borrow().is_empty() => {
                page::replace_query(&self.address.link.silent().query());
                for body in self.waiting.update(std::mem::take) {
                    self.can.send.emit(body);
                }
            }
            // The connection did not open, and the next one may have another URL.
            Phase::Closing { .. } | Phase::Closed(_) => self.waiting.update(Vec::clear),
            _ => {}
        }
    }
}

/// A dialog with the host, the URL and the messages. The button that declines has the initial focus.
#[component]
pub fn Question(handle: &LinkHandle) -> Html {
    let texts = &use_texts().links;
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            // Fails only for a dialog that is already open.
            let _ = dialog.show_modal();
        }
    });
    let link = &handle.address.link;
    // As it would be opened: a host with a port has its scheme then.
    let url = link.url.clone().unwrap_or_default();
    let url = endpoint::parse(&url, &origin()).unwrap_or(url.into());
    let why = if link.is_own_host(&origin()) { texts.question_why_service } else { texts.question_why };
    let message = |text: &String| {
        html! { <li dir="auto" translate="no">if text.is_empty() { <em>{ texts.empty }</em> } else { { text } }</li> }
    };
    let answer = |yes| handling(handle, move |handle, _: MouseEvent| handle.answer(yes));
    let send = &link.send;

    translatable(html! {
        <dialog
            id="question"
            ref={dialog}
            role="alertdialog"
            aria-labelledby="question-host"
            aria-describedby="question-why"
            onclose={handling(handle, |handle, _: Event| handle.answer(false))}
        >
            <h2 id="question-host">{ fill(texts.question, &[("host", &page::host(url.trim()))]) }</h2>
            <p id="question-why">{ why }</p>
            <p><code>{ url }</code></p>
            if send.is_empty() {
                <p>{ texts.question_silent }</p>
            } else {
                <p id="question-sends">{ plural(texts.question_sends, send.len()) }</p>
                <ol tabindex="0" aria-labelledby="question-sends">{ for send.iter().map(message) }</ol>
            }
            <p class="line">
                <button id="not-now" type="button" autofocus=true onclick={answer(false)}>{ texts.not_now }</button>
                <button id="connect-anyway" type="button" onclick={answer(true)}>{ texts.connect }</button>
            </p>
        </dialog>
    })
}
