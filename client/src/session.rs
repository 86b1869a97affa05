//! Ties the page's state to its socket.

use std::cell::RefCell;

use yew::prelude::*;

use crate::connection::Connection;
use crate::page;
use crate::state::endpoint::{self, Origin, UrlProblem};
use crate::state::link::Link;
use crate::state::log::Caps;
use crate::state::message::{Body, Entry};
use crate::state::notice::{Said, Unsent};
use crate::state::options::Options;
use crate::state::protocols;
use crate::state::session::{Action, Attempt, Session};

/// The state, and what the page can do about it.
pub struct SessionHandle {
    /// What the page knows.
    pub state: UseReducerHandle<Session>,
    /// Takes the text of the URL field.
    pub edit_url: Callback<AttrValue>,
    /// Takes the options as they are now.
    pub edit_options: Callback<Options>,
    /// Connects to the URL in the field.
    pub connect: Callback<()>,
    /// Connects to another URL. True if the handshake began; if not, the page has said why.
    pub connect_to: Callback<AttrValue, bool>,
    /// Connects, disconnects, or waits for the end of the connection: what the phase allows.
    pub toggle: Callback<()>,
    /// Sends a message. True if the browser took it; if not, a notice has said why.
    pub send: Callback<Body, bool>,
    /// How many bytes the browser has taken and not yet handed to the network.
    pub buffered: Callback<(), f64>,
    /// Sets how much of the log is kept.
    pub cap: Callback<Caps>,
    /// Empties the log.
    pub clear: Callback<()>,
    /// Puts the messages of a file in place of the log's.
    pub open_log: Callback<Vec<Entry>>,
    /// Lets the figures begin anew.
    pub reset_figures: Callback<()>,
    /// Shows a notice.
    pub say: Callback<Said>,
}

/// The newest connection and its number. The state has the number too, to know older ones' events.
#[derive(Default)]
struct Newest {
    attempt: Attempt,
    connection: Option<Connection>,
}

/// The session of the page, which begins with what a link asks for.
#[hook]
pub fn use_session(link: &Link) -> SessionHandle {
    let origin = use_memo((), |()| page::origin());
    let state = use_reducer(|| {
        let url = link.url.clone().unwrap_or_else(|| origin.echo_url());
        Session::new(url, link.protocols.join(", "))
    });
    let newest = use_mut_ref(Newest::default);
    let dispatch = state.dispatcher();

    use_effect_with((), {
        let newest = newest.clone();
        move |()| move || newest.borrow_mut().connection = None
    });

    let edit_url = use_callback(dispatch.clone(), |url, dispatch| dispatch.dispatch(Action::UrlEdited(url)));

    let edit_options =
        use_callback(dispatch.clone(), |options, dispatch| dispatch.dispatch(Action::OptionsEdited(options)));

    let connect_to = {
        let (newest, dispatch) = (newest.clone(), dispatch.clone());
        use_callback(
            (state.phase.can_connect(), state.options.protocols.clone()),
            move |url: AttrValue, (can_connect, offered)| {
                let begun = if *can_connect {
                    open(&newest, &url, offered, &origin, &dispatch)
                } else {
                    Err(Action::AlreadyConnected)
                };
                let has_begun = begun.is_ok();
                dispatch.dispatch(begun.unwrap_or_else(|refusal| refusal));
                has_begun
            },
        )
    };

    let connect = use_callback((state.url.clone(), connect_to.clone()), |(), (url, connect_to)| {
        connect_to.emit(url.clone());
    });

    let toggle = {
        let (newest, dispatch) = (newest.clone(), dispatch.clone());
        let can = (state.phase.can_connect(), state.phase.can_disconnect());
        let close = state.options.close.clone();
        use_callback(
            (can, connect.clone(), close),
            move |(), ((can_connect, can_disconnect), connect, close)| {
                if *can_connect {
                    connect.emit(());
                } else if *can_disconnect {
                    match close.parse() {
                        Ok(request) => {
                            dispatch.dispatch(Action::Disconnecting);
                            newest
                                .borrow()
                                .connection
                                .iter()
                                .for_each(|connection| connection.close(&request));
                        }
                        Err(problem) => dispatch.dispatch(Action::CloseRejected(problem)),
                    }
                }
            },
        )
    };

    let send = use_callback(dispatch.clone(), {
        let newest = newest.clone();
        move |body, dispatch| {
            let sent =
                newest.borrow().connection.as_ref().map_or(Err(Unsent::NotOpen), |open| open.send(body));
            sent.map_err(|why| dispatch.dispatch(Action::Unsent(why))).is_ok()
        }
    });

    let buffered = use_callback((), move |(), ()| {
        newest.borrow().connection.as_ref().map_or(0.0, |open| f64::from(open.buffered()))
    });

    let cap = use_callback(dispatch.clone(), |caps, dispatch| dispatch.dispatch(Action::Capped(caps)));
    let clear = use_callback(dispatch.clone(), |(), dispatch| dispatch.dispatch(Action::Cleared));
    let open_log =
        use_callback(dispatch.clone(), |entries, dispatch| dispatch.dispatch(Action::LogOpened(entries)));
    let reset_figures =
        use_callback(dispatch.clone(), |(), dispatch| dispatch.dispatch(Action::FiguresReset));
    let say = use_callback(dispatch, |said, dispatch| dispatch.dispatch(Action::Say(said)));

    SessionHandle {
        state,
        edit_url,
        edit_options,
        connect,
        connect_to,
        toggle,
        send,
        buffered,
        cap,
        clear,
        open_log,
        reset_figures,
        say,
    }
}

/// Opens a connection in place of the one before it.
fn open(
    newest: &RefCell<Newest>,
    url: &str,
    offered: &str,
    origin: &Origin,
    dispatch: &UseReducerDispatcher<Session>,
) -> Result<Action, Action> {
    let endpoint = endpoint::parse(url, origin).map_err(Action::UrlRejected)?;
    let protocols = protocols::parse(offered).map_err(Action::ProtocolsRejected)?;
    let attempt = newest.borrow().attempt.next();
    let receiver = {
        let dispatch = dispatch.clone();
        Callback::from(move |events| dispatch.dispatch(Action::Told(attempt, events)))
    };
    let connection = Connection::open(&endpoint, &protocols, receiver)
        .map_err(|reason| Action::UrlRejected(UrlProblem::refused(&reason)))?;
    newest.replace(Newest { attempt, connection: Some(connection) });
    Ok(Action::Connecting(attempt, endpoint))
}
