use super::*;
use crate::connection::model::message::Body;
use crate::connection::model::phase::Closed;
use crate::log::model::log::LogLimits;

const DEFLATE: &str = "permessage-deflate";

fn frame(direction: Direction, opcode: u8, length: u64) -> Frame {
    let masked = direction == Direction::Sent;
    Frame { direction, fin: true, rsv: 0, opcode, masked, length, close_code: None }
}

fn at(ms: f64, event: Event) -> Entry {
    Entry { at_us: ms * 1_000.0, event }
}

/// Returns a log with an open connection, 1 s after the beginning of 1970, and a record that looks at it.
fn open(extensions: &'static str) -> (Log, Wire) {
    let mut log = Log::default();
    let opened = Opened { protocol: "".into(), extensions: extensions.into(), at_ms: 1_000 };
    log.noted(ConnectionEvent::opened("ws://a/echo", &opened), 1_000.0);
    (log, Wire::new(1))
}

fn closed(code: u16) -> ConnectionEvent {
    let closed =
        Closed { code: CloseCode(code), reason: "".into(), open_ms: Some(1), asked: false, clean: true };
    ConnectionEvent::closed("ws://a/echo", closed)
}

/// Returns the differences of the last row.
fn last(wire: &Wire) -> Vec<Difference> {
    wire.differences(wire.lines().last().unwrap())
}

#[test]
fn equal_views_have_no_differences() {
    let (mut log, mut wire) = open("");
    log.sent(Body::text("hello"), 1_010.0);
    log.received(Body::text("hello"), 1_012.0);
    log.noted(closed(1_000), 1_500.0);
    wire.look(&log);
    let request = Event::Request {
        version: "1.1".into(),
        stream: None,
        target: "/echo".into(),
        protocol: "".into(),
        extensions: "".into(),
    };
    wire.push(at(0.0, request));
    wire.push(at(11.0, Event::Frame(frame(Direction::Sent, 1, 5))));
    wire.push(at(11.0, Event::Frame(frame(Direction::Received, 1, 5))));
    wire.push(at(20.0, Event::Frame(frame(Direction::Received, 9, 3))));
    wire.push(at(500.0, Event::End(1_000, "peer".into())));
    assert!(wire.lines().iter().all(|line| wire.differences(line).is_empty()), "{wire:?}");
    assert!(wire.has_ended());
}

#[test]
fn a_message_differs_by_frames_compression_kind_and_length() {
    for (sent, direction, frames, expected) in [
        (Body::text("hello"), Direction::Sent, vec![(1, 0, 5)], vec![Difference::Uncompressed]),
        (Body::text("hello"), Direction::Sent, vec![(1, 4, 9)], vec![]),
        (Body::text(""), Direction::Sent, vec![(1, 0, 0)], vec![]),
        // The server may leave a message as it is.
        (Body::text("hello"), Direction::Received, vec![(1, 0, 5)], vec![]),
        (
            Body::text("hello"),
            Direction::Received,
            vec![(1, 0, 2), (0, 0, 2), (0, 0, 1)],
            vec![Difference::Split(3)],
        ),
        (Body::text("hello"), Direction::Received, vec![(2, 0, 5)], vec![Difference::Kind(Kind::Text)]),
        (Body::binary([1, 2]), Direction::Received, vec![(2, 0, 3)], vec![Difference::Length(2)]),
    ] {
        let (mut log, mut wire) = open(DEFLATE);
        match direction {
            Direction::Sent => log.sent(sent, 1_010.0),
            Direction::Received => {
                log.received(sent, 1_010.0);
            }
        }
        let count = frames.len();
        for (index, (opcode, rsv, length)) in frames.iter().enumerate() {
            let frame = Frame { fin: index + 1 == count, rsv: *rsv, ..frame(direction, *opcode, *length) };
            wire.push(at(10.0, Event::Frame(frame)));
            // A control frame between the frames of a message is none of them.
            wire.push(at(10.0, Event::Frame(self::frame(direction, 9, 4))));
        }
        wire.look(&log);
        let found: Vec<_> = wire.lines().iter().flat_map(|line| wire.differences(line)).collect();
        assert_eq!(found, expected, "{frames:?}");
    }
}

#[test]
fn the_length_of_a_compressed_message_is_compared_once_it_is_known() {
    let (mut log, mut wire) = open(DEFLATE);
    log.sent(Body::text("hello"), 1_010.0);
    wire.look(&log);
    wire.push(at(10.0, Event::Frame(Frame { rsv: 4, ..frame(Direction::Sent, 1, 9) })));
    assert_eq!(last(&wire), []);
    wire.push(at(10.0, Event::Frame(Frame { rsv: 4, ..frame(Direction::Sent, 1, 9) })));
    // The server tells the lengths after the frames that it read at once.
    for length in [6, 3] {
        wire.push(at(10.0, Event::Inflated(Direction::Sent, length)));
    }
    log.sent(Body::text("abc"), 1_010.0);
    wire.look(&log);
    let [first, second] = [0, 1].map(|index| wire.differences(&wire.lines()[index]));
    assert_eq!((first, second), (vec![Difference::Length(5)], vec![]));
    assert_eq!(wire.lines().iter().map(|line| wire.inflated(line)).collect::<Vec<_>>(), [Some(6), Some(3)]);
}

