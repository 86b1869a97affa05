//! The link that the page was opened by: what it asks for is done once.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlTextAreaElement, InputEvent, InputEventInit};
use yew::prelude::*;

use crate::page;
use crate::session::{Callbacks, SessionHandle};
use crate::state::line_end::LineEnd;
use crate::state::link::{BadEncoding, Link, LinkNotice, Plan};
use crate::state::message::Body;
use crate::state::notice::Said;
use crate::state::phase::Phase;

/// What the page's address asks for, and what in it is badly encoded.
type Address = (Link, Vec<BadEncoding>);

/// What the page's address asks for, and what in it is badly encoded.
#[hook]
pub fn use_address() -> Rc<Address> {
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
pub fn use_link(address: &Rc<Address>, session: &SessionHandle) -> LinkHandle {
    let asks = use_state_eq(|| address.0.plan(&page::origin()) == Plan::Ask);
    let actor = use_memo((), |()| Actor {
        address: address.clone(),
        fallback: session.state.url.clone(),
        can: session.can.clone(),
        waiting: RefCell::default(),
    });
    use_effect_with((), {
        let actor = actor.clone();
        move |()| actor.begin()
    });
    use_effect_with(session.state.phase.clone(), {
        let actor = actor.clone();
        move |phase| actor.follow(phase)
    });
    let answer = {
        let asks = asks.setter();
        Callback::from(move |yes| {
            asks.set(false);
            if yes {
                actor.connect();
            }
        })
    };
    LinkHandle { asks: *asks, answer }
}

/// Does what a link asks for.
struct Actor {
    address: Rc<Address>,
    /// Where to connect if the link does not say.
    fallback: AttrValue,
    can: Rc<Callbacks>,
    /// The messages that wait for the connection to open.
    waiting: RefCell<Vec<String>>,
}

impl Actor {
    fn begin(&self) {
        let (link, problems) = &*self.address;
        if !problems.is_empty() {
            self.can.say.emit(Said::Link(LinkNotice::Damaged(problems.clone())));
        }
        if let Some(text) = link.send.first() {
            write(text);
        }
        if link.plan(&page::origin()) == Plan::Connect {
            self.connect();
        }
    }

    fn connect(&self) {
        let url = self.address.0.url.clone().map_or_else(|| self.fallback.clone(), AttrValue::from);
        self.can.edit_url.emit(url.clone());
        if self.can.connect_to.emit(url) {
            self.waiting.replace(self.address.0.send.clone());
        }
    }

    fn follow(&self, phase: &Phase) {
        match phase {
            Phase::Open(_) if !self.waiting.borrow().is_empty() => {
                page::replace_query(&self.address.0.silent().query());
                for text in self.waiting.take() {
                    self.can.send.emit(Body::text(text));
                }
            }
            // It did not open, and the next one may be another.
            Phase::Closing { .. } | Phase::Closed(_) => self.waiting.borrow_mut().clear(),
            _ => {}
        }
    }
}

/// The text where messages are written, with the line ends that go out.
pub fn written() -> String {
    let Some(textarea) = textarea() else { return String::new() };
    let line_end = textarea.get_attribute("data-line-end").and_then(|name| LineEnd::named(&name));
    line_end.unwrap_or_default().write(textarea.value())
}

/// Writes a message in place of what is written, as a person does who pastes it.
fn write(text: &str) {
    let Some(textarea) = textarea() else { return };
    let tell = |kind: &str| {
        let event = InputEventInit::new();
        event.set_bubbles(true);
        event.set_input_type("insertFromPaste");
        event.set_data(Some(text));
        if let Ok(event) = InputEvent::new_with_event_init_dict(kind, &event) {
            // Fails only for an event that is under way.
            let _ = textarea.dispatch_event(&event);
        }
    };
    textarea.set_value("");
    tell("beforeinput");
    textarea.set_value(text);
    tell("input");
}

fn textarea() -> Option<HtmlTextAreaElement> {
    web_sys::window()?.document()?.get_element_by_id("message")?.dyn_into().ok()
}
