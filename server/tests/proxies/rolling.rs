//! Replacement of replicas, one after the other, while a thousand clients echo through a proxy.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    sync::{
        mpsc::{UnboundedReceiver, unbounded_channel},
        watch,
    },
    task::JoinSet,
    time::timeout,
};
use ws_echo_test_support::{frame::frame, raw::Raw};

use crate::{
    client::{Client, Seen},
    proxy::{KINDS, Kind, Proxy},
    replicas::pair,
};

const CLIENTS: usize = 1000;

const NEWCOMERS: usize = 40;

#[tokio::test]
async fn replicas_are_replaced_behind_haproxy_and_no_client_sees_more_than_1001() {
    replace_under_load(Kind::HaProxy).await;
}

#[tokio::test]
async fn replicas_are_replaced_behind_nginx_and_no_client_sees_more_than_1001() {
    replace_under_load(Kind::Nginx).await;
}

async fn replace_under_load(kind: Kind) {
    // Both of these tests run at the same time, in one process.
    let files = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: files.maximum, ..files }).unwrap();
    // HAProxy needs a second to notice a stopping replica, and must notice it before the replica is closed.
    let mut replicas = pair(&["--drain-wait", "1500ms"]).await;
    let mut proxy = Proxy::start(kind, &replicas).await;
    let (connected, mut connections) = unbounded_channel();
    let (finish, finishing) = watch::channel(false);
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS as u64 {
        let (connected, finish) = (connected.clone(), finishing.clone());
        clients.spawn(Client { proxy: proxy.address, number, connected, finish }.run());
    }
    drop(connected);
    until_connected(&mut connections, CLIENTS, &mut clients).await;

    for (number, replica) in (1..).zip(&mut replicas) {
        replica.running.signal("TERM").await;
        proxy.until_down(number).await;
        let log = replica.ended().await;
        let sent_away = ends(&log);
        assert!(sent_away.len() > CLIENTS / 4, "the load is shared: {}", sent_away.len());
        for line in &sent_away {
            assert!(line.contains("code=1001"), "{kind:?}: {line}");
        }
        replica.replace().await;
        proxy.until_up(number).await;
        until_connected(&mut connections, sent_away.len(), &mut clients).await;
    }

    // The second replica came back when nearly all clients had connected to the first. New clients get the less busy one.
    for _ in 0..NEWCOMERS {
        let mut raw = Raw::upgraded(proxy.address).await;
        raw.send(&frame(0x88, b"\x03\xe8")).await;
        assert_eq!(raw.frame().await.unwrap().close(), Some((1000, "")));
    }
    finish.send(true).unwrap();
    let seen = timeout(Duration::from_secs(30), clients.join_all()).await.expect("all finish");
    assert_eq!(seen.len(), CLIENTS);
    for Seen { connections, answered } in &seen {
        assert!((2..=3).contains(connections) && *answered >= 2, "{kind:?}: {connections}, {answered}");
    }
    let mut ended = Vec::new();
    for replica in replicas {
        let log = replica.running.stop().await;
        assert!(ends(&log).iter().all(|line| line.contains("code=1000")), "{kind:?}");
        ended.push(ends(&log).len());
    }
    assert_eq!(ended.iter().sum::<usize>(), CLIENTS + NEWCOMERS, "{kind:?}: {ended:?}");
    assert!(ended[1] >= NEWCOMERS, "{kind:?}: {ended:?}");
}

/// Returns the lines of a log that report the end of a connection.
fn ends(log: &[String]) -> Vec<&String> {
    log.iter().filter(|line| line.contains("Disconnect.")).collect()
}

/// Waits until `count` more connections have had an echo. A client that fails lets the test fail.
async fn until_connected(
    connections: &mut UnboundedReceiver<u64>,
    count: usize,
    clients: &mut JoinSet<Seen>,
) {
    let connected = async {
        for _ in 0..count {
            connections.recv().await.expect("clients that run");
        }
    };
    tokio::select! {
        connected = timeout(Duration::from_secs(30), connected) => connected.expect("all clients connect in time"),
        Some(ended) = clients.join_next() => panic!("a client has ended: {:?}", ended.unwrap()),
    }
}

/// The proxy sends an upgrade that a stopping replica refuses to the other one, even before a health check has noticed.
#[tokio::test]
async fn no_handshake_is_refused_while_a_replica_stops_or_is_gone() {
    for kind in KINDS {
        let mut replicas = pair(&["--drain-wait", "1h"]).await;
        let mut proxy = Proxy::start(kind, &replicas).await;
        replicas[0].running.signal("TERM").await;
        replicas[0].running.line("Service stops").await;
        for _ in 0..40 {
            Raw::upgraded(proxy.address).await;
        }
        proxy.until_down(1).await;
        replicas[0].running.child.kill().await.unwrap();
        replicas[0].replace().await;
        proxy.until_up(1).await;
        // This replica ends without a shutdown.
        replicas[1].running.child.kill().await.unwrap();
        for _ in 0..40 {
            Raw::upgraded(proxy.address).await;
        }
    }
}
