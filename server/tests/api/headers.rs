//! Security headers, which limit browsers to the needs of the page.

use std::fs;

use reqwest::header::HeaderMap;
use tempfile::TempDir;
use ws_echo_test_support::{
    raw::{Raw, request},
    server::Server,
};

/// `alert('Hello, world.');` has this hash in CSP Level 3 section 8.3.
const HASH: &str = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";

fn dist(script: &str) -> TempDir {
    let dist = tempfile::tempdir().unwrap();
    write(&dist, script);
    fs::write(dist.path().join("style.css"), "p{}").unwrap();
    dist
}

fn write(dist: &TempDir, script: &str) {
    fs::write(dist.path().join("index.html"), format!("<script type=\"module\">{script}</script>")).unwrap();
}

fn policy(headers: &HeaderMap) -> &str {
    let mut values = headers.get_all("content-security-policy").iter();
    let policy = values.next().expect("a policy").to_str().unwrap();
    assert_eq!(values.next(), None);
    policy
}

#[tokio::test]
async fn the_page_may_do_what_it_needs_and_no_more() {
    let dist = dist("alert('Hello, world.');");
    let server = Server::with_dist(dist.path());
    // A worker has the policy of its own script, whose path is known to the server.
    for path in ["/", "/index.html", "/?connect=1", "/socket-worker.js", "/viewers-worker.js"] {
        let response = server.get(path).await;
        let policy = policy(response.headers());
        for directive in [
            "default-src 'none'",
            &format!("script-src 'self' 'wasm-unsafe-eval' {HASH}"),
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|part| part == directive), "{path}: {directive} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    }
}

#[tokio::test]
async fn a_page_that_is_built_anew_has_the_policy_of_its_own_script() {
    let dist = dist("old");
    let server = Server::with_dist(dist.path());
    let before = server.get("/").await;
    assert!(!policy(before.headers()).contains(HASH));
    write(&dist, "alert('Hello, world.');");
    assert!(policy(server.get("/").await.headers()).contains(HASH));

    // Another page of the same length and time has another policy too.
    let index = dist.path().join("index.html");
    let modified = fs::metadata(&index).unwrap().modified().unwrap();
    write(&dist, "alert('Other, world.');");
    fs::File::options().append(true).open(&index).unwrap().set_modified(modified).unwrap();
    assert!(!policy(server.get("/").await.headers()).contains(HASH));
    write(&dist, "alert('Hello, world.');");

    // A browser replaces the headers of its stored page with those of a 304.
    let response = server.get("/").await;
    let again =
        reqwest::Client::new().get(server.url("/")).header("if-none-match", &response.headers()["etag"]);
    let again = again.send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert!(policy(again.headers()).contains(HASH));
}

#[tokio::test]
async fn the_flag_names_the_servers_that_the_page_may_connect_to() {
    let dist = dist("");
    let dist = dist.path().to_str().unwrap();
    let flags = ["--dist", dist, "--connect-src", "wss://a.test", "--connect-src", "ws://localhost:*"];
    let server = Server::start(&flags);
    let response = server.get("/").await;
    let policy = policy(response.headers());
    assert!(policy.contains("; connect-src 'self' wss://a.test ws://localhost:*; "), "{policy}");
}

#[tokio::test]
async fn every_answer_has_them() {
    let dist = dist("");
    let server = Server::with_dist(dist.path());
    for (path, status) in [
        ("/", 200),
        ("/style.css", 200),
        ("/gone", 404),
        ("/%2e%2e/x", 404),
        ("/.hidden", 400),
        ("/echo", 426),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/api/info", 200),
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {head}");
        assert_all(&head, path);
        let is_page = path == "/";
        assert_eq!(head.contains("wasm-unsafe-eval"), is_page, "{path}: {head}");
    }
    let long = format!("X: {}\r\n", "a".repeat(65_536));
    for (request, status) in [
        ("POST /healthz HTTP/1.1\r\nHost: test\r\n\r\n".to_owned(), 405),
        (request(&long), 431),
        // This request is refused before the App sees it.
        (request("Connection: Upgrade\r\nUpgrade: websocket\r\n"), 426),
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        assert_all(&head, &request[..30]);
    }
}

pub fn assert_all(head: &str, of: &str) {
    let head = head.to_ascii_lowercase();
    for line in [
        "content-security-policy: default-src 'none'; ",
        "x-content-type-options: nosniff\r\n",
        "referrer-policy: no-referrer\r\n",
        "cross-origin-opener-policy: same-origin\r\n",
        "cross-origin-embedder-policy: require-corp\r\n",
        "permissions-policy: ",
    ] {
        assert_eq!(head.matches(&format!("\r\n{line}")).count(), 1, "{of}: {line} in {head}");
    }
    assert!(!head.contains("strict-transport-security"), "it is for TLS: {head}");
}
