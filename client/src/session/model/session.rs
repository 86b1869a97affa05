//! State of the page's session, and the actions that change it.

use ws_echo_shared::CloseCode;
use yew::AttrValue;

use super::notice::{NotOpen, Notice, Said, Unsent};
use crate::connection::model::event::ConnectionEvent;
use crate::connection::model::message::{Body, Direction, Entry};
use crate::connection::model::options::Options;
use crate::connection::model::phase::{Closed, Opened, Phase};
use crate::connection::model::url_problem::UrlProblem;
use crate::log::model::log::{Log, LogLimits, VersionedLog};
use crate::stats::model::{Stats, VersionedStats};

/// Number of a connection in the session. It identifies the late events of an earlier connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempt(u32);

impl Attempt {
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }

    pub const fn number(self) -> u32 {
        self.0
    }
}

#[derive(Debug, Clone)]
pub enum Event {
    Opened(Opened),
    /// A message was handed to the browser, at a time in milliseconds since 1970.
    Sent(Body, f64),
    /// A message was received, at a time in milliseconds since 1970.
    Received(Body, f64),
    /// A message was not sent.
    Unsent(Unsent),
    /// The browser refused the URL. No events follow.
    Refused(UrlProblem),
    /// The connection has ended. No events follow.
    Closed {
        /// The close code that the browser reports.
        code: CloseCode,
        /// The reason in the Close frame; mostly empty.
        reason: AttrValue,
        /// True if both sides sent a Close frame.
        clean: bool,
        /// Time, in milliseconds since 1970.
        at_ms: u64,
    },
}

#[derive(Debug)]
pub enum Action {
    UrlEdited(AttrValue),
    /// The page chose the scheme of the URL: the whole URL, and the same with the other scheme if that can be opened.
    UrlCompleted(AttrValue, Option<AttrValue>),
    OptionsEdited(Options),
    /// The user asked for a connection, but the URL is invalid.
    UrlRejected(UrlProblem),
    /// The handshake of a new connection began, with its URL and the identifier of its tap.
    Connecting(Attempt, AttrValue, Option<AttrValue>),
    /// Events of a connection, in order.
    Events(Attempt, Vec<Event>),
    /// The page asked the connection to close.
    Disconnecting,
    Unsent(Unsent),
    /// The page decided about reconnecting, at a time in milliseconds since 1970.
    Noted(ConnectionEvent, f64),
    LimitsChanged(LogLimits),
    Cleared,
    /// The user undid the last clear, or with false, it is final.
    ClearEnded(bool),
    LogOpened(Vec<Entry>),
    /// The entries of the log before a reload.
    LogRecovered(Vec<Entry>),
    StatsReset,
    Say(Said),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub url: AttrValue,
    pub url_problem: Option<UrlProblem>,
    /// The URL with the other scheme, if the page chose the scheme and that can be opened too.
    other_url: Option<AttrValue>,
    /// Contents of the other fields.
    pub options: Options,
    /// URL of the newest connection; empty if there was none.
    pub endpoint: AttrValue,
    /// Identifier of that connection's tap, if it has one.
    pub tap: Option<AttrValue>,
    pub phase: Phase,
    pub notice: Option<Notice>,
    pub log: VersionedLog,
    /// Stats of all messages since the log was cleared or they were reset, including those that the log removed to keep to its limits.
    pub stats: VersionedStats,
    /// Stats before the log was last cleared, as long as that can be undone.
    stats_before: Option<VersionedStats>,
    attempt: Attempt,
}

impl Session {
    /// Creates the state of a page that was just opened, with the initial text of its fields.
    pub fn new(url: String, options: Options) -> Self {
        Self {
            url: url.into(),
            url_problem: None,
            other_url: None,
            options,
            endpoint: AttrValue::Static(""),
            tap: None,
            phase: Phase::Idle,
            notice: None,
            log: VersionedLog::default(),
            stats: VersionedStats::default(),
            stats_before: None,
            attempt: Attempt::default(),
        }
    }

    /// Returns the URL to try instead, if the page chose the scheme of one to which it could not connect.
    pub fn suggested_url(&self) -> Option<AttrValue> {
        let has_failed =
            matches!(&self.phase, Phase::Closed(closed) if closed.open_ms.is_none() && !closed.asked);
        self.other_url.clone().filter(|_| has_failed && self.url == self.endpoint)
    }

