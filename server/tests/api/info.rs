//! The server's description of itself, in JSON.

use ws_echo_shared::ServerInfo;
use ws_echo_test_support::server::Server;

#[tokio::test]
async fn health_is_ok() {
    let server = Server::start(&[]);
    let response = server.get("/healthz").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.text().await.unwrap(), "ok\n");
}

#[tokio::test]
async fn the_description_tells_what_was_set() {
    let server = Server::start(&["--max-message", "1KiB", "--subprotocol", "a"]);
    let response = server.get("/api/info").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let info: ServerInfo = response.json().await.unwrap();
    assert_eq!(info.name, "ws-echo");
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(info.paths.echo, "/echo");
    assert_eq!(info.limits.message.message_bytes, 1024);
    assert_eq!(info.subprotocols, Some(vec!["a".into()]));

    let info: ServerInfo = Server::start(&[]).get("/api/info").await.json().await.unwrap();
    assert_eq!(info.limits.message, ws_echo_shared::limits::Limits::default());
    assert_eq!(info.subprotocols, None);
}

#[tokio::test]
async fn they_are_there_for_reading_only() {
    let server = Server::start(&[]);
    let client = reqwest::Client::new();
    let public = "GET, HEAD, OPTIONS";
    for (path, methods) in [("/healthz", public), ("/api/info", public), ("/metrics", "GET, HEAD")] {
        assert_eq!(client.head(server.url(path)).send().await.unwrap().status(), 200);
        let response = client.post(server.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], methods);
    }
}
