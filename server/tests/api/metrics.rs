//! The metrics of the server.

use std::time::Duration;

use ws_echo_test_support::{
    frame::frame,
    program::{Running, ws_echo},
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server, until_gone},
    tls_client::Identity,
};

/// Returns the value of a time series, named as in the exposition, or zero if it is not there.
fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}

async fn metrics(server: &Server) -> String {
    server.get("/metrics").await.text().await.unwrap()
}

/// Reads the metrics until a series has this value.
async fn until(server: &Server, series: &str, wanted: f64) -> String {
    let reached = async {
        loop {
            let text = metrics(server).await;
            if value(&text, series) == wanted {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let reached = tokio::time::timeout(Duration::from_secs(5), reached).await;
    match reached {
        Ok(text) => text,
        Err(_) => panic!("{series} is not {wanted}:\n{}", metrics(server).await),
    }
}

#[tokio::test]
async fn they_are_text_that_prometheus_reads() {
    let server = Server::start(&[]);
    let response = server.get("/metrics").await;
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let text = response.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let build = format!("ws_echo_build_info{{version=\"{}\",engine=\"native\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(value(&text, &build), 1.0, "{text}");
    assert_eq!(value(&text, "ws_echo_ready"), 1.0);
}

#[tokio::test]
async fn messages_are_counted_while_the_connection_is_open_and_its_end_when_it_ends() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        for (first, payload) in [(0x81, &b"text"[..]), (0x02, b"part"), (0x80, b"rest"), (0x82, b"b")] {
            raw.send(&frame(first, payload)).await;
            raw.frame().await.unwrap();
        }
        for direction in ["received", "sent"] {
            let series = |name: &str, kind: &str| {
                format!("ws_echo_{name}_total{{direction=\"{direction}\",kind=\"{kind}\"}}")
            };
            let text = until(&server, &series("messages", "binary"), 2.0).await;
            assert_eq!(value(&text, &series("messages", "text")), 1.0, "{engine}: {text}");
            assert_eq!(value(&text, &series("payload_bytes", "text")), 4.0, "{engine}: {text}");
            assert_eq!(value(&text, &series("payload_bytes", "binary")), 9.0, "{engine}: {text}");
        }
        let text = metrics(&server).await;
        assert_eq!(value(&text, "ws_echo_connections_open"), 1.0);
        assert_eq!(value(&text, "ws_echo_connections_opened_total"), 1.0);

        raw.send(&frame(0x88, b"\x0f\xa0")).await;
        raw.frame().await.unwrap();
        drop(raw);
        until_gone(&server).await;
        let text = metrics(&server).await;
        let closed = "ws_echo_connections_closed_total{code=\"4000-4999\",by=\"peer\"}";
        assert_eq!(value(&text, closed), 1.0, "{engine}: {text}");
        assert_eq!(value(&text, "ws_echo_connections_open"), 0.0);
        assert_eq!(value(&text, "ws_echo_session_duration_seconds_count"), 1.0, "{engine}: {text}");
    }
}

#[tokio::test]
async fn what_is_refused_and_what_breaks_the_protocol_is_counted_by_its_kind() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--origin", "https://good.test"]);
        let mut refused = Raw::connect(server.address).await;
        refused.send(request(&format!("{}Origin: https://bad.test\r\n", upgrade_lines())).as_bytes()).await;
        assert!(refused.head().await.starts_with("HTTP/1.1 403 "));
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&frame(0x83, b"")).await;
        raw.frame().await.unwrap();
        drop(raw);
        until_gone(&server).await;
        let text = metrics(&server).await;
        assert_eq!(
            value(&text, "ws_echo_handshakes_refused_total{reason=\"origin\"}"),
            1.0,
            "{engine}: {text}"
        );
        assert_eq!(
            value(&text, "ws_echo_protocol_errors_total{kind=\"reserved_opcode\"}"),
            1.0,
            "{engine}: {text}"
        );
        assert_eq!(value(&text, "ws_echo_connections_closed_total{code=\"1002\",by=\"server\"}"), 1.0);
    }
}

#[tokio::test]
async fn handshakes_have_their_times() {
    let server = Server::start(&[]);
    let _open = Raw::upgraded(server.address).await;
    until(&server, "ws_echo_handshake_duration_seconds_count", 1.0).await;
}

#[tokio::test]
async fn with_a_listener_of_their_own_they_are_nowhere_else() {
    let flags = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let mut running = Running::start(ws_echo(&flags));
    let line = running.line("Metrics are served on").await;
    let own = line.split("Metrics are served on ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let main = running.port().await.to_string();
    let status = async |port: &str, path: &str| {
        reqwest::get(format!("http://127.0.0.1:{port}{path}")).await.unwrap().status().as_u16()
    };
    for (path, on_main, on_own) in
        [("/metrics", 404, 200), ("/healthz", 200, 200), ("/readyz", 200, 200), ("/api/info", 200, 404)]
    {
        assert_eq!((status(&main, path).await, status(&own, path).await), (on_main, on_own), "{path}");
    }
    // This listener has no page, so nothing may be loaded or run.
    for path in ["/metrics", "/"] {
        let answer = reqwest::get(format!("http://127.0.0.1:{own}{path}")).await.unwrap();
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; base-uri"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
        ] {
            assert_eq!(answer.headers()[name], value, "{path}");
        }
        assert!(answer.headers().contains_key("permissions-policy"), "{path}");
    }
}

/// A panel that asks for an unknown metric stays empty, without an error.
#[tokio::test]
async fn the_dashboard_asks_for_nothing_else() {
    let identity = Identity::new();
    let server = Server::start(&[&identity.flags()[..], &["--listen", "127.0.0.1:0"]].concat());
    let mut raw = Raw::upgraded(server.address).await;
    raw.send(&[frame(0x81, b"x"), frame(0x83, b"")].concat()).await;
    raw.frame().await.unwrap();
    drop(raw);
    until_gone(&server).await;
    server.get("/echo").await;
    let mut bad = Raw::connect(server.address).await;
    bad.send(b"GET /\r\n").await;
    bad.head().await;
    let text = metrics(&server).await;
    let board = include_str!("../../../deploy/grafana-dashboard.json");
    let board: serde_json::Value = serde_json::from_str(board).unwrap();
    let mut asked = 0;
    for panel in board["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap();
            for name in expression.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
                if name.starts_with("ws_echo_") {
                    assert!(text.contains(&format!("\n{name}")), "{name}");
                    asked += 1;
                }
            }
        }
    }
    assert!(asked >= 17, "{asked}");
}
