//! `--http2 off`.

use ws_echo_shared::ServerInfo;
use ws_echo_test_support::{
    http2::{Http2, PREFACE, settings},
    program::{Running, ws_echo},
    raw::Raw,
    server::Server,
    tls_client::Identity,
};

#[tokio::test]
async fn it_is_not_offered_by_alpn() {
    let identity = Identity::new();
    for (flags, chosen) in [(&[][..], "h2"), (&["--http2", "off"], "http/1.1")] {
        let server = Server::start(&[&identity.flags()[..], flags].concat());
        let client = identity.offering(server.address, &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(client.get_ref().1.alpn_protocol(), Some(chosen.as_bytes()), "{flags:?}");
        let only = identity.offering(server.address, &["h2"]).await;
        assert_eq!(only.is_ok(), flags.is_empty(), "{flags:?}");
    }
}

#[tokio::test]
async fn the_client_chooses_http_1_1_as_well() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    for offer in [&["http/1.1"][..], &["http/1.1", "h2"], &[]] {
        let client = identity.offering(server.address, offer).await.unwrap();
        let chosen = if offer.contains(&"h2") { "h2" } else { "http/1.1" };
        assert_eq!(client.get_ref().1.alpn_protocol(), offer.first().map(|_| chosen.as_bytes()), "{offer:?}");
        if chosen == "http/1.1" {
            ws_echo_test_support::raw::upgrade(client).await;
        }
    }
}

#[tokio::test]
async fn prior_knowledge_is_refused_with_a_line_in_the_log() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--http2", "off"]));
    let address = running.address().await;
    let mut raw = Raw::connect(address).await;
    raw.send(&[&PREFACE[..], &settings(&[])].concat()).await;
    let rest = raw.rest().await;
    assert!(rest.starts_with("HTTP/1.1 505 "), "{rest}");
    let line = running.line("Bad request").await;
    assert!(line.contains("HTTP/2"), "{line}");
}

#[tokio::test]
async fn the_description_tells_it() {
    for (flags, streams) in
        [(&[][..], Some(100)), (&["--max-http2-streams", "7"], Some(7)), (&["--http2", "off"], None)]
    {
        let server = Server::start(flags);
        let info: ServerInfo = server.get("/api/info").await.json().await.unwrap();
        assert_eq!(info.limits.http2_streams, streams, "{flags:?}");
        if let Some(streams) = streams {
            let mut client = Http2::connect(server.address).await;
            let answer: ServerInfo = serde_json::from_slice(&client.get("/api/info").await.body).unwrap();
            assert_eq!(answer.limits.http2_streams, Some(streams));
        }
    }
}
