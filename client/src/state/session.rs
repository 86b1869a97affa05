//! All that the page knows, and the one way in which it changes.

use std::rc::Rc;

use ws_echo_shared::CloseCode;
use yew::{AttrValue, Reducible};

use super::endpoint::UrlProblem;
use super::log::Log;
use super::message::Body;
use super::notice::{CLOSED, CONNECT_FIRST, Notice, OPENED, Unsent};
use super::options::Options;
use super::phase::{Closed, Opened, Phase};

/// Numbers the connections of a session, so that events of an older one are known for what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempt(u32);

impl Attempt {
    /// The attempt after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// What a connection tells.
#[derive(Debug, Clone)]
pub enum Event {
    /// The handshake succeeded.
    Opened(Opened),
    /// A message came.
    Received(Body),
    /// The connection has ended; nothing follows.
    Closed {
        /// The code that the browser reports.
        code: CloseCode,
        /// The reason in the Close frame; mostly empty.
        reason: AttrValue,
        /// Whether both sides sent a Close frame.
        clean: bool,
        /// When, in milliseconds since the page began to load.
        at_ms: u64,
    },
}

/// What changes a [`Session`].
#[derive(Debug)]
pub enum Action {
    /// The URL field was edited.
    UrlEdited(AttrValue),
    /// An option was edited.
    OptionsEdited(Options),
    /// What was asked for cannot be done, with what was typed into the options: what, and why.
    Refused(&'static str, AttrValue),
    /// A connection was asked for, and the URL does not do.
    UrlRejected(UrlProblem),
    /// A connection was asked for while there is one.
    AlreadyConnected,
    /// The handshake of a new connection began.
    Connecting(Attempt, AttrValue),
    /// A connection had something to tell: what, in the order in which it happened.
    Told(Attempt, Vec<Event>),
    /// The page asked the connection to close.
    Disconnecting,
    /// A message could not be sent.
    Unsent(Unsent),
}

/// All that the page knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The text of the URL field.
    pub url: AttrValue,
    /// What is wrong with that text.
    pub url_problem: Option<UrlProblem>,
    /// What else was typed.
    pub options: Options,
    /// The URL of the newest connection; empty if there was none.
    pub endpoint: AttrValue,
    /// Where the newest connection is in its life.
    pub phase: Phase,
    /// The newest notice.
    pub notice: Option<Notice>,
    /// The messages received.
    pub log: Log,
    attempt: Attempt,
}

impl Session {
    /// The state of a page just opened.
    pub fn new(url: String) -> Self {
        Self {
            url: url.into(),
            url_problem: None,
            options: Options::default(),
            endpoint: AttrValue::Static(""),
            phase: Phase::Idle,
            notice: None,
            log: Log::default(),
            attempt: Attempt::default(),
        }
    }

    fn notify(&mut self, text: impl Into<AttrValue>, hint: Option<AttrValue>) {
        let number = self.notice.as_ref().map_or(0, |notice| notice.number) + 1;
        self.notice = Some(Notice { number, text: text.into(), hint });
    }

    fn told(&mut self, event: Event) {
        match event {
            Event::Opened(opened) => {
                // Disconnected a moment before the handshake was through: it closes, and says so.
                if self.phase == Phase::Connecting {
                    self.phase = Phase::Open(opened);
                    self.notify(OPENED, None);
                }
            }
            Event::Received(body) => self.log.push(body),
            Event::Closed { code, reason, clean, at_ms } => {
                let (opened, asked) = match &self.phase {
                    Phase::Open(opened) => (Some(opened), false),
                    Phase::Closing { opened } => (opened.as_ref(), true),
                    _ => (None, false),
                };
                let open_ms = opened.map(|opened| at_ms.saturating_sub(opened.at_ms));
                self.phase = Phase::Closed(Closed { code, reason, open_ms, asked, clean });
                self.notify(CLOSED, None);
            }
        }
    }

    fn unsent(&mut self, why: Unsent) {
        match why {
            Unsent::NotOpen => {
                let hint = match self.phase {
                    Phase::Idle | Phase::Closed(_) => "Nothing was sent; your text is kept.",
                    Phase::Connecting => {
                        "It is still connecting. Nothing was sent; send again when it is open."
                    }
                    Phase::Open(_) | Phase::Closing { .. } => {
                        "It is closing. Nothing was sent; connect again, then send."
                    }
                };
                self.notify(CONNECT_FIRST, Some(hint.into()));
            }
            Unsent::Refused(reason) => {
                let hint = format!("The browser refused it: {reason} Your text is kept; try again.");
                self.notify("not sent", Some(hint.into()));
            }
        }
    }
}

impl Reducible for Session {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        if matches!(&action, Action::Told(attempt, _) if *attempt != self.attempt) {
            return self;
        }
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            Action::UrlEdited(url) => {
                next.url = url;
                next.url_problem = None;
            }
            Action::UrlRejected(problem) => next.url_problem = Some(problem),
            Action::AlreadyConnected => {
                next.notify("already connected", Some("To connect anew, disconnect first.".into()));
            }
            Action::Connecting(attempt, endpoint) => {
                next.attempt = attempt;
                next.endpoint = endpoint;
                next.phase = Phase::Connecting;
                next.url_problem = None;
            }
            Action::Told(_, events) => events.into_iter().for_each(|event| next.told(event)),
            Action::OptionsEdited(options) => next.options = options,
            Action::Refused(what, why) => next.notify(what, Some(why)),
            Action::Disconnecting => match next.phase {
                Phase::Connecting => next.phase = Phase::Closing { opened: None },
                Phase::Open(opened) => next.phase = Phase::Closing { opened: Some(opened) },
                Phase::Idle | Phase::Closing { .. } | Phase::Closed(_) => {}
            },
            Action::Unsent(why) => next.unsent(why),
        }
        Rc::new(next)
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
