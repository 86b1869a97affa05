use super::*;
use crate::connection::model::backoff::Wait;
use crate::connection::model::message::{Content, Direction};
use crate::connection::model::url_problem::UrlFault;
use crate::stats::model::traffic::Traffic;
use crate::texts::EN;

const URL: &str = "ws://localhost:8080/echo";

impl Session {
    fn after(mut self, action: Action) -> Self {
        self.reduce(action);
        self
    }
}

fn first() -> Attempt {
    Attempt::default().next()
}

fn idle() -> Session {
    Session::new(URL.into(), Options::default())
}

fn connecting() -> Session {
    idle().after(Action::Connecting(first(), URL.into(), None))
}

fn apply(session: Session, events: impl IntoIterator<Item = Event>) -> Session {
    session.after(Action::Events(first(), events.into_iter().collect()))
}

fn open() -> Session {
    apply(connecting(), [opened()])
}

fn as_agreed() -> Opened {
    Opened { protocol: "chat".into(), extensions: "permessage-deflate".into(), at_ms: 1_000 }
}

fn opened() -> Event {
    Event::Opened(as_agreed())
}

fn received(text: &str) -> Event {
    Event::Received(Body::text(text), 2_000.0)
}

fn closed(code: CloseCode) -> Event {
    let clean = code != CloseCode::ABNORMAL;
    Event::Closed { code, reason: "bye".into(), clean, at_ms: 3_000 }
}

/// Returns the phase after [`closed`].
fn ended(code: CloseCode, asked: bool) -> Phase {
    Phase::Closed(Closed { code, reason: "bye".into(), open_ms: Some(2_000), asked, clean: true })
}

fn notice(session: &Session) -> (usize, AttrValue) {
    session.notice.as_ref().map_or(said(0, ""), |notice| (notice.number, notice.said.text(&EN)))
}

fn hint(session: &Session) -> AttrValue {
    session.notice.as_ref().and_then(|notice| notice.said.hint(&EN)).unwrap_or_default()
}

fn messages(session: &Session) -> usize {
    session.log.borrow().from(0).filter_map(Entry::message).count()
}

fn said(number: usize, text: &'static str) -> (usize, AttrValue) {
    (number, AttrValue::Static(text))
}

#[test]
fn a_connection_is_opened_used_and_closed() {
    let session = open();
    assert_eq!(
        (&session.phase, notice(&session)),
        (&Phase::Open(as_agreed()), said(1, "connection is successful"))
    );

    let session = apply(session, [received("a"), received("b")]);
    assert_eq!((messages(&session), notice(&session).0), (2, 1));

    let session = session.after(Action::Disconnecting);
    assert_eq!(session.phase, Phase::Closing { opened: Some(as_agreed()) });

    let session = apply(session, [received("c"), closed(CloseCode::NORMAL)]);
    assert_eq!((&session.phase, messages(&session)), (&ended(CloseCode::NORMAL, true), 3));
    assert_eq!(notice(&session), said(2, "Connection is closed..."));
}

#[test]
fn a_whole_life_fits_in_one_batch() {
    let session = apply(connecting(), [opened(), received("a"), closed(CloseCode::GOING_AWAY)]);
    assert_eq!((&session.phase, messages(&session)), (&ended(CloseCode::GOING_AWAY, false), 1));
    assert_eq!(notice(&session), said(2, "Connection is closed..."));
}

#[test]
fn a_connection_that_never_opened_is_told_from_one_that_was_dropped() {
    for (session, was_open) in [(connecting(), false), (open(), true)] {
        let session = apply(session, [closed(CloseCode::ABNORMAL)]);
        assert!(
            matches!(&session.phase, Phase::Closed(Closed { open_ms, asked: false, .. }) if open_ms.is_some() == was_open)
        );
    }
}

#[test]
fn a_connection_that_opens_after_it_was_given_up_is_not_shown_as_open() {
    let session = apply(connecting().after(Action::Disconnecting), [opened()]);
    assert_eq!((&session.phase, notice(&session)), (&Phase::Closing { opened: None }, said(0, "")));
    let session = apply(session, [closed(CloseCode::ABNORMAL)]);
    let ids: Vec<_> = session.log.borrow().from(0).map(|entry| entry.id).collect();
    assert_eq!(ids, [1], "only the end");
}