#[test]
fn a_message_is_late_in_its_direction() {
    for (direction, page_ms, wire_ms, expected) in [
        (Direction::Sent, 1_010.0, 90.0, None),
        (Direction::Sent, 1_010.0, 510.0, Some(500.0)),
        (Direction::Sent, 1_510.0, 10.0, None),
        (Direction::Received, 1_510.0, 10.0, Some(500.0)),
        (Direction::Received, 1_010.0, 510.0, None),
        // In an hour, the clocks of both ends drift apart.
        (Direction::Received, 3_601_000.0, 3_599_700.0, None),
    ] {
        let (mut log, mut wire) = open("");
        match direction {
            Direction::Sent => log.sent(Body::text("a"), page_ms),
            Direction::Received => {
                log.received(Body::text("a"), page_ms);
            }
        }
        wire.look(&log);
        wire.push(at(wire_ms, Event::Frame(frame(direction, 1, 1))));
        assert_eq!(last(&wire), Vec::from_iter(expected.map(Difference::Late)), "{page_ms} {wire_ms}");
    }
}

#[test]
fn a_message_is_missing_where_it_can_no_longer_come() {
    let (mut log, mut wire) = open("");
    wire.look(&log);
    wire.push(at(10.0, Event::Frame(frame(Direction::Sent, 1, 1))));
    assert_eq!(last(&wire), [Difference::Missing], "nobody but the page sends");
    wire.push(at(10.0, Event::Frame(frame(Direction::Received, 1, 1))));
    assert_eq!(last(&wire), [], "it may be on its way");
    log.noted(closed(1_006), 2_000.0);
    wire.look(&log);
    assert_eq!(last(&wire), [Difference::Missing]);
    wire.push(at(20.0, Event::End(4_001, "server".into())));
    let code = Difference::Code(CloseCode(1_006));
    assert_eq!(last(&wire), [Difference::Sent(0), Difference::Received(0), code]);
}

#[test]
fn the_handshake_differs_by_subprotocol_and_extensions() {
    for (told, sent, differs) in [
        (DEFLATE, DEFLATE, false),
        (
            "permessage-deflate; server_no_context_takeover",
            "permessage-deflate;server_no_context_takeover",
            false,
        ),
        ("", DEFLATE, true),
    ] {
        let (log, mut wire) = open(told);
        wire.look(&log);
        let request = |protocol: &str| Event::Request {
            version: "1.1".into(),
            stream: None,
            target: "/echo".into(),
            protocol: protocol.into(),
            extensions: sent.into(),
        };
        wire.push(at(0.0, request("")));
        let extensions = differs.then(|| Difference::Extensions(told.into()));
        assert_eq!(last(&wire), Vec::from_iter(extensions.clone()), "{told:?} {sent:?}");
        wire.push(at(0.0, request("chat")));
        let protocol = [Difference::Protocol(String::new())];
        assert_eq!(last(&wire), protocol.into_iter().chain(extensions).collect::<Vec<_>>());
    }
}

#[test]
fn a_log_that_lost_messages_is_not_compared() {
    let (mut log, mut wire) = open("");
    wire.look(&log);
    log.set_limits(LogLimits { messages: 1, bytes: usize::MAX });
    log.sent(Body::text("a"), 1_010.0);
    log.sent(Body::text("bb"), 1_010.0);
    wire.look(&log);
    wire.push(at(10.0, Event::Frame(frame(Direction::Sent, 1, 1))));
    assert_eq!(last(&wire), []);
}

#[test]
fn messages_of_other_connections_are_not_compared() {
    let (mut log, mut wire) = open("");
    log.sent(Body::text("of an imported log"), 10.0);
    log.sent(Body::text("a"), 1_010.0);
    wire.look(&log);
    wire.push(at(10.0, Event::Frame(frame(Direction::Sent, 1, 1))));
    assert_eq!(last(&wire), []);
    assert_eq!(wire.sent.page.len(), 1);
}

#[test]
fn the_record_is_bounded() {
    let (log, mut wire) = open("");
    wire.look(&log);
    for _ in 0..ENTRIES + 5 {
        wire.push(at(10.0, Event::Frame(frame(Direction::Sent, 9, 1))));
    }
    wire.push(at(20.0, Event::End(1_000, "peer".into())));
    assert_eq!((wire.lines().len(), wire.beyond(), wire.has_ended()), (ENTRIES + 1, 5, true));
}
