//! Connects the page's state to its WebSocket.

use std::rc::Rc;

use ws_echo_shared::CloseCode;
use yew::prelude::*;

use super::model::notice::Said;
use super::model::session::{Action, Session};
use super::port::Port;
use crate::browser::page;
use crate::browser::random;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::connection::model::endpoint::{self, Origin};
use crate::connection::model::event::ConnectionEvent;
use crate::connection::model::message::{Body, Entry};
use crate::connection::model::options::Options;
use crate::links::model::Link;
use crate::log::model::log::LogLimits;
use crate::session::origin::origin;
use crate::session::rescue;
use crate::wire::model::tap::{Tapped, tapped};

/// The state and the actions of the page's session.
pub struct SessionHandle {
    pub state: Session,
    /// The actions, which stay the same for the page's lifetime.
    pub can: Rc<Callbacks>,
}

#[derive(PartialEq)]
pub struct Callbacks {
    pub edit_url: Callback<AttrValue>,
    pub edit_options: Callback<Options>,
    pub connect: Callback<()>,
    /// Connects to another URL. Returns true if the handshake began; otherwise the page has shown the reason. A host with a port gets
    /// its scheme, and stands in the URL field.
    pub connect_to: Callback<AttrValue, bool>,
    /// Connects to the URL of the last connection. Returns true if the handshake began.
    pub connect_again: Callback<(), bool>,
    /// Disconnects with this close code, and the reason of the options.
    pub close_with: Callback<CloseCode>,
    /// Connects or disconnects, depending on the phase. Does nothing while the connection is closing.
    pub toggle: Callback<()>,
    /// Sends a message. Returns true if the browser accepted it; otherwise a notice has given the reason.
    pub send: Callback<Body, bool>,
    /// The same for a message that is not sent before a time, in milliseconds since 1970. Messages keep their order.
    pub send_at: Callback<(Body, f64), bool>,
    /// Returns the number of bytes in the socket's buffer.
    pub buffered: Callback<(), f64>,
    pub limit: Callback<LogLimits>,
    pub clear: Callback<()>,
    /// Makes the last clear final, or with true, undoes it.
    pub end_clear: Callback<bool>,
    pub note: Callback<ConnectionEvent>,
    /// Replaces the log by the entries of a file.
    pub open_log: Callback<Vec<Entry>>,
    /// Puts the entries of the log before a reload in front of all.
    pub recover_log: Callback<Vec<Entry>>,
    pub reset_stats: Callback<()>,
    pub say: Callback<Said>,
}

/// Data that the callbacks act on.
struct Actor {
    state: Live<Session>,
    port: Port,
    origin: Origin,
}

/// Creates the session of the page, with the initial fields from a link, and the snippets to send after connecting.
#[hook]
pub fn use_session(link: &Link, opening: &[AttrValue]) -> SessionHandle {
    let state = use_live(|| {
        let url = link.url.clone().unwrap_or_else(|| origin().echo_url());
        let protocols = link.protocols.join(", ").into();
        Session::new(url, Options { protocols, opening: opening.to_vec(), ..Options::default() })
    });
    let made = use_memo((), |()| {
        let receiver = state.clone();
        let port = Port::new(Callback::from(move |(attempt, events)| {
            receiver.change(|state| state.reduce(Action::Events(attempt, events)));
        }));
        let actor = Rc::new(Actor { state: state.clone(), port, origin: origin() });
        rescue::hold(state.borrow().log.clone(), actor.acting(|actor, ()| actor.port.abandon()));
        (Rc::new(Callbacks::new(&actor)), actor)
    });
    let (can, actor) = &*made;
    use_effect_with((), {
        let actor = actor.clone();
        move |()| move || actor.port.abandon()
    });
    let state = state.borrow().clone();
    SessionHandle { state, can: can.clone() }
}

