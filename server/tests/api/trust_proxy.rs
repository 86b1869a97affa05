//! The address of a client behind a trusted proxy, and behind one that is not trusted.

use std::net::SocketAddr;

use ws_echo_test_support::{
    program::{Running, ws_echo},
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server},
};

/// Asks for a connection as a proxy does for a client. Returns it with the status of the answer.
async fn ask(address: SocketAddr, header: &str) -> (Raw, String) {
    let mut raw = Raw::connect_from([127, 0, 0, 1].into(), address).await;
    raw.send(request(&format!("{}{header}\r\n", upgrade_lines())).as_bytes()).await;
    let head = raw.head().await;
    let status = head.split(' ').nth(1).unwrap().to_owned();
    (raw, status)
}

#[tokio::test]
async fn connections_are_limited_for_the_client_and_not_for_the_proxy() {
    for engine in ENGINES {
        let flags = ["--max-connections-per-address", "1", "--trust-proxy", "127.0.0.0/8"];
        let server = Server::on(engine, &flags);
        let (_first, status) = ask(server.address, "X-Forwarded-For: 203.0.113.1").await;
        assert_eq!(status, "101");
        for header in ["X-Forwarded-For: 203.0.113.1", "Forwarded: for=203.0.113.1;proto=https"] {
            assert_eq!(ask(server.address, header).await.1, "429", "{engine} {header}");
        }
        // The client's part of a line that the proxy adds to: a byte that is not ASCII, and a quote without an end.
        for header in ["X-Forwarded-For: é, 203.0.113.1", "Forwarded: for=\"1.1.1.1, for=203.0.113.1"] {
            assert_eq!(ask(server.address, header).await.1, "429", "{engine} {header}: nobody can hide");
        }
        let (_other, status) = ask(server.address, "X-Forwarded-For: 203.0.113.1, 203.0.113.2").await;
        assert_eq!(status, "101", "{engine}");
    }
}

/// The two headers contradict each other, and the server believes neither: the client counts under the address of its proxy.
#[tokio::test]
async fn who_contradicts_the_proxy_shares_the_proxys_place() {
    let flags = ["--max-connections-per-address", "1", "--trust-proxy", "127.0.0.0/8"];
    let server = Server::start(&flags);
    let both = |one: &str, other: &str| format!("Forwarded: for={one}\r\nX-Forwarded-For: {other}");
    let (_first, status) = ask(server.address, &both("203.0.113.1", "203.0.113.2")).await;
    assert_eq!(status, "101");
    assert_eq!(ask(server.address, &both("203.0.113.3", "203.0.113.4")).await.1, "429");
    for other in ["203.0.113.1", "203.0.113.2"] {
        let (_other, status) = ask(server.address, &format!("X-Forwarded-For: {other}")).await;
        assert_eq!(status, "101", "nobody has taken {other}'s place");
    }
}

#[tokio::test]
async fn nobody_else_can_claim_to_ask_for_somebody() {
    for engine in ENGINES {
        for flags in [&[][..], &["--trust-proxy", "192.0.2.0/24,::1"]] {
            let server = Server::on(engine, &[&["--max-connections-per-address", "1"], flags].concat());
            let (_first, status) = ask(server.address, "X-Forwarded-For: 203.0.113.1").await;
            assert_eq!(status, "101");
            let (_, status) = ask(server.address, "X-Forwarded-For: 203.0.113.2").await;
            assert_eq!(status, "429", "{engine} {flags:?}");
        }
    }
}

#[tokio::test]
async fn the_log_has_the_client_beside_the_proxy() {
    for engine in ENGINES {
        let flags = [
            "--listen",
            "127.0.0.1:0",
            "--engine",
            engine,
            "--log-format",
            "json",
            "--trust-proxy",
            "127.0.0.1",
        ];
        let mut running = Running::start(ws_echo(&flags));
        let address = running.address().await;
        let (raw, _) = ask(address, "X-Forwarded-For: 203.0.113.1").await;
        drop(raw);
        let refused = "Origin: x\r\nSec-WebSocket-Key: y\r\nX-Forwarded-For: 203.0.113.1";
        let (connected, disconnect) = (running.line("Connected...").await, running.line("Disconnect.").await);
        ask(address, refused).await;
        let (error, access) = (running.line("Upgrade error").await, running.line("Request.").await);
        for line in [connected, disconnect, error, access] {
            let line: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert_eq!(line["client"], "203.0.113.1", "{engine} {line}");
            assert!(line["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{line}");
        }
        reqwest::get(format!("http://{address}/")).await.unwrap();
        let access: serde_json::Value = serde_json::from_str(&running.line("Request.").await).unwrap();
        assert!(access.get("client").is_none(), "{access}");
    }
}
