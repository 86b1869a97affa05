//! A server whose paths are all below a base path, behind a proxy that passes on only these.

use std::fs;

use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, redirect::Policy};
use tempfile::TempDir;
use tokio_tungstenite::{connect_async, tungstenite::Message};
use ws_echo_shared::ServerInfo;
use ws_echo_test_support::{
    raw::Raw,
    server::{ENGINES, Server},
};

fn dist() -> TempDir {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), "<script>page</script>").unwrap();
    fs::write(dist.path().join("style-0123456789abcdef.css"), "p{}").unwrap();
    dist
}

fn server(dist: &TempDir, engine: &str) -> Server {
    let dist = dist.path().to_str().unwrap();
    Server::on(engine, &["--base-path", "/tools/echo/", "--dist", dist])
}

#[tokio::test]
async fn everything_is_below_it_and_nothing_beside() {
    let dist = dist();
    let server = server(&dist, "native");
    for (path, status) in [
        ("/tools/echo/", 200),
        ("/tools/echo/index.html", 200),
        ("/tools/echo/style-0123456789abcdef.css", 200),
        ("/tools/echo/healthz", 200),
        ("/tools/echo/readyz", 200),
        ("/tools/echo/api/info", 200),
        ("/tools/echo/echo", 426),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/tools/echo/gone", 404),
        ("/", 404),
        ("/index.html", 404),
        ("/echo", 404),
        ("/api/info", 404),
        ("/tools", 404),
        ("/tools/", 404),
        ("/tools/echoes", 404),
        ("/tools/echo-/", 404),
        ("/tools/echo/tools/echo/", 404),
        ("/tools/echo/../../tools/echo/gone", 404),
        ("/TOOLS/ECHO/", 404),
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {head}");
    }
    let page = server.get("/tools/echo/").await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("'sha256-"), "{page:?}");
    let style = server.get("/tools/echo/style-0123456789abcdef.css").await;
    assert_eq!(style.headers()["cache-control"], "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn the_path_itself_leads_to_the_page_with_its_query() {
    let dist = dist();
    let server = server(&dist, "native");
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    for (path, location) in [
        ("/tools/echo", "/tools/echo/"),
        ("/tools/echo?connect=1&send=%2F", "/tools/echo/?connect=1&send=%2F"),
    ] {
        let response = client.get(server.url(path)).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["location"]),
            (307, &location.parse().unwrap())
        );
    }
}

#[tokio::test]
async fn the_echo_is_below_it_on_both_engines() {
    for engine in ENGINES {
        let server = server(&dist(), engine);
        let (mut client, _) =
            connect_async(format!("ws://{}/tools/echo/echo", server.address)).await.unwrap();
        client.send(Message::text("x")).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("x"), "{engine}");
        for path in ["/echo", "/tools/echo", "/tools/echo/"] {
            let url = format!("ws://{}{path}", server.address);
            assert!(connect_async(url).await.is_err(), "{engine}: {path}");
        }
    }
}

#[tokio::test]
async fn the_description_tells_the_whole_paths() {
    let server = server(&dist(), "native");
    let info: ServerInfo = server.get("/tools/echo/api/info").await.json().await.unwrap();
    assert_eq!(info.paths.echo, "/tools/echo/echo");
    for path in [&info.paths.health, &info.paths.ready, &info.paths.info] {
        assert!(path.starts_with("/tools/echo/"));
        assert_eq!(server.get(path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_built_says_so_there() {
    let server = Server::start(&["--base-path", "/tools/echo"]);
    let response = server.get("/tools/echo/").await;
    assert_eq!(response.status(), 503);
    assert!(response.text().await.unwrap().contains("<code>/tools/echo/echo</code>"));
    assert_eq!(server.get("/").await.status(), 404);
}
