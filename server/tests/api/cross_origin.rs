//! Answers that a page of another origin may read (Fetch, section 3.2): only those that hold nothing private.

use reqwest::Method;
use ws_echo_test_support::server::Server;

#[tokio::test]
async fn probes_and_the_description_can_be_read_from_other_origins() {
    let server = Server::start(&["--base-path", "/tools", "--metrics-listen", "127.0.0.1:0"]);
    let client = reqwest::Client::new();
    for path in ["/healthz", "/readyz", "/tools/healthz", "/tools/readyz", "/tools/api/info"] {
        for method in [Method::GET, Method::HEAD, Method::POST] {
            let request =
                client.request(method.clone(), server.url(path)).header("Origin", "https://status.test");
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), if method == Method::POST { 405 } else { 200 }, "{method} {path}");
            assert_eq!(response.headers()["access-control-allow-origin"], "*", "{method} {path}");
            assert!(!response.headers().contains_key("access-control-allow-credentials"));
        }
        let preflight = client
            .request(Method::OPTIONS, server.url(path))
            .header("Origin", "https://status.test")
            .header("Access-Control-Request-Method", "GET")
            .header("Access-Control-Request-Headers", "cache-control");
        let response = preflight.send().await.unwrap();
        assert_eq!(response.status(), 204, "{path}");
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET, HEAD"),
            ("access-control-allow-headers", "*"),
        ] {
            assert_eq!(response.headers()[name], value, "{path}");
        }
    }
}

#[tokio::test]
async fn nothing_else_can_be_read_from_other_origins() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("index.html"), "the page").unwrap();
    let server = Server::with_dist(dist.path());
    for path in ["/", "/index.html", "/echo", "/metrics", "/gone"] {
        for method in [Method::GET, Method::OPTIONS] {
            let request = reqwest::Client::new().request(method.clone(), server.url(path));
            let response = request.header("Origin", "https://status.test").send().await.unwrap();
            assert!(!response.headers().contains_key("access-control-allow-origin"), "{method} {path}");
        }
    }
}
