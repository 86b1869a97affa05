//! WebSockets over HTTP/2 (RFC 8441) in front of a proxy and behind it. The claims about messages are tested with `TRANSPORTS`.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tokio::process::Command;
use ws_echo_test_support::raw::Raw;

use crate::{
    proxy::{Kind, Proxy},
    replicas::pair,
};

/// Node as a client of HTTP/2 in front, by ALPN with TLS; HTTP/1.1 behind the proxy, and HTTP/2. With HTTP/2 on both sides, HAProxy 2.6 stops for
/// good when a long message goes both ways at once (`docs/http2.md`).
#[tokio::test]
async fn a_client_of_http_2_is_translated_to_either_version() {
    for (kind, longest) in [(Kind::HaProxyAlpn, "16777216"), (Kind::HaProxyAlpnHttp2, "65536")] {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        node("http2.mjs", &[&format!("https://{}", proxy.address), longest], kind).await;
    }
}

/// The client `ws`, which speaks HTTP/1.1, through proxies that speak HTTP/2 to the server.
#[tokio::test]
async fn ws_echoes_through_proxies_that_speak_http_2_to_the_server() {
    for kind in [Kind::HaProxyHttp2, Kind::Nghttpx] {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        node("echo.mjs", &[&format!("ws://{}/echo", proxy.address)], kind).await;
    }
}

/// Runs a script of `interop/`. `scripts/test-proxies` names the folder of its packages.
async fn node(script: &str, arguments: &[&str], kind: Kind) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../interop").join(script);
    let node = Command::new("node").arg(&script).args(arguments).stdin(Stdio::null()).output();
    let output = node.await.expect("Node is in PATH");
    assert!(output.status.success(), "{kind:?} {script:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The server sees the version of the proxy, and tells it by `inspect`.
#[tokio::test]
async fn inspect_names_the_version_and_the_stream_behind_a_proxy() {
    for (kind, version) in [(Kind::HaProxy, "1.1"), (Kind::HaProxyHttp2, "2"), (Kind::Nghttpx, "2")] {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let (mut raw, _) = Raw::at(proxy.address, "/lab/inspect", "").await;
        let request: Value = serde_json::from_slice(&raw.frame().await.unwrap().payload).unwrap();
        assert_eq!(request["http_version"], version, "{kind:?}: {request}");
        assert_eq!(request["http2_stream"].is_u64(), version == "2", "{kind:?}: {request}");
    }
}
