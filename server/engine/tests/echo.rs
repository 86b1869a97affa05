//! The echo against a plain model of itself, under any split of the stream.

#![allow(clippy::panic, reason = "a test fails by panicking")]

use ws_echo_engine::{
    CloseCause, Echo, End, InflateBudget, Output, Phase, ProtocolError, RESERVE, SLICE,
    permessage_deflate::Agreement,
};
use ws_echo_shared::{close_code::CloseCode, limits::Limits};
use ws_echo_test_support::{
    compress::{Compressor, compress},
    feed::{Slices, agreement, feed},
    frame::{frame, server_frame as answer, unmask},
};

const LIMITS: Limits = Limits { message_bytes: 70_000, frames_per_message: 5 };

/// Processes bytes that come in one read.
fn process(echo: &mut Echo, bytes: &[u8]) -> Output {
    let mut buffer = [&[0; RESERVE], bytes].concat();
    echo.process(&mut buffer, bytes.len(), &mut InflateBudget::new(SLICE, &mut || false))
}

fn deflating(no_context_takeover: bool) -> Agreement {
    agreement(no_context_takeover, 15)
}

/// The echo of a stream, after making sure that it is the same however the stream is split.
fn echo_of(stream: &[u8], deflate: Option<&Agreement>) -> (Vec<u8>, Option<End>) {
    let echo = || Echo::new(LIMITS, deflate);
    let whole = feed(echo(), [stream], Slices::WHOLE);
    let places: Vec<usize> =
        if stream.len() < 600 { (0..=stream.len()).collect() } else { vec![1, 7, 14, 700, stream.len() - 1] };
    for at in places {
        let (head, tail) = stream.split_at(at);
        for step in [1, 5, 4096, usize::MAX] {
            if step < 4096 && stream.len() > 5000 && at != 1 {
                continue;
            }
            let split = feed(echo(), [head].into_iter().chain(tail.chunks(step)), Slices::WHOLE);
            assert!(split == whole, "split at {at}, then by {step}");
        }
    }
    for (piece, slice) in [(usize::MAX, 1), (usize::MAX, 1000), (11, 1), (700, 5000)] {
        if deflate.is_some() {
            let sliced = feed(echo(), stream.chunks(piece), Slices::inflated(slice));
            assert!(sliced == whole, "in slices of {slice}, split by {piece}");
        }
    }
    if deflate.is_none() {
        whole.assert_validator_agrees(LIMITS, stream);
    }
    (whole.output, whole.end)
}

fn fault_after(good: &[Vec<u8>], answers: &[Vec<u8>], bad: &[u8]) -> ProtocolError {
    let (out, end) = echo_of(&[good.concat(), bad.to_vec()].concat(), None);
    assert_eq!(out, answers.concat());
    match end {
        Some(End::Failed(fault)) => fault,
        other => panic!("a fault, and not {other:?}"),
    }
}

#[test]
fn frames_come_back_without_their_mask() {
    for payload in
        [vec![], vec![b'x'], vec![b'y'; 125], vec![b'z'; 126], vec![b'a'; 65_535], vec![b'b'; 65_536]]
    {
        for first in [0x81, 0x82] {
            let stream = [frame(first, &payload), frame(first, b"next")].concat();
            let expected = [answer(first, &payload), answer(first, b"next")].concat();
            assert_eq!(echo_of(&stream, None), (expected, None), "{first:x} {}", payload.len());
        }
    }
}

#[test]
fn fragments_pings_and_closes() {
    let stream = [
        frame(0x01, b"caf\xc3"),
        frame(0x89, b"ping within a character"),
        frame(0x8a, b"pong is passed over"),
        frame(0x80, b"\xa9"),
        frame(0x02, &[0xff; 200]),
        frame(0x00, b""),
        frame(0x80, &[0xfe; 200]),
        frame(0x89, b""),
        frame(0x88, b"\x0f\xa1bye"),
        frame(0x81, b"too late"),
    ];
    let expected = [
        answer(0x01, b"caf\xc3"),
        answer(0x8a, b"ping within a character"),
        answer(0x80, b"\xa9"),
        answer(0x02, &[0xff; 200]),
        answer(0x00, b""),
        answer(0x80, &[0xfe; 200]),
        answer(0x8a, b""),
        answer(0x88, b"\x0f\xa1bye"),
    ];
    assert_eq!(
        echo_of(&stream.concat(), None),
        (expected.concat(), Some(End::ClosedByPeer(Some(CloseCode(4001)))))
    );
    assert_eq!(echo_of(&frame(0x88, b""), None), (answer(0x88, b""), Some(End::ClosedByPeer(None))));
}

