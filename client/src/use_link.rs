//! The link that the page was opened by: what it asks for is done once.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{Event, EventInit, HtmlTextAreaElement};
use yew::prelude::*;

use crate::page;
use crate::session::SessionHandle;
use crate::state::link::{BadEncoding, Link, LinkNotice, Plan};
use crate::state::message::Body;
use crate::state::notice::Said;
use crate::state::phase::Phase;

/// What the page's address asks for, and what in it is badly encoded.
#[hook]
pub fn use_address() -> Rc<(Link, Vec<BadEncoding>)> {
    use_memo((), |()| {
        let (link, problems) = Link::parse(&page::query());
        // What is damaged may mean something else.
        let connect = link.connect && problems.is_empty();
        (Link { connect, ..link }, problems)
    })
}

/// A question of a link.
pub struct LinkHandle {
    /// Whether its reader is asked.
    pub asks: bool,
    /// Takes the answer: whether to connect.
    pub answer: Callback<bool>,
}

/// Does what the link asks for: connects, sends when the connection opens, and then takes the messages out of the address. What
/// it would send and does not is put where messages are written.
#[hook]
pub fn use_link(address: &Rc<(Link, Vec<BadEncoding>)>, session: &SessionHandle) -> LinkHandle {
    let asks = use_state_eq(|| address.0.plan(&page::origin()) == Plan::Ask);
    // The messages that wait for the connection to open.
    let waiting = use_mut_ref(Vec::<String>::new);

    let connect = use_callback((session.can.connect_to.clone(), session.can.edit_url.clone()), {
        let (address, waiting, fallback) = (address.clone(), waiting.clone(), session.state.url.clone());
        move |(), (connect_to, edit_url)| {
            let url = address.0.url.clone().map_or_else(|| fallback.clone(), AttrValue::from);
            edit_url.emit(url.clone());
            if connect_to.emit(url) {
                *waiting.borrow_mut() = address.0.send.clone();
            }
        }
    });

    use_effect_with((), {
        let (address, connect, say) = (address.clone(), connect.clone(), session.can.say.clone());
        move |()| {
            let (link, problems) = &*address;
            if !problems.is_empty() {
                say.emit(Said::Link(LinkNotice::Damaged(problems.clone())));
            }
            if let Some(text) = link.send.first() {
                write(text);
            }
            if link.plan(&page::origin()) == Plan::Connect {
                connect.emit(());
            }
        }
    });

    use_effect_with(session.state.phase.clone(), {
        let (address, send) = (address.clone(), session.can.send.clone());
        move |phase| match phase {
            Phase::Open(_) if !waiting.borrow().is_empty() => {
                let texts = waiting.take();
                page::replace_query(&address.0.silent().query());
                texts.into_iter().for_each(|text| {
                    send.emit(Body::text(text));
                });
            }
            // It did not open, and the next one may be another.
            Phase::Closing { .. } | Phase::Closed(_) => waiting.borrow_mut().clear(),
            _ => {}
        }
    });

    let answer = use_callback((asks.setter(), connect), |yes: bool, (asks, connect)| {
        asks.set(false);
        if yes {
            connect.emit(());
        }
    });
    LinkHandle { asks: *asks, answer }
}

/// The text where messages are written.
pub fn written() -> String {
    textarea().map(|textarea| textarea.value()).unwrap_or_default()
}

/// Writes a message, as a person does.
fn write(text: &str) {
    let Some(textarea) = textarea() else { return };
    textarea.set_value(text);
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &bubbles) {
        // Fails only for an event that is under way.
        let _ = textarea.dispatch_event(&event);
    }
}

fn textarea() -> Option<HtmlTextAreaElement> {
    web_sys::window()?.document()?.get_element_by_id("message")?.dyn_into().ok()
}
