//! Requests that the lab refuses before it upgrades.

use reqwest::StatusCode;
use serde_json::Value;
use ws_echo_test_support::{raw::Raw, server::Server};

use super::refused;

#[tokio::test]
async fn a_bad_parameter_is_named_with_its_value_and_what_is_allowed() {
    let server = Server::start(&[]);
    let twice = "a".repeat(200);
    for (target, parameter, problem, allowed) in [
        ("/lab/push?evry=1s", "evry", "unknown", "every, count, size, kind, tap"),
        ("/lab/push?every=1", "every", "value", "a time from 1ms to 1h, such as 1s"),
        ("/lab/push?every=0s", "every", "value", "a time from 1ms to 1h, such as 1s"),
        ("/lab/push?every=1s&every=1s", "every", "doubled", "one value"),
        ("/lab/push?size=2MiB", "size", "value", "a size from 0 to 1MiB, such as 64KiB"),
        ("/lab/push?kind=texts", "kind", "value", "text or binary"),
        ("/lab/inspect?verbose=1", "verbose", "unknown", "tap"),
        (
            "/lab/close?code=1005",
            "code",
            "value",
            "0, 1000 to 1003, 1007 to 1014 or 3000 to 4999, or any other beside raw=1",
        ),
        ("/lab/refuse?status=200", "status", "value", "a whole number from 300 to 599"),
        ("/echo?tap=short", "tap", "value", "16 to 64 letters, digits, - and _, which nobody can guess"),
        ("/lab/push?tap=0123456789abcdef&tap=0123456789abcdef", "tap", "doubled", "one value"),
        (&format!("/lab/push?{twice}=1"), &twice[..100], "unknown", "every, count, size, kind, tap"),
    ] {
        for lines in ["", "Origin: http://test\r\n"] {
            let (status, json) = refused(&server, target, lines).await;
            assert_eq!(status, 400, "{target}");
            assert_eq!(json["parameter"], parameter, "{target}: {json}");
            assert_eq!((&json["problem"], &json["allowed"]), (&problem.into(), &allowed.into()), "{target}");
        }
    }
    // A request without an upgrade is told the same.
    let response = server.get("/lab/push?every=soon").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.json::<Value>().await.unwrap()["value"], "soon");
    assert_eq!(server.get("/lab/push").await.status(), StatusCode::UPGRADE_REQUIRED);
    let (status, json) = refused(&server, "/lab/pull", "").await;
    assert_eq!((status, &json["scenarios"][0]), (404, &"push".into()));
}

/// Bytes of a client never reach a header of the answer unchecked.
#[tokio::test]
async fn no_byte_of_a_client_breaks_the_head_of_an_answer() {
    let server = Server::start(&[]);
    let long = "a".repeat(9 * 1024);
    for target in [
        "/lab/handshake?header=X-A:b%0d%0aX-B:c",
        "/lab/handshake?header=X-A:b%00",
        "/lab/handshake?header=X-A%0a:b",
        "/lab/handshake?header=Set-Cookie:a=b",
        "/lab/handshake?header=Sec-WebSocket-Accept:x",
        &format!("/lab/handshake?header=X-A:{long}"),
        "/lab/handshake?subprotocol=a%0d%0ab",
        "/lab/handshake?subprotocol=a,b",
        "/lab/refuse?location=/%0d%0aX-B:c",
        "/lab/refuse?status=307&location=/a%20b",
        "/lab/refuse?location=/%C3%A9",
        "/lab/refuse?body=a%00b",
        "/lab/auth?scheme=bearer&password=a%0ab",
        "/lab/close?reason=a%0ab",
    ] {
        let (raw, head) = Raw::at(server.address, target, "").await;
        drop(raw);
        assert!(head.starts_with("HTTP/1.1 400 "), "{target}: {head}");
        assert!(!head.to_lowercase().contains("x-b"), "{target}: {head}");
    }
    let huge = format!("/lab/inspect?a={}", "b".repeat(64 * 1024));
    let (raw, head) = Raw::at(server.address, &huge, "").await;
    drop(raw);
    assert!(head.starts_with("HTTP/1.1 431 ") || head.starts_with("HTTP/1.1 414 "), "{head}");
}