#[test]
fn a_fault_comes_after_everything_good_before_it() {
    let good = [frame(0x81, b"good"), frame(0x82, &[7; 300])];
    let answers = [answer(0x81, b"good"), answer(0x82, &[7; 300])];
    for (bad, fault) in [
        (frame(0xa1, b"x"), ProtocolError::ReservedBits),
        (frame(0xc1, b"x"), ProtocolError::Rsv1NotNegotiated),
        (frame(0x83, b"x"), ProtocolError::ReservedOpcode(3)),
        (vec![0x81, 1, b'x'], ProtocolError::Unmasked),
        (frame(0x89, &[0; 126]), ProtocolError::LongControl),
        (frame(0x80, b"x"), ProtocolError::NothingToContinue),
        (frame(0x81, b"ab\xffcd"), ProtocolError::NotUtf8),
        (frame(0x81, b"ab\xf0\x9f"), ProtocolError::NotUtf8),
        (frame(0x82, &[0; 70_001]), ProtocolError::MessageTooBig(70_000)),
        (frame(0x88, b"\x03"), ProtocolError::ShortClose),
        (frame(0x88, b"\x03\xee"), ProtocolError::BadCloseCode(1006)),
        (frame(0x88, b"\x03\xe8\xff"), ProtocolError::ReasonNotUtf8),
    ] {
        assert_eq!(fault_after(&good, &answers, &bad), fault);
    }
    let start = [frame(0x01, b"a")];
    assert_eq!(
        fault_after(&start, &[answer(0x01, b"a")], &frame(0x81, b"b")),
        ProtocolError::MessageNotFinished
    );
}

#[test]
fn a_bad_byte_is_told_while_its_frame_still_comes_in() {
    let text = frame(0x81, b"ab\xffcd");
    let mut echo = Echo::new(LIMITS, None);
    let output = process(&mut echo, &text[..9]);
    assert_eq!((output.head.len(), output.range.len()), (0, 0));
    assert_eq!(echo.end(), Some(End::Failed(ProtocolError::NotUtf8)));
}

#[test]
fn a_binary_frame_flows_through_and_a_text_is_held() {
    let mut echo = Echo::new(LIMITS, None);
    let stream = frame(0x82, &[7; 1000]);
    assert_eq!(process(&mut echo, &stream[..100]).range.len(), 96);
    assert!(!echo.at_boundary());
    assert_eq!(echo.held(), 0);

    let mut echo = Echo::new(LIMITS, None);
    let stream = frame(0x81, &[b'x'; 1000]);
    assert_eq!(process(&mut echo, &stream[..100]).range.len(), 0);
    assert!(echo.at_boundary());
    assert!((96..300).contains(&echo.held()), "{}", echo.held());
}

/// The answer to a client's frame.
fn answer_to(frame: &[u8]) -> Vec<u8> {
    let mut answer = unmask(frame);
    if answer[0] == 0x89 {
        answer[0] = 0x8a;
    }
    answer
}

#[test]
fn compressed_messages_come_back_as_they_were_sent() {
    let text = "{\"key\": \"värde\"} ".repeat(20);
    let mut compressor = Compressor::default();
    let first = compressor.compress(text.as_bytes());
    let second = compressor.compress(text.as_bytes());
    assert!(second.len() < first.len(), "the second one looks back");
    let stream = [
        frame(0xc1, &first),
        frame(0x81, b"plain"),
        frame(0x41, &second[..2]),
        frame(0x89, b"ping"),
        frame(0x80, &second[2..]),
        frame(0xc2, &compressor.compress(&[0xff; 3000])),
    ];
    let expected: Vec<u8> = stream.iter().map(|frame| answer_to(frame)).collect::<Vec<_>>().concat();
    assert_eq!(echo_of(&stream.concat(), Some(&deflating(false))), (expected, None));

    let stream = [frame(0xc1, &first), frame(0xc1, &first)].concat();
    assert_eq!(echo_of(&stream, Some(&deflating(true))).1, None);
    let stream = [frame(0xc1, &first), frame(0xc1, &second)].concat();
    assert_eq!(echo_of(&stream, Some(&deflating(true))).1, Some(End::Failed(ProtocolError::BadDeflate)));
}