#[test]
fn what_an_older_connection_tells_is_ignored_and_its_messages_stay() {
    let session = apply(open(), [received("first")]);
    let session = session.after(Action::Connecting(first().next(), URL.into(), None));
    let late = apply(session.clone(), [received("late"), closed(CloseCode::NORMAL)]);
    assert!(session == late);
    assert_eq!((&late.phase, messages(&late)), (&Phase::Connecting, 1));
    let session = session.after(Action::Events(first().next(), vec![opened(), received("b")]));
    assert_eq!(messages(&session), 2);
}

#[test]
fn sending_without_an_open_connection_is_explained_each_time_anew() {
    for (session, why) in [
        (idle(), "text is kept"),
        (connecting(), "still connecting"),
        (open().after(Action::Disconnecting), "closing"),
    ] {
        let number = notice(&session).0;
        let session = session.after(Action::Unsent(Unsent::NotOpen));
        assert_eq!(notice(&session), said(number + 1, "connect first!!!"), "{why}");
        assert!(hint(&session).contains(why), "{why}: {}", hint(&session));
        assert_eq!(notice(&session.after(Action::Unsent(Unsent::NotOpen))).0, number + 2, "{why}");
    }
}

#[test]
fn a_refused_message_keeps_the_browser_s_words() {
    let session = open()
        .after(Action::Unsent(Unsent::Refused { reason: "Still in CONNECTING state.".into(), at_ms: 0.0 }));
    assert_eq!((notice(&session).1.as_str(), &session.phase), ("not sent", &Phase::Open(as_agreed())));
    assert!(hint(&session).contains("Still in CONNECTING state."));
}

#[test]
fn a_url_problem_stays_until_the_url_is_edited_or_connects() {
    let rejected = idle().after(Action::UrlRejected(UrlFault::Refused("no".into()).alone()));
    assert!(rejected.url_problem.is_some() && rejected.phase == Phase::Idle && rejected.url == URL);
    let edited = rejected.clone().after(Action::UrlEdited("ws://other".into()));
    assert!(edited.url_problem.is_none() && edited.url == "ws://other");
    assert!(rejected.after(Action::Connecting(first(), URL.into(), None)).url_problem.is_none());
}

#[test]
fn connecting_twice_changes_nothing_but_the_notice() {
    let session = open().after(Action::Say(Said::AlreadyConnected));
    assert_eq!((&session.phase, notice(&session)), (&Phase::Open(as_agreed()), said(2, "already connected")));
}

#[test]
fn what_was_sent_and_its_echo_are_in_the_log() {
    let session =
        apply(open(), [Event::Sent(Body::text("a"), 1_000.0), Event::Received(Body::text("a"), 1_002.5)]);
    let round_trip = |entry: &Entry| entry.message().and_then(|message| message.round_trip_ms);
    let round_trips: Vec<_> = session.log.borrow().from(0).skip(1).map(round_trip).collect();
    assert_eq!(round_trips, [None, Some(2.5)]);
    let session = session.after(Action::Cleared);
    assert!(session.log.borrow().is_empty());
}

#[test]
fn what_goes_over_the_wire_is_counted_whatever_the_log_keeps() {
    let session = apply(
        open(),
        [Event::Sent(Body::text("abc"), 1_000.0), Event::Received(Body::text("abc"), 1_002.5), received("")],
    );
    let limits = LogLimits { messages: 1, bytes: usize::MAX };
    let session = session.after(Action::LimitsChanged(limits));
    let traffic = session.stats.borrow().traffic;
    assert_eq!((traffic.sent.bytes, traffic.received.messages, traffic.received.bytes), (3, 2, 3));
    assert_eq!(session.stats.borrow().round_trips.summary().map(|trips| trips.max), Some(2_500));
    for action in [Action::StatsReset, Action::Cleared] {
        let reset = session.clone().after(action);
        assert!(reset.stats.borrow().traffic == Traffic::default() && reset.stats != session.stats);
    }
}

