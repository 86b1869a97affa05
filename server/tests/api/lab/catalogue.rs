//! The list of scenarios, for people and for programs.

use reqwest::header::ACCEPT;
use serde_json::Value;
use ws_echo_shared::lab::SCENARIOS;
use ws_echo_test_support::server::Server;

#[tokio::test]
async fn the_scenarios_are_listed_as_text_and_as_json() {
    let server = Server::start(&[]);
    let client = reqwest::Client::new();
    for (accept, is_json) in [
        (None, false),
        (Some("*/*"), false),
        (Some("text/html,*/*;q=0.8"), false),
        (Some("application/json"), true),
        (Some("text/plain;q=0.5, application/json"), true),
    ] {
        let mut request = client.get(server.url("/lab"));
        if let Some(accept) = accept {
            request = request.header(ACCEPT, accept);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!(content_type.starts_with("application/json"), is_json, "{accept:?}: {content_type}");
        let body = response.text().await.unwrap();
        for scenario in SCENARIOS {
            assert!(body.contains(&format!("/lab/{}", scenario.name)), "{}", scenario.name);
        }
    }
    let catalogue: Value = server.get("/api/scenarios").await.json().await.unwrap();
    let push = &catalogue["scenarios"][0];
    assert_eq!((&push["path"], &push["title"]["zh"]), (&"/lab/push".into(), &"服务器主动发送".into()));
    let every = &push["parameters"][0];
    assert_eq!(every["name"], "every");
    assert_eq!(
        (&every["type"], &every["unit"], &every["default"]),
        (&"time".into(), &"ms".into(), &"1s".into())
    );
    assert_eq!((&every["least"], &every["most"]), (&1.into(), &3_600_000.into()));
}

#[tokio::test]
async fn a_lab_that_is_switched_off_is_not_there() {
    for (flags, status) in [(&[][..], 200), (&["--no-lab"][..], 404)] {
        let server = Server::start(flags);
        for path in ["/lab", "/api/scenarios"] {
            assert_eq!(server.get(path).await.status(), status, "{path} {flags:?}");
        }
        let (raw, head) = ws_echo_test_support::raw::Raw::at(server.address, "/lab/push", "").await;
        drop(raw);
        let expected = if status == 200 { 101 } else { 404 };
        assert!(head.starts_with(&format!("HTTP/1.1 {expected} ")), "{head}");
    }
}

#[tokio::test]
async fn the_lab_is_below_the_base_path() {
    let server = Server::start(&["--base-path", "/tools/echo"]);
    assert_eq!(server.get("/tools/echo/api/scenarios").await.status(), 200);
    assert_eq!(server.get("/tools/echo/lab").await.status(), 200);
    let list = server.get("/tools/echo/lab/").await.text().await.unwrap();
    for path in
        ["/tools/echo/lab/push", "/tools/echo/api/scenarios", "/tools/echo/echo", "/tools/echo/tap/ID"]
    {
        assert!(list.contains(path), "{path} in {list}");
    }
    let mut raw = super::open(&server, "/tools/echo/lab/push?count=1").await;
    assert_eq!(super::json(&mut raw).await["seq"], 1);
}