#[test]
fn bad_compressed_messages_are_told_and_not_echoed() {
    let cut = compress("caf\u{e9}".as_bytes());
    let not_utf8 = compress(b"caf\xe9");
    let bomb = compress(&[b'0'; 70_001]);
    let fits = compress(&[b'0'; 70_000]);
    let deflate = deflating(true);
    for (stream, fault) in [
        (frame(0xc1, &not_utf8), ProtocolError::NotUtf8),
        (frame(0xc2, &bomb), ProtocolError::MessageTooBig(70_000)),
        (frame(0xc1, b"\xff\xff\xff\xff"), ProtocolError::BadDeflate),
        ([frame(0x41, &cut[..3]), frame(0xc0, &cut[3..])].concat(), ProtocolError::Rsv1OnContinuation),
    ] {
        let (out, end) = echo_of(&stream, Some(&deflate));
        assert_eq!(end, Some(End::Failed(fault)));
        assert!(out.is_empty() || fault == ProtocolError::Rsv1OnContinuation);
    }
    assert_eq!(echo_of(&frame(0xc2, &fits), Some(&deflate)).1, None);
    assert_eq!(echo_of(&frame(0xc2, &not_utf8), Some(&deflate)).1, None, "a binary need not be UTF-8");
}

/// RFC 7692 section 7.2.3: the examples.
#[test]
fn the_examples_of_the_rfc_are_good() {
    for (takeover, frames) in [
        (false, vec![frame(0xc1, &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00])]),
        (false, vec![frame(0x41, &[0xf2, 0x48, 0xcd]), frame(0x80, &[0xc9, 0xc9, 0x07, 0x00])]),
        (
            false,
            vec![
                frame(0xc1, &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]),
                frame(0xc1, &[0xf2, 0x00, 0x11, 0x00, 0x00]),
            ],
        ),
        (true, vec![frame(0xc1, &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00])]),
        (true, vec![frame(0xc1, &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00])]),
        (
            true,
            vec![frame(
                0xc1,
                &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
            )],
        ),
    ] {
        let expected: Vec<u8> = frames.iter().map(|frame| answer_to(frame)).collect::<Vec<_>>().concat();
        assert_eq!(echo_of(&frames.concat(), Some(&deflating(takeover))), (expected, None));
    }
}

#[test]
fn a_last_frame_of_our_own_finds_a_place_between_two_frames() {
    let stream = [frame(0x82, &[1; 50]), frame(0x81, b"after"), frame(0x88, b"\x03\xe8")].concat();
    for at in 7..56 {
        let mut echo = Echo::new(LIMITS, None);
        assert_eq!(process(&mut echo, &stream[..at]).range.len(), at - 4);
        assert!(echo.close(CloseCause::Shutdown).is_empty());
        assert!(echo.lifecycle().is_open(), "{at} bytes are in the middle of a frame");

        let output = process(&mut echo, &stream[at..]);
        assert_eq!(output.range.len(), 52 - (at - 4), "the frame's rest, and nothing after it");
        let reason = CloseCause::Shutdown.reason().as_bytes();
        assert_eq!(output.tail, answer(0x88, &[&CloseCode::GOING_AWAY.0.to_be_bytes(), reason].concat()));
        assert_eq!(echo.end(), Some(End::ClosedByServer(CloseCause::Shutdown)));
        assert_eq!(echo.lifecycle().phase(), Phase::Flushing, "the client's Close frame is seen");
    }
}

#[test]
fn who_leaves_holds_nothing_any_more() {
    let text = frame(0x81, &[b'a'; 1000]);
    let mut echo = Echo::new(LIMITS, None);
    assert!(process(&mut echo, &text[..500]).range.is_empty());
    assert!(echo.held() > 0);
    assert!(!echo.close(CloseCause::Shutdown).is_empty());
    assert_eq!((echo.held(), echo.lifecycle().phase()), (0, Phase::CloseSent));

    // The rest of it, half of another one, and that one's rest with a Close frame.
    process(&mut echo, &[&text[500..], &text[..500]].concat());
    assert_eq!((echo.held(), echo.lifecycle().phase()), (0, Phase::CloseSent));
    process(&mut echo, &[&text[500..], &frame(0x88, b"")].concat());
    assert_eq!(echo.lifecycle().phase(), Phase::Flushing);
}

#[test]
fn small_messages_are_held_to_the_limits_too() {
    let echo_of = |message_bytes, frames_per_message| {
        let echo = Echo::new(Limits { message_bytes, frames_per_message }, None);
        let stream = [frame(0x82, b"abc"), frame(0x81, b"abcd")].concat();
        let fed = feed(echo, [&stream[..]], Slices::WHOLE);
        (fed.output, fed.end)
    };
    let (out, end) = echo_of(3, 1);
    assert_eq!((out, end), (answer(0x82, b"abc"), Some(End::Failed(ProtocolError::MessageTooBig(3)))));
    let (out, end) = echo_of(3, 0);
    assert_eq!((out, end), (vec![], Some(End::Failed(ProtocolError::TooManyFrames(0)))));
}
