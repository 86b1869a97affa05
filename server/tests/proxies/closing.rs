//! The end of a connection through a proxy is the same as without one.

use ws_echo_test_support::{
    frame::{frame, header},
    raw::Raw,
};

use crate::{
    proxy::{Proxy, TRANSPORTS},
    replicas::pair,
};

#[tokio::test]
async fn the_clients_close_code_and_reason_come_back() {
    for kind in TRANSPORTS {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        for (code, reason) in [(1000_u16, ""), (1000, "done"), (3000, "library"), (4999, "própria")] {
            let mut raw = Raw::upgraded(proxy.address).await;
            raw.send(&frame(0x88, &[&code.to_be_bytes(), reason.as_bytes()].concat())).await;
            assert_eq!(raw.frame().await.unwrap().close(), Some((code, reason)), "{kind:?}");
            raw.end().await;
        }
        let mut raw = Raw::upgraded(proxy.address).await;
        raw.send(&frame(0x88, b"")).await;
        assert_eq!(raw.frame().await.unwrap().close(), Some((1005, "")), "{kind:?}");
        raw.end().await;
    }
}

#[tokio::test]
async fn the_servers_close_codes_come_through() {
    for kind in TRANSPORTS {
        let replicas = pair(&["--max-message", "2MiB"]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        for (bytes, code) in [
            (frame(0xc1, b"a reserved bit"), 1002),
            (frame(0x81, b"caf\xe9"), 1007),
            (header(0x82, (2 << 20) + 1), 1009),
        ] {
            let mut raw = Raw::upgraded(proxy.address).await;
            raw.send(&bytes).await;
            let (got, reason) =
                raw.frame().await.unwrap().close().map(|(code, why)| (code, why.to_owned())).unwrap();
            assert_eq!(got, code, "{kind:?}");
            assert!(!reason.is_empty(), "{kind:?}");
            raw.end().await;
        }
    }
}

/// The client still sends when the server closes.
#[tokio::test]
async fn a_message_over_the_limit_is_told_of_though_it_is_still_being_sent() {
    for kind in TRANSPORTS {
        let replicas = pair(&["--max-message", "1MiB"]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        for _ in 0..10 {
            let mut raw = Raw::upgraded(proxy.address).await;
            let message = frame(0x82, &vec![1; 8 << 20]);
            // The write ends early when the proxy closes.
            let _ = raw.try_send(&message).await;
            assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1009, "{kind:?}");
        }
    }
}

/// A killed replica sends no Close frame, and the proxy adds none: the client sees the end of TCP alone, which is 1006.
#[tokio::test]
async fn a_killed_replica_is_an_end_without_a_close_frame() {
    for kind in TRANSPORTS {
        let mut replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let mut clients = [Raw::upgraded(proxy.address).await, Raw::upgraded(proxy.address).await];
        for replica in &mut replicas {
            replica.running.child.kill().await.unwrap();
        }
        for client in &mut clients {
            client.end().await;
        }
    }
}