impl Callbacks {
    fn new(actor: &Rc<Actor>) -> Self {
        Self {
            edit_url: actor.dispatching(Action::UrlEdited),
            edit_options: actor.dispatching(Action::OptionsEdited),
            connect: actor.acting(|actor, ()| {
                actor.connect();
            }),
            connect_to: actor.acting(|actor, url| actor.connect_to(&url)),
            connect_again: actor.acting(|actor, ()| actor.connect_again()),
            close_with: actor.acting(|actor, code: CloseCode| {
                let options = actor.state.borrow().options.clone();
                actor.close(&Options { close_code: code.0.to_string().into(), ..options });
            }),
            toggle: actor.acting(|actor, ()| actor.toggle()),
            send: actor.acting(|actor, body| actor.send((body, 0.0))),
            send_at: actor.acting(Actor::send),
            buffered: actor.acting(|actor, ()| actor.port.buffered()),
            limit: actor.dispatching(Action::LimitsChanged),
            clear: actor.dispatching(|()| Action::Cleared),
            end_clear: actor.dispatching(Action::ClearEnded),
            note: actor.acting(|actor, event| actor.dispatch(Action::Noted(event, page::time()))),
            open_log: actor.dispatching(Action::LogOpened),
            recover_log: actor.dispatching(Action::LogRecovered),
            reset_stats: actor.dispatching(|()| Action::StatsReset),
            say: actor.dispatching(Action::Say),
        }
    }
}

impl Actor {
    /// Returns a callback that calls a function with the actor.
    fn acting<T: 'static, U: 'static>(self: &Rc<Self>, act: fn(&Self, T) -> U) -> Callback<T, U> {
        let actor = self.clone();
        Callback::from(move |value| act(&actor, value))
    }

    /// Returns a callback that only dispatches an action.
    fn dispatching<T: 'static>(self: &Rc<Self>, action: fn(T) -> Action) -> Callback<T> {
        let actor = self.clone();
        Callback::from(move |value| actor.dispatch(action(value)))
    }

    fn dispatch(&self, action: Action) {
        self.state.change(|state| state.reduce(action));
    }

    fn connect(&self) -> bool {
        let url = self.state.borrow().url.clone();
        self.connect_to(&url)
    }

    fn connect_again(&self) -> bool {
        let endpoint = self.state.borrow().endpoint.clone();
        self.connect_to(&endpoint)
    }

    fn connect_to(&self, url: &str) -> bool {
        let begun = self.open(url);
        let has_begun = begun.is_ok();
        self.dispatch(begun.unwrap_or_else(|refusal| refusal));
        has_begun
    }

    fn toggle(&self) {
        let state = self.state.borrow().clone();
        if state.phase.can_connect() {
            self.connect();
        } else {
            self.close(&state.options);
        }
    }

    /// Disconnects with the close code and the reason of some options.
    fn close(&self, options: &Options) {
        if !self.state.borrow().phase.can_disconnect() {
            return;
        }
        match options.close_request() {
            Ok(request) => {
                self.dispatch(Action::Disconnecting);
                self.port.close(&request);
            }
            Err(problem) => self.dispatch(Action::Say(Said::NotDisconnected(problem))),
        }
    }

    fn send(&self, (body, due_ms): (Body, f64)) -> bool {
        self.port.send(body, due_ms).map_err(|why| self.dispatch(Action::Unsent(why))).is_ok()
    }

    /// Opens a connection, which replaces the previous one.
    fn open(&self, url: &str) -> Result<Action, Action> {
        let state = self.state.borrow().clone();
        if !state.phase.can_connect() {
            return Err(Action::Say(Said::AlreadyConnected));
        }
        let endpoint = endpoint::parse(url, &self.origin).map_err(Action::UrlRejected)?;
        if endpoint != url.trim() {
            let other = endpoint::with_other_scheme(&endpoint, &self.origin);
            self.dispatch(Action::UrlCompleted(endpoint.clone(), other));
        }
        let subprotocols = state.options.subprotocols();
        let protocols = subprotocols.map_err(|problem| Action::Say(Said::NotConnected(problem)))?;
        let Tapped { url, tap } =
            tapped(&endpoint, &self.origin, state.options.is_tapped, state.tap.as_deref(), random::hex);
        let attempt = self.port.open(&url, &protocols);
        Ok(Action::Connecting(attempt, endpoint, tap.map(AttrValue::from)))
    }
}
