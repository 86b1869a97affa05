//! Comparison of the two engines: both get the same bytes, and a client must see the same answers, byte for byte.
//!
//! `actix-ws` is the reference. Its parser and its answers are another implementation, though the validator of this project
//! stands in front of it.

mod cases;
mod random;
mod script;

use std::fmt;

use futures_util::{StreamExt, stream};
use tokio::join;
use ws_echo_shared::limits::Limits;
use ws_echo_test_support::{
    frame::{frame, header},
    server::{ENGINES, Server, until_gone},
    tls_client::{Identity, Relay},
};

use self::{
    cases::Case,
    script::{Ending, Script, Seen, Transport},
};

/// Limits that a script exceeds with few bytes.
const LIMITS: Limits = Limits { message_bytes: 2000, frames_per_message: 6 };

/// Number of scripts that are played at the same time.
const AT_A_TIME: usize = 64;

/// Differences between the engines that a client may see. A test shows that each of them exists.
///
/// Differences that no script shows are not listed. Only the native engine pings silent clients, closes with 1013 when memory
/// runs out, and reads on for a client that sends a whole message in fragments before it reads. After the last Close frame it
/// waits 5 s for the client's end, and actix-ws waits for a quarter of a second of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// The native engine echoes a binary frame while it still comes in, so that its size costs no memory; actix-ws waits for the
    /// whole frame. A client that sends only a part of a frame can see this.
    CutThrough,
    /// The native engine agrees on permessage-deflate. actix-ws has no extension, so RSV1 is an error there.
    Compression,
}

/// A server for each engine.
struct Pair {
    native: Server,
    reference: Server,
}

/// A script and its two results, which differ.
struct Unlike<'a> {
    what: &'a str,
    script: &'a Script,
    native: Seen,
    reference: Seen,
}

impl Pair {
    fn usual() -> Self {
        let [native, reference] = ENGINES.map(|engine| Server::on(engine, &[]));
        Self { native, reference }
    }

    fn limited() -> Self {
        let [native, reference] = ENGINES.map(|engine| Server::with_limits(engine, LIMITS));
        Self { native, reference }
    }

    async fn play(&self, script: &Script) -> (Seen, Seen) {
        let Self { native, reference } = self;
        join!(script.play(native.address, Transport::Http1), script.play(reference.address, Transport::Http1))
    }

    /// Plays a script on both. Returns the permitted differences that were seen.
    async fn compare<'a>(&self, what: &'a str, script: &'a Script) -> Result<Vec<Difference>, Unlike<'a>> {
        let (mut native, reference) = self.play(script).await;
        let differences = set_aside(&mut native);
        if native == reference { Ok(differences) } else { Err(Unlike { what, script, native, reference }) }
    }

    async fn compare_all(&self, cases: &[Case]) {
        let scripts =
            cases.iter().flat_map(|case| case.scripts().into_iter().map(move |script| (case, script)));
        let scripts: Vec<_> = scripts.collect();
        let at_first: Vec<_> = stream::iter(&scripts)
            .map(|(case, script)| self.compare(&case.name, script))
            .buffered(AT_A_TIME)
            .filter_map(|compared| std::future::ready(compared.err()))
            .collect()
            .await;
        // actix-ws takes 250 ms of silence for an end, which a busy machine can cause. A real difference of the engines shows
        // each time.
        let mut unlike = Vec::new();
        for Unlike { what, script, .. } in at_first {
            unlike.extend(self.compare(what, script).await.err());
        }
        let shown = &unlike[..unlike.len().min(5)];
        assert!(shown.is_empty(), "{} of {} scripts differ: {shown:?}", unlike.len(), scripts.len());
        until_gone(&self.native).await;
        until_gone(&self.reference).await;
    }
}

/// Removes the permitted differences, and returns them.
fn set_aside(native: &mut Seen) -> Vec<Difference> {
    let mut found = Vec::new();
    let lines = native.head.len();
    native.head.retain(|line| !line.starts_with("sec-websocket-extensions: permessage-deflate"));
    if native.head.len() < lines {
        found.push(Difference::Compression);
    }
    // A text or a control frame is not echoed before it is complete.
    if native.cut.first().is_some_and(|first| matches!(first & 0x0f, 0 | 2)) {
        native.cut.clear();
        found.push(Difference::CutThrough);
    }
    found
}

