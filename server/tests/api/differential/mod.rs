//! The two engines against each other: both get the same bytes, and a client must see the same, to the byte.
//!
//! `actix-ws` is the reference. What parses and answers there is of another make, though our inspector stands in front of it.

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
    script::{Ending, Script, Seen},
};

/// Small enough for a script to go over them.
const LIMITS: Limits = Limits { message_bytes: 2000, frames_per_message: 6 };

/// How many scripts are played at a time.
const AT_A_TIME: usize = 64;

/// All that a client may see of one engine and not of the other. Each has a test that it is there.
///
/// Not listed is what no script here shows. Only the native engine pings silent clients, closes with 1013 when memory runs out,
/// and reads on for a client that sends a whole message in fragments before it reads. Behind the last Close frame it waits 5 s for the
/// client's end, and actix-ws a quarter of a second of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// The native engine sends a binary frame back while it still comes in, so that its size costs no memory; actix-ws when all
    /// of it has come. Shows when a client does not send all of a frame.
    CutThrough,
    /// The native engine agrees on permessage-deflate; actix-ws has none, and RSV1 is a fault there.
    Compression,
}

/// A server for each engine.
struct Pair {
    native: Server,
    reference: Server,
}

/// What two clients saw of one script.
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
        join!(script.play(self.native.address), script.play(self.reference.address))
    }

    /// Plays a script on both; gives the differences that may be.
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
        // actix-ws takes 250 ms of silence for an end, which a busy machine can cause. A difference of the engines is there each time.
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

/// Takes away what may differ, and says what that was.
fn set_aside(native: &mut Seen) -> Vec<Difference> {
    let mut found = Vec::new();
    let lines = native.head.len();
    native.head.retain(|line| !line.starts_with("sec-websocket-extensions: permessage-deflate"));
    if native.head.len() < lines {
        found.push(Difference::Compression);
    }
    // A text or a control frame is not begun before it is whole.
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
        f.write_str("from the native engine, and\n")?;
        reference.fmt_from(alike, f)?;
        f.write_str("from actix-ws")
    }
}

#[tokio::test]
async fn the_same_bytes_are_answered_alike() {
    Pair::usual().compare_all(&cases::usual()).await;
}

/// The native engine with TLS and without: nothing may differ.
#[tokio::test]
async fn the_same_bytes_are_answered_alike_over_tls() {
    let identity = Identity::new();
    let (secure, plain) = (Server::start(&identity.flags()), Server::start(&[]));
    let relay = Relay::to(secure.address, &identity).await;
    let scripts: Vec<_> = cases::usual().iter().flat_map(Case::scripts).collect();
    let seen = stream::iter(&scripts).map(async |script| {
        let (native, reference) = join!(script.play(relay.address), script.play(plain.address));
        (native != reference).then_some(Unlike { what: "over TLS and without", script, native, reference })
    });
    let unlike: Vec<_> = seen.buffered(AT_A_TIME).filter_map(std::future::ready).collect().await;
    let shown = &unlike[..unlike.len().min(5)];
    assert!(shown.is_empty(), "{} of {} scripts differ: {shown:?}", unlike.len(), scripts.len());
    until_gone(&secure).await;
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
