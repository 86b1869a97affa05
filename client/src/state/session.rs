//! All that the page knows, and the one way in which it changes.

use std::rc::Rc;

use ws_echo_shared::CloseCode;
use yew::{AttrValue, Reducible};

use super::close_form::CloseProblem;
use super::endpoint::UrlProblem;
use super::figures::{Figures, SharedFigures};
use super::log::{Caps, Log, SharedLog};
use super::message::{Body, Entry};
use super::notice::{NotOpen, Notice, Said, Unsent};
use super::options::Options;
use super::phase::{Closed, Opened, Phase};
use super::protocols::ProtocolProblem;

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
    /// A message was handed to the browser, at a time in milliseconds since 1970.
    Sent(Body, f64),
    /// A message came, at a time in milliseconds since 1970.
    Received(Body, f64),
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
    /// A connection was asked for, and the subprotocols do not do.
    ProtocolsRejected(ProtocolProblem),
    /// The end was asked for, and its code or reason does not do.
    CloseRejected(CloseProblem),
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
    /// So much is to be kept.
    Capped(Caps),
    /// The log is to be emptied.
    Cleared,
    /// These messages, of a file, are to be the log.
    LogOpened(Vec<Entry>),
    /// The figures are to begin anew.
    FiguresReset,
    /// A notice is to be shown.
    Say(Said),
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
    /// The messages sent and received.
    pub log: SharedLog,
    /// The figures of all messages since the last reset, kept or not.
    pub figures: SharedFigures,
    attempt: Attempt,
}

impl Session {
    /// The state of a page just opened, with what its fields hold at first.
    pub fn new(url: String, protocols: String) -> Self {
        Self {
            url: url.into(),
            url_problem: None,
            options: Options { protocols: protocols.into(), ..Options::default() },
            endpoint: AttrValue::Static(""),
            phase: Phase::Idle,
            notice: None,
            log: SharedLog::default(),
            figures: SharedFigures::default(),
            attempt: Attempt::default(),
        }
    }

    fn say(&mut self, said: Said) {
        let number = self.notice.as_ref().map_or(0, |notice| notice.number) + 1;
        self.notice = Some(Notice { number, said });
    }

    fn told(&mut self, event: Event) {
        match event {
            Event::Opened(opened) => {
                // Disconnected a moment before the handshake was through: it closes, and says so.
                if self.phase == Phase::Connecting {
                    self.phase = Phase::Open(opened);
                    self.say(Said::Opened);
                }
            }
            Event::Sent(body, at_ms) => {
                self.figures.change(|figures| figures.sent(at_ms, body.bytes()));
                self.log.change(|log| log.sent(body, at_ms));
            }
            Event::Received(body, at_ms) => {
                let bytes = body.bytes();
                let round_trip_ms = self.log.change(|log| log.received(body, at_ms));
                self.figures.change(|figures| figures.received(at_ms, bytes, round_trip_ms));
            }
            Event::Closed { code, reason, clean, at_ms } => {
                let (opened, asked) = match &self.phase {
                    Phase::Open(opened) => (Some(opened), false),
                    Phase::Closing { opened } => (opened.as_ref(), true),
                    _ => (None, false),
                };
                self.log.change(Log::ended);
                let open_ms = opened.map(|opened| at_ms.saturating_sub(opened.at_ms));
                self.phase = Phase::Closed(Closed { code, reason, open_ms, asked, clean });
                self.say(Said::Ended);
            }
        }
    }

    fn unsent(&mut self, why: Unsent) {
        self.say(match (why, &self.phase) {
            (Unsent::Refused(reason), _) => Said::NotSent(reason),
            (Unsent::NotOpen, Phase::Idle | Phase::Closed(_)) => Said::ConnectFirst(NotOpen::NotConnected),
            (Unsent::NotOpen, Phase::Connecting) => Said::ConnectFirst(NotOpen::Connecting),
            (Unsent::NotOpen, Phase::Open(_) | Phase::Closing { .. }) => Said::ConnectFirst(NotOpen::Closing),
        });
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
            Action::AlreadyConnected => next.say(Said::AlreadyConnected),
            Action::Connecting(attempt, endpoint) => {
                next.attempt = attempt;
                next.endpoint = endpoint;
                next.phase = Phase::Connecting;
                next.url_problem = None;
                // The connection before this one may not have told its end.
                next.log.change(Log::ended);
            }
            Action::Told(_, events) => events.into_iter().for_each(|event| next.told(event)),
            Action::ProtocolsRejected(problem) => next.say(Said::NotConnected(problem)),
            Action::CloseRejected(problem) => next.say(Said::NotDisconnected(problem)),
            Action::Capped(caps) => next.log.change(|log| log.set_caps(caps)),
            Action::Cleared => next.log.change(Log::clear),
            Action::LogOpened(entries) => next.log.change(|log| log.replace(entries)),
            Action::FiguresReset => next.figures.change(Figures::reset),
            Action::OptionsEdited(options) => next.options = options,
            Action::Disconnecting => match next.phase {
                Phase::Connecting => next.phase = Phase::Closing { opened: None },
                Phase::Open(opened) => next.phase = Phase::Closing { opened: Some(opened) },
                Phase::Idle | Phase::Closing { .. } | Phase::Closed(_) => {}
            },
            Action::Unsent(why) => next.unsent(why),
            Action::Say(said) => next.say(said),
        }
        Rc::new(next)
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