impl fmt::Debug for Unlike<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, script, native, reference } = self;
        let alike =
            native.frames.iter().zip(&reference.frames).take_while(|(one, other)| one == other).count();
        writeln!(f, "\n{what}: {script:?}\n{alike} frames are alike; then")?;
        native.fmt_from(alike, f)?;
        f.write_str("from the native engine or the first way, and\n")?;
        reference.fmt_from(alike, f)?;
        f.write_str("from actix-ws or the second way")
    }
}

#[tokio::test]
async fn the_same_bytes_are_answered_alike() {
    Pair::usual().compare_all(&cases::usual()).await;
}

/// Plays the same scripts in two ways, and demands that a client sees the same: no difference is permitted.
async fn compare_ways(
    what: &str,
    cases: &[Case],
    one: impl AsyncFn(&Script) -> Seen,
    other: impl AsyncFn(&Script) -> Seen,
) {
    let scripts: Vec<_> = cases.iter().flat_map(Case::scripts).collect();
    let compare = async |script| {
        let (native, reference) = join!(one(script), other(script));
        (native != reference).then_some(Unlike { what, script, native, reference })
    };
    let at_first: Vec<_> = stream::iter(&scripts)
        .map(compare)
        .buffered(AT_A_TIME)
        .filter_map(std::future::ready)
        .collect()
        .await;
    // As in `compare_all`.
    let mut unlike = Vec::new();
    for Unlike { script, .. } in at_first {
        unlike.extend(compare(script).await);
    }
    let shown = &unlike[..unlike.len().min(5)];
    assert!(shown.is_empty(), "{} of {} scripts differ: {shown:?}", unlike.len(), scripts.len());
}

/// The native engine with and without TLS.
#[tokio::test]
async fn the_same_bytes_are_answered_alike_over_tls() {
    let identity = Identity::new();
    let (secure, plain) = (Server::start(&identity.flags()), Server::start(&[]));
    let relay = Relay::to(secure.address, &identity).await;
    compare_ways(
        "over TLS and without",
        &cases::usual(),
        async |script| script.play(relay.address, Transport::Http1).await,
        async |script| script.play(plain.address, Transport::Http1).await,
    )
    .await;
    until_gone(&secure).await;
}

/// Each engine over HTTP/2 and over HTTP/1.1. Of the head, only what RFC 8441 section 5 leaves out is another one.
#[tokio::test]
async fn the_same_bytes_are_answered_alike_over_http2() {
    for engine in ENGINES {
        for (cases, server) in [
            (cases::usual(), Server::on(engine, &[])),
            (cases::limited(), Server::with_limits(engine, LIMITS)),
        ] {
            compare_ways(
                &format!("over HTTP/2 and HTTP/1.1 with {engine}"),
                &cases,
                async |script| script.play(server.address, Transport::Http2).await,
                async |script| over_http2(script.play(server.address, Transport::Http1).await),
            )
            .await;
            until_gone(&server).await;
        }
    }
}

/// What was seen over HTTP/1.1, with the head that HTTP/2 has.
fn over_http2(mut seen: Seen) -> Seen {
    assert_eq!(seen.head[0], "HTTP/1.1 101 Switching Protocols");
    seen.head[0] = "200".into();
    seen.head.retain(|line| {
        !["connection: ", "upgrade: ", "sec-websocket-accept: "].iter().any(|name| line.starts_with(name))
    });
    seen
}

#[tokio::test]
async fn the_same_limits_are_kept() {
    Pair::limited().compare_all(&cases::limited()).await;
}

#[tokio::test]
async fn only_the_native_engine_begins_a_frame_that_is_not_whole() {
    let chunks = vec![header(0x82, 9), b"half".to_vec()];
    let script = Script { chunks, ending: Ending::Fin, ..Script::default() };
    let found = Pair::usual().compare("half a binary frame", &script).await.unwrap();
    assert_eq!(found, [Difference::CutThrough]);
}

#[tokio::test]
async fn only_the_native_engine_compresses() {
    let servers = Pair::usual();
    let offer = |first| Script {
        offers_deflate: true,
        // "Hello" (RFC 7692 section 7.2.3.1).
        chunks: vec![frame(first, &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00])],
        ..Script::default()
    };
    let plain = offer(0x82);
    let found = servers.compare("an offer that is not made use of", &plain).await.unwrap();
    assert_eq!(found, [Difference::Compression]);
    let (native, reference) = servers.play(&offer(0xc1)).await;
    assert_eq!(native.frames[0].first, 0xc1);
    assert_eq!(reference.frames[0].close().unwrap().0, 1002);
}
