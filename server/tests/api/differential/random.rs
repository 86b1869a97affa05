//! Random cases: valid frames and slightly broken ones, cut at any place.

use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{RngSeed, TestError, TestRunner},
};
use ws_echo_engine::Echo;
use ws_echo_test_support::{
    feed::{Slices, feed},
    frame::{frame, header, server_frame},
};

use super::{
    LIMITS, Pair,
    script::{Ending, PROBE, Script, probe},
};

/// Seed of the scripts, which are the same each time. PROPTEST_RNG_SEED sets another one, and PROPTEST_CASES the number of
/// scripts.
const SEED: u64 = 6455;

#[test]
fn random_scripts_are_answered_alike() {
    let config = ProptestConfig::default();
    let seed = if config.rng_seed == RngSeed::Random { RngSeed::Fixed(SEED) } else { config.rng_seed };
    let config = ProptestConfig {
        cases: 4 * config.cases,
        rng_seed: seed,
        failure_persistence: None,
        // In milliseconds: a script without an answer takes long.
        max_shrink_time: 60_000,
        ..config
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let servers = Pair::limited();
    let failure = TestRunner::new(config).run(&script(), |script| {
        let compared = runtime.block_on(servers.compare("random", &script));
        compared.map(|_| ()).map_err(|unlike| TestCaseError::fail(format!("{unlike:?}")))
    });
    if let Err(TestError::Fail(reason, script)) = failure {
        panic!("the shortest script found is {script:?}\n{}", reason.message());
    }
    failure.unwrap();
}

fn script() -> impl Strategy<Value = Script> {
    let parts = prop::collection::vec(prop_oneof![8 => legal(), 1 => broken()], 0..8);
    let damage = prop::option::weighted(0.1, (any::<Index>(), 0..8u8));
    let short = prop::option::weighted(0.2, any::<Index>());
    let cuts = prop::collection::vec(any::<Index>(), 0..6);
    (parts, damage, short, cuts, any::<bool>(), any::<bool>()).prop_map(
        |(parts, damage, short, cuts, early, patient)| {
            let mut stream = parts.concat();
            if let (Some((index, bit)), false) = (damage, stream.is_empty()) {
                *index.get_mut(&mut stream) ^= 1 << bit;
            }
            if let Some(index) = short {
                stream.truncate(index.index(stream.len() + 1));
            }
            let ending = if patient { patient_ending(&stream) } else { Ending::Fin };
            Script { early, chunks: cut(&stream, &cuts), ending, ..Script::default() }
        },
    )
}

/// Cuts a stream at these places.
fn cut(stream: &[u8], places: &[Index]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = places.iter().map(|place| place.index(stream.len() + 1)).collect();
    places.extend([0, stream.len()]);
    places.sort_unstable();
    places.dedup();
    places.windows(2).map(|pair| stream[pair[0]..pair[1]].to_vec()).collect()
}

/// Returns an ending for this stream in which the client is not the first to end the connection.
fn patient_ending(stream: &[u8]) -> Ending {
    let echo_of = |pieces: &[&[u8]]| feed(Echo::new(LIMITS, None), pieces.iter().copied(), Slices::WHOLE);
    let before = echo_of(&[stream]);
    let after = echo_of(&[stream, &probe()]);
    if before.end.is_some() {
        Ending::Answer
    } else if after.output[before.output.len()..] == server_frame(0x8a, PROBE) {
        Ending::Stay
    } else {
        Ending::Fin
    }
}

/// Returns the frames of one message, or a control frame.
fn legal() -> impl Strategy<Value = Vec<u8>> {
    let control = prop::collection::vec(any::<u8>(), 0..=125);
    prop_oneof![
        6 => (any::<bool>(), payload(), prop::collection::vec(any::<Index>(), 0..8), control.clone())
            .prop_map(|(is_text, payload, cuts, ping)| message(is_text, &payload, &cuts, &ping)),
        2 => (select(vec![0x89, 0x8a]), control).prop_map(|(first, payload)| frame(first, &payload)),
        1 => (close_code(), "\\PC{0,20}").prop_map(|(code, reason)| close(code, reason.as_bytes())),
    ]
}

/// Returns the fragments of a message between the cuts, with a ping between two fragments.
fn message(is_text: bool, payload: &[u8], cuts: &[Index], ping: &[u8]) -> Vec<u8> {
    let mut first = if is_text { 0x01 } else { 0x02 };
    let mut parts = cut(payload, cuts);
    let last = parts.pop().unwrap_or_default();
    let mut frames = Vec::new();
    for part in parts {
        frames.extend(frame(first, &part));
        frames.extend(frame(0x89, ping));
        first = 0x00;
    }
    frames.extend(frame(first | 0x80, &last));
    frames
}

/// Mostly valid UTF-8, mostly short, and sometimes over the limit.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => "\\PC{0,60}".prop_map(String::into_bytes),
        1 => "\\PC{0,700}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..140),
    ]
}

fn close_code() -> impl Strategy<Value = u16> {
    prop_oneof![4 => select(vec![1000, 1001, 3000, 4999]), 1 => 999..1017u16, 1 => any::<u16>()]
}

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    let mut body = code.to_be_bytes().to_vec();
    body.extend(reason);
    body.truncate(125);
    frame(0x88, &body)
}

/// Bytes that break a rule, alone or after the bytes that come before them.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let firsts = |firsts: &[u8]| select(firsts.to_vec());
    prop_oneof![
        // Any first byte: reserved bits and opcodes, and fragments out of order.
        (any::<u8>(), payload()).prop_map(|(first, payload)| frame(first, &payload)),
        (firsts(&[0x00, 0x80, 0x01, 0x02]), payload()).prop_map(|(first, payload)| frame(first, &payload)),
        // No mask, or a length that may not be in its shortest form.
        (firsts(&[0x81, 0x82, 0x89, 0x88]), 0..=127u8, payload()).prop_map(|(first, second, rest)| [
            &[first, second],
            rest.as_slice()
        ]
        .concat()),
        (firsts(&[0x81, 0x82, 0x89]), any::<u16>(), payload()).prop_map(|(first, len, rest)| [
            &[first, 0xfe],
            &len.to_be_bytes()[..],
            &rest
        ]
        .concat()),
        (firsts(&[0x81, 0x82, 0x8a]), any::<u64>(), payload()).prop_map(|(first, len, rest)| [
            &[first, 0xff],
            &len.to_be_bytes()[..],
            &rest
        ]
        .concat()),
        // A length that is not the length of the payload.
        (firsts(&[0x81, 0x82, 0x02, 0x80]), 0..2200u64, payload()).prop_map(|(first, len, rest)| [
            header(first, len),
            rest
        ]
        .concat()),
        prop::collection::vec(any::<u8>(), 0..4).prop_map(|body| frame(0x88, &body)),
        prop::collection::vec(any::<u8>(), 0..20),
    ]
}
