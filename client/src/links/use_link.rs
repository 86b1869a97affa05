//! Handles the link that the page was opened by. Its actions happen once.

use std::rc::Rc;

use yew::prelude::*;

use super::model::{Link, LinkNotice, Plan};
use crate::browser::page;
use crate::browser::use_live::{Live, use_live};
use crate::composer::model::history::Draft;
use crate::connection::model::message::Body;
use crate::connection::model::phase::Phase;
use crate::session::model::notice::Said;
use crate::session::origin::origin;
use crate::session::use_session::{Callbacks, SessionHandle};

/// The link in the page's address, and the names of its badly encoded parameters.
type Address = (Link, Vec<String>);

#[hook]
pub fn use_address() -> Rc<Address> {
    use_memo((), |()| {
        let (link, problems) = Link::parse(&page::query());
        // A damaged link does not connect, because its meaning is uncertain.
        let connect = link.connect && problems.is_empty();
        (Link { connect, ..link }, problems)
    })
}

/// Confirmation of a link.
pub struct LinkHandle {
    pub asks: bool,
    /// Called with the answer: true to connect.
    pub answer: Callback<bool>,
    /// The first message, which the composer shows.
    pub draft: Option<Draft>,
}

/// Acts on the link: connects, sends its messages when the connection opens, and then removes them from the address.
#[hook]
pub fn use_link(address: &Rc<Address>, session: &SessionHandle) -> LinkHandle {
    let asks = use_state_eq(|| address.0.plan(&origin()) == Plan::Ask);
    let waiting = use_live(Vec::new);
    let actor = use_memo((), |()| Actor {
        address: address.clone(),
        fallback: session.state.url.clone(),
        can: session.can.clone(),
        waiting,
        draft: address.0.drafts().next(),
    });
    let draft = actor.draft.clone();
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
    LinkHandle { asks: *asks, answer, draft }
}

struct Actor {
    address: Rc<Address>,
    /// URL to connect to if the link has none.
    fallback: AttrValue,
    can: Rc<Callbacks>,
    /// Messages to send when the connection opens.
    waiting: Live<Vec<Body>>,
    draft: Option<Draft>,
}

impl Actor {
    fn begin(&self) {
        let (link, problems) = &*self.address;
        if !problems.is_empty() {
            self.can.say.emit(Said::Link(LinkNotice::Damaged(problems.clone())));
        }
        if link.plan(&origin()) == Plan::Connect {
            self.connect();
        }
    }

    fn connect(&self) {
        let url = self.address.0.url.clone().map_or_else(|| self.fallback.clone(), AttrValue::from);
        self.can.edit_url.emit(url.clone());
        if self.can.connect_to.emit(url) {
            self.waiting.update(|waiting| *waiting = self.address.0.bodies());
        }
    }

    fn follow(&self, phase: &Phase) {
        match phase {
            Phase::Open(_) if !self.waiting.borrow().is_empty() => {
                page::replace_query(&self.address.0.silent().query());
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
