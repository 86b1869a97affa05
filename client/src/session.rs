//! Ties the page's state to its socket.

use std::cell::RefCell;

use yew::prelude::*;

use crate::connection::Connection;
use crate::page;
use crate::state::endpoint::{self, Origin, UrlProblem};
use crate::state::notice::Unsent;
use crate::state::session::{Action, Attempt, Session};

/// The state, and what the page can do about it.
pub struct SessionHandle {
    /// What the page knows.
    pub state: UseReducerHandle<Session>,
    /// Takes the text of the URL field.
    pub edit_url: Callback<AttrValue>,
    /// Connects to the URL in the field.
    pub connect: Callback<()>,
    /// Connects, disconnects, or waits for the end of the connection: what the phase allows.
    pub toggle: Callback<()>,
    /// Sends a text.
    pub send: Callback<String>,
}

/// The newest connection and its number. The state has the number too, to know older ones' events.
#[derive(Default)]
struct Newest {
    attempt: Attempt,
    connection: Option<Connection>,
}

/// The session of the page.
#[hook]
pub fn use_session() -> SessionHandle {
    let origin = use_memo((), |()| page::origin());
    let state = use_reducer(|| Session::new(origin.echo_url()));
    let newest = use_mut_ref(Newest::default);
    let dispatch = state.dispatcher();

    use_effect_with((), {
        let newest = newest.clone();
        move |()| move || newest.borrow_mut().connection = None
    });

    let edit_url = use_callback(dispatch.clone(), |url, dispatch| dispatch.dispatch(Action::UrlEdited(url)));

    let connect = {
        let (origin, newest, dispatch) = (origin.clone(), newest.clone(), dispatch.clone());
        use_callback((state.phase.can_connect(), state.url.clone()), move |(), (can_connect, url)| {
            dispatch.dispatch(if *can_connect {
                open(&newest, url, &origin, &dispatch).unwrap_or_else(Action::UrlRejected)
            } else {
                Action::AlreadyConnected
            });
        })
    };

    let toggle = {
        let (newest, dispatch) = (newest.clone(), dispatch.clone());
        let can = (state.phase.can_connect(), state.phase.can_disconnect());
        use_callback((can, connect.clone()), move |(), ((can_connect, can_disconnect), connect)| {
            if *can_connect {
                connect.emit(());
            } else if *can_disconnect {
                dispatch.dispatch(Action::Disconnecting);
                newest.borrow().connection.iter().for_each(Connection::close);
            }
        })
    };

    let send = use_callback(dispatch, move |text: String, dispatch| {
        let sent = newest.borrow().connection.as_ref().map_or(Err(Unsent::NotOpen), |open| open.send(&text));
        if let Err(why) = sent {
            dispatch.dispatch(Action::Unsent(why));
        }
    });

    SessionHandle { state, edit_url, connect, toggle, send }
}

/// Opens a connection in place of the one before it.
fn open(
    newest: &RefCell<Newest>,
    url: &str,
    origin: &Origin,
    dispatch: &UseReducerDispatcher<Session>,
) -> Result<Action, UrlProblem> {
    let endpoint = endpoint::parse(url, origin)?;
    let attempt = newest.borrow().attempt.next();
    let receiver = {
        let dispatch = dispatch.clone();
        Callback::from(move |events| dispatch.dispatch(Action::Told(attempt, events)))
    };
    let connection = Connection::open(&endpoint, receiver).map_err(|reason| UrlProblem::refused(&reason))?;
    newest.replace(Newest { attempt, connection: Some(connection) });
    Ok(Action::Connecting(attempt, endpoint))
}
