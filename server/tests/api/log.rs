//! The lines of the log, and their content.

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
    time::timeout,
};
use ws_echo_test_support::{
    program::{PATIENCE, Running, finish, ws_echo},
    raw::{Raw, request, upgrade_lines},
};

#[tokio::test]
async fn every_request_has_a_line() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--log-format", "json"]));
    let port = running.port().await;
    reqwest::get(format!("http://127.0.0.1:{port}/api/info?x=1")).await.unwrap();
    let line = running.line("\"Request.\"").await;
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["method"], &line["path"], &line["status"]),
        (&"GET".into(), &"/api/info".into(), &200.into())
    );
    assert!(line["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert!(line["bytes"].as_u64().unwrap() > 100 && line["duration_us"].is_u64(), "{line}");
}

#[tokio::test]
async fn probes_are_for_debug_as_long_as_all_is_well() {
    for (level, shown) in [("info", false), ("debug", true)] {
        let flags = ["--listen", "127.0.0.1:0", "--log-level", level];
        let mut running = Running::start(ws_echo(&flags));
        let port = running.port().await;
        for path in ["/healthz", "/nothing"] {
            reqwest::get(format!("http://127.0.0.1:{port}{path}")).await.unwrap();
        }
        let line = running.line("Request.").await;
        assert_eq!(line.contains("/healthz"), shown, "{line}");
    }
}

#[tokio::test]
async fn the_level_comes_from_the_flag_and_then_from_rust_log() {
    for (flag, variable, said) in [
        (None, Some("error"), false),
        (Some("info"), Some("error"), true),
        (None, Some("ws_echo=info"), true),
    ] {
        let mut command = ws_echo(&["--listen", "127.0.0.1:0", "--drain-timeout", "100ms"]);
        command.args(flag.map(|level| format!("--log-level={level}")));
        command.env("RUST_LOG", variable.unwrap_or_default());
        // A silent server does not print its address, so the test cannot connect to it. A folder that does not exist gives a line
        // in the log.
        command.args(["--dist", "/nonexistent"]);
        let running = Running::start(command);
        let spoke = timeout(std::time::Duration::from_secs(if said { 10 } else { 1 }), {
            let mut running = running;
            async move { running.port().await }
        });
        assert_eq!(spoke.await.is_ok(), said, "{flag:?} {variable:?}");
    }
}

#[tokio::test]
async fn what_is_no_level_is_one_line_and_exit_code_2() {
    let mut by_variable = ws_echo(&["--listen", "127.0.0.1:0"]);
    by_variable.env("RUST_LOG", "loud=very");
    for command in [ws_echo(&["--log-level", "loud=very"]), by_variable] {
        let (code, _, stderr) = finish(command).await;
        assert_eq!(code, Some(2));
        assert!(stderr.contains("off, error, warn, info, debug or trace"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

/// A client chooses its subprotocol freely. It must be a token, so it has no control characters.
#[tokio::test]
async fn control_characters_are_escaped() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let port = running.port().await;
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    for bytes in [
        &b"GET /\x1b[31mred HTTP/1.1\r\nHost: test\r\n\r\n"[..],
        b"GET /%1b%5b31m%0aline HTTP/1.1\r\nHost: test\r\n\r\n",
    ] {
        let mut raw = Raw::connect(address).await;
        raw.send(bytes).await;
        raw.head().await;
    }
    reqwest::get(format!("http://127.0.0.1:{port}/last")).await.unwrap();
    loop {
        let line = running.line("").await;
        assert!(!line.chars().any(char::is_control), "{line:?}");
        if line.contains("/last") {
            break;
        }
    }
}

/// A client chooses its path, and must not choose the length of a log line.
#[tokio::test]
async fn a_long_path_is_shortened() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let port = running.port().await;
    let path = format!("/{}é", "a".repeat(60_000));
    reqwest::get(format!("http://127.0.0.1:{port}{path}")).await.unwrap();
    let line = running.line("Request.").await;
    assert!(
        line.contains(&"a".repeat(200)) && line.contains("… (60007 bytes)") && line.len() < 600,
        "{line}"
    );
}

/// A client chooses its subprotocol, and must not choose the length of a log line.
#[tokio::test]
async fn a_long_subprotocol_is_shortened() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.address().await;
    let mut raw = Raw::connect(address).await;
    let offer = format!("{}Sec-WebSocket-Protocol: {}\r\n", upgrade_lines(), "a".repeat(60_000));
    raw.send(request(&offer).as_bytes()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    let line = running.line("Connected...").await;
    assert!(line.contains("… (60000 bytes)") && line.len() < 600, "{line}");
}

/// Once a full pipe blocked every thread that logged, and with them the answer to SIGTERM.
#[tokio::test]
async fn a_log_that_nobody_reads_holds_nothing_up() {
    let mut child = ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = loop {
        let line = log.next_line().await.unwrap().unwrap();
        if let Some((_, rest)) = line.split_once(" address=") {
            break rest.split(' ').next().unwrap().parse().unwrap();
        }
    };
    let mut raw = Raw::connect(address).await;
    let requests = "GET /gone HTTP/1.1\r\nHost: test\r\n\r\n".repeat(100);
    for _ in 0..190 {
        raw.send(requests.as_bytes()).await;
        for _ in 0..100 {
            assert!(raw.response().await.0.starts_with("http/1.1 404 "));
        }
    }
    let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
    let dropped = metrics.lines().find_map(|line| line.strip_prefix("ws_echo_log_lines_dropped_total "));
    assert!(dropped.unwrap().parse::<u64>().unwrap() > 1000, "{metrics}");
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").arg(&pid).status().await.unwrap().success());
    let status = timeout(PATIENCE, child.wait()).await.expect("an end in time").unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(log.next_line().await.unwrap().is_some(), "what was written is still there");
}