#[test]
fn an_undone_clear_brings_the_stats_back_with_what_came_since() {
    let session = apply(open(), [Event::Sent(Body::text("abc"), 1_000.0), received("abc")]);
    let cleared = apply(session.after(Action::Cleared), [received("defg")]);
    let undone = cleared.clone().after(Action::ClearEnded(true));
    let traffic = undone.stats.borrow().traffic;
    assert_eq!((traffic.sent.bytes, traffic.received.bytes), (3, 7));
    assert_eq!(undone.log.borrow().counts().received, 2);

    let final_one = apply(open(), [received("abc")]).after(Action::Cleared).after(Action::ClearEnded(false));
    let undone = apply(final_one, [received("x")]).after(Action::ClearEnded(true));
    assert_eq!(undone.stats.borrow().traffic.received.bytes, 1);
    let reset = apply(open(), [received("abc")]).after(Action::Cleared).after(Action::StatsReset);
    assert_eq!(reset.after(Action::ClearEnded(true)).stats.borrow().traffic.received.bytes, 0);
}

#[test]
fn an_echo_belongs_to_the_connection_of_its_original() {
    let session = apply(open(), [Event::Sent(Body::text("a"), 1_000.0), closed(CloseCode::NORMAL)]);
    let session = session.after(Action::Connecting(first().next(), URL.into(), None));
    let session = session.after(Action::Events(first().next(), vec![opened(), received("a")]));
    let log = session.log.borrow();
    let last = log.from(0).filter_map(Entry::message).last().unwrap();
    assert_eq!((last.direction, last.round_trip_ms), (Direction::Received, None));
}

#[test]
fn the_other_scheme_is_suggested_where_the_page_chose_one_and_could_not_connect() {
    let other = AttrValue::from("wss://localhost:8080/echo");
    let completed = || idle().after(Action::UrlCompleted(URL.into(), Some(other.clone())));
    let connecting = || completed().after(Action::Connecting(first(), URL.into(), None));
    let failed = || apply(connecting(), [closed(CloseCode::ABNORMAL)]);
    assert_eq!(failed().suggested_url(), Some(other.clone()));
    assert_eq!(completed().suggested_url(), None);
    assert_eq!(connecting().suggested_url(), None);
    assert_eq!(
        apply(connecting(), [opened(), closed(CloseCode::ABNORMAL)]).suggested_url(),
        None,
        "it connected"
    );
    let asked = connecting().after(Action::Disconnecting);
    assert_eq!(apply(asked, [closed(CloseCode::ABNORMAL)]).suggested_url(), None, "the user gave up");
    let edited = failed().after(Action::UrlEdited(URL.into()));
    assert_eq!(edited.suggested_url(), None, "the user has chosen the scheme");
}

#[test]
fn the_log_tells_the_whole_story() {
    let session = idle().after(Action::Connecting(first(), "ws://me:secret@host/echo".into(), None));
    let wait = Wait { attempt: 1, delay_ms: 400 };
    let session = apply(session, [opened(), received("a"), closed(CloseCode::ABNORMAL)])
        .after(Action::Noted(ConnectionEvent::Reconnecting(wait), 3_001.0))
        .after(Action::Unsent(Unsent::NotOpen))
        .after(Action::Unsent(Unsent::Refused { reason: "no".into(), at_ms: 3_002.0 }));
    let log = session.log.borrow();
    let story: Vec<_> = log
        .from(0)
        .map(|entry| match &entry.content {
            Content::Message(_) => (entry.at_ms, "message"),
            Content::Event(event) => (entry.at_ms, event.look().0),
        })
        .collect();
    assert_eq!(
        story,
        [
            (1_000.0, "opened"),
            (2_000.0, "message"),
            (3_000.0, "dropped"),
            (3_001.0, "reconnecting"),
            (3_002.0, "not-sent")
        ]
    );
    assert!(!format!("{log:?}").contains("secret"));
    assert_eq!(log.counts().received, 1);
}
