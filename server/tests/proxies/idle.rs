//! Connections without messages.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ws_echo_test_support::{
    frame::{Frame, frame},
    raw::Raw,
};

use crate::{
    proxy::{KINDS, Proxy},
    replicas::pair,
};

/// Time-out of the proxies in this test: the usual minute would be too long.
const SILENCE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn the_servers_pings_keep_an_idle_connection_for_longer_than_the_proxys_time_out() {
    join_all(KINDS.map(async |kind| {
        let replicas = pair(&["--ping-after", "300ms"]).await;
        let proxy = Proxy::with_silence(kind, &replicas, Some("1s")).await;
        let mut raw = Raw::upgraded(proxy.address).await;
        let began = Instant::now();
        while began.elapsed() < 3 * SILENCE {
            assert_eq!(raw.frame().await, Some(Frame { first: 0x89, payload: vec![] }), "{kind:?}");
            raw.send(&frame(0x8a, b"")).await;
        }
        raw.send(&frame(0x81, b"still here")).await;
        assert_eq!(raw.frame().await.unwrap().payload, b"still here", "{kind:?}");
    }))
    .await;
}

/// Shows that the test above depends on the pings.
#[tokio::test]
async fn without_pings_the_proxy_ends_an_idle_connection() {
    join_all(KINDS.map(async |kind| {
        let replicas = pair(&["--ping-after", "1h"]).await;
        let proxy = Proxy::with_silence(kind, &replicas, Some("1s")).await;
        let began = Instant::now();
        let mut raw = Raw::upgraded(proxy.address).await;
        raw.end().await;
        assert!(began.elapsed() >= SILENCE, "{kind:?}");
    }))
    .await;
}