    fn say(&mut self, said: Said) {
        let number = self.notice.as_ref().map_or(0, |notice| notice.number) + 1;
        self.notice = Some(Notice { number, said });
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Opened(opened) => {
                // Unless the user disconnected just before. Then another event reports the close.
                if self.phase == Phase::Connecting {
                    self.note(ConnectionEvent::opened(&self.endpoint, &opened), opened.at_ms as f64);
                    self.phase = Phase::Open(opened);
                    self.say(Said::Opened);
                }
            }
            Event::Sent(body, at_ms) => {
                self.stats.change(|stats| stats.sent(at_ms, body.bytes()));
                self.log.change(|log| log.sent(body, at_ms));
            }
            Event::Received(body, at_ms) => {
                let bytes = body.bytes();
                let round_trip_ms = self.log.change(|log| log.received(body, at_ms));
                self.stats.change(|stats| stats.received(at_ms, bytes, round_trip_ms));
            }
            Event::Unsent(why) => self.unsent(why),
            Event::Refused(problem) => {
                self.phase = Phase::Idle;
                self.url_problem = Some(problem);
            }
            Event::Closed { code, reason, clean, at_ms } => {
                let (opened, asked) = match &self.phase {
                    Phase::Open(opened) => (Some(opened), false),
                    Phase::Closing { opened } => (opened.as_ref(), true),
                    _ => (None, false),
                };
                self.log.change(Log::ended);
                let open_ms = opened.map(|opened| at_ms.saturating_sub(opened.at_ms));
                let closed = Closed { code, reason, open_ms, asked, clean };
                self.note(ConnectionEvent::closed(&self.endpoint, closed.clone()), at_ms as f64);
                self.phase = Phase::Closed(closed);
                self.say(Said::Ended);
            }
        }
    }

    fn note(&mut self, event: ConnectionEvent, at_ms: f64) {
        self.log.change(|log| log.noted(event, at_ms));
    }

    fn unsent(&mut self, why: Unsent) {
        if let Unsent::Refused { reason, at_ms } = &why {
            self.note(ConnectionEvent::NotSent { reason: reason.clone().into() }, *at_ms);
        }
        self.say(match (why, &self.phase) {
            (Unsent::Refused { reason, .. }, _) => Said::NotSent(reason),
            (Unsent::NotOpen, Phase::Idle | Phase::Closed(_)) => Said::ConnectFirst(NotOpen::NotConnected),
            (Unsent::NotOpen, Phase::Connecting) => Said::ConnectFirst(NotOpen::Connecting),
            (Unsent::NotOpen, Phase::Open(_) | Phase::Closing { .. }) => Said::ConnectFirst(NotOpen::Closing),
        });
    }

    pub fn reduce(&mut self, action: Action) {
        match action {
            // Late events of an earlier connection.
            Action::Events(attempt, _) if attempt != self.attempt => {}
            Action::UrlEdited(url) => {
                self.url = url;
                self.url_problem = None;
                self.other_url = None;
            }
            Action::UrlCompleted(url, other) => (self.url, self.other_url) = (url, other),
            Action::UrlRejected(problem) => self.url_problem = Some(problem),
            Action::Connecting(attempt, endpoint, tap) => {
                self.attempt = attempt;
                self.tap = tap;
                self.endpoint = endpoint;
                self.phase = Phase::Connecting;
                self.url_problem = None;
                // The end of the previous connection may not have been reported.
                self.log.change(Log::ended);
            }
            Action::Events(_, events) => events.into_iter().for_each(|event| self.apply(event)),
            Action::LimitsChanged(limits) => self.log.change(|log| log.set_limits(limits)),
            // Counts and numbers of messages begin anew, and so do the stats, which would speak of other messages.
            Action::Cleared => {
                self.log.change(Log::clear);
                self.stats_before = Some(std::mem::take(&mut self.stats));
            }
            Action::ClearEnded(is_undone) => {
                let before =
                    self.stats_before.take().filter(|_| is_undone && self.log.borrow().undoable().is_some());
                if let Some(mut stats) = before {
                    let log = self.log.borrow();
                    stats.change(|stats| log.from(0).for_each(|entry| recount(stats, entry)));
                    drop(log);
                    self.stats = stats;
                }
                self.log.change(if is_undone { Log::restore } else { Log::forget });
            }
            Action::LogRecovered(entries) => self.log.change(|log| log.recover(entries)),
            Action::LogOpened(entries) => self.log.change(|log| log.replace(entries)),
            Action::StatsReset => {
                self.stats.change(Stats::reset);
                self.stats_before = None;
            }
            Action::OptionsEdited(options) => self.options = options,
            Action::Disconnecting => match &mut self.phase {
                Phase::Connecting => self.phase = Phase::Closing { opened: None },
                Phase::Open(opened) => self.phase = Phase::Closing { opened: Some(std::mem::take(opened)) },
                Phase::Idle | Phase::Closing { .. } | Phase::Closed(_) => {}
            },
            Action::Unsent(why) => self.unsent(why),
            Action::Noted(event, at_ms) => self.note(event, at_ms),
            Action::Say(said) => self.say(said),
        }
    }
}

/// Counts an entry of the log.
fn recount(stats: &mut Stats, entry: &Entry) {
    let Some(message) = entry.message() else { return };
    match message.direction {
        Direction::Sent => stats.sent(entry.at_ms, message.body.bytes()),
        Direction::Received => stats.received(entry.at_ms, message.body.bytes(), message.round_trip_ms),
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
