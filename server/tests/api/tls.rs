//! TLS: its versions, its certificate, and the same echo as without it.

use std::{io::ErrorKind, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use rcgen::{CertificateParams, date_time_ymd};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    client_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, WebSocketConfig},
    },
};
use ws_echo_test_support::{
    frame::{Frame, frame},
    program::{PATIENCE, Running, finish, ws_echo},
    raw::upgrade,
    server::{ENGINES, Server, until_gone},
    tls_client::{Identity, VERSIONS},
};

/// Opens a connection over TLS, and completes the handshake of the WebSocket.
async fn upgraded(identity: &Identity, address: SocketAddr) -> tokio_rustls::client::TlsStream<TcpStream> {
    upgrade(identity.connect(address).await.unwrap()).await
}

#[tokio::test]
async fn every_message_comes_back_in_both_versions_and_on_both_engines() {
    let identity = Identity::new();
    for engine in ENGINES {
        let server = Server::on(engine, &identity.flags());
        for version in VERSIONS {
            let stream = identity.connect_with(server.address, &[version]).await.unwrap();
            let spoken = stream.get_ref().1.protocol_version();
            assert_eq!(spoken, Some(version.version));
            let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
            let (mut client, _) =
                tokio_tungstenite::client_async_with_config("wss://localhost/echo", stream, Some(config))
                    .await
                    .unwrap();
            for len in [0, 1, 125, 126, 65_535, 65_536, 4 << 20] {
                for message in [Message::text("é".repeat(len / 2)), Message::binary(vec![len as u8; len])] {
                    client.send(message.clone()).await.unwrap();
                    let echo = timeout(PATIENCE, client.next()).await.expect("an echo").unwrap().unwrap();
                    assert!(echo == message, "{engine} {version:?} {len}");
                }
            }
            client.close(Some(CloseFrame { code: 4000.into(), reason: "done".into() })).await.unwrap();
            let close = client.next().await.unwrap().unwrap();
            assert_eq!(close, Message::Close(Some(CloseFrame { code: 4000.into(), reason: "done".into() })));
            // The stream ends with close_notify: its absence would be an error.
            assert!(client.next().await.is_none(), "{engine} {version:?}");
        }
        until_gone(&server).await;
    }
}

#[tokio::test]
async fn a_client_that_sends_much_before_it_reads_gets_all_of_it() {
    let identity = Identity::new();
    let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_be_bytes).collect();
    let messages: Vec<&[u8]> = bytes.chunks(70_001).collect();
    for engine in ENGINES {
        let server = Server::on(engine, &identity.flags());
        let (mut read, mut write) = tokio::io::split(upgraded(&identity, server.address).await);
        let sends = async {
            for message in &messages {
                write.write_all(&frame(0x82, message)).await.unwrap();
            }
        };
        let reads = async {
            let mut received = Vec::new();
            for (number, message) in messages.iter().enumerate() {
                let (echo, len) = loop {
                    if let Some(found) = Frame::parse(&received) {
                        break found;
                    }
                    // The client reads slowly at first, so that the server has to wait until it can write.
                    if number < 3 {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    assert!(read.read_buf(&mut received).await.unwrap() > 0, "the connection ended");
                };
                assert!(echo.payload == *message, "{engine}, message {number}");
                received.drain(..len);
            }
        };
        timeout(Duration::from_secs(30), async { tokio::join!(sends, reads) }).await.expect("all comes back");
    }
}

/// The memory of unread answers is counted, and returned with the connection.
#[tokio::test]
async fn a_client_that_never_reads_is_dropped() {
    let identity = Identity::new();
    let server = Server::start(&[&identity.flags()[..], &["--write-timeout", "1s"]].concat());
    let mut stream = upgraded(&identity, server.address).await;
    let message = frame(0x82, &vec![7; 1 << 20]);
    let ended = async {
        while stream.write_all(&message).await.is_ok() && stream.flush().await.is_ok() {}
        while server.connections.count() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let held = async {
        while server.connections.held() < 32 * 1024 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, async { tokio::join!(ended, held) }).await.expect("it is dropped");
    until_gone(&server).await;
}

#[tokio::test]
async fn a_listener_with_tls_and_one_without_are_there_at_once() {
    let identity = Identity::new();
    let mut flags = vec!["--listen", "127.0.0.1:0"];
    flags.extend(identity.flags());
    let mut running = Running::start(ws_echo(&flags));
    let (plain, secure) = (running.address().await, running.address().await);
    let healthy = reqwest::get(format!("http://{plain}/healthz")).await.unwrap();
    assert_eq!(healthy.status(), 200);
    let stream = identity.connect(secure).await.unwrap();
    let (mut client, _) = client_async("wss://localhost/echo", stream).await.unwrap();
    client.send(Message::text("x")).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::text("x"));
    running.signal("TERM").await;
    let close = timeout(PATIENCE, client.next()).await.unwrap().unwrap().unwrap();
    let Message::Close(Some(CloseFrame { code, .. })) = close else { panic!("{close:?}") };
    assert_eq!(u16::from(code), 1001);
}

#[tokio::test]
async fn a_client_without_tls_is_told_so() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    let url = format!("http://{}/", server.address);
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.text().await.unwrap(), "this port speaks TLS: use https:// or wss://\n");
}

#[tokio::test]
async fn a_client_that_does_not_begin_is_let_go() {
    let identity = Identity::new();
    let server = Server::start(&[&identity.flags()[..], &["--head-timeout", "600ms"]].concat());
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
    for stream in [&mut silent, &mut half] {
        let end = timeout(PATIENCE, stream.read(&mut [0])).await.expect("an end");
        assert!(matches!(end, Ok(0)) || end.is_err());
    }
    identity.connect(server.address).await.expect("others are let in");
}

#[tokio::test]
async fn a_broken_record_ends_the_connection_and_no_other() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    let mut other = upgraded(&identity, server.address).await;
    let (mut tcp, _) = upgraded(&identity, server.address).await.into_inner();
    // A record of application data that is not encrypted.
    tcp.write_all(&[23, 3, 3, 0, 32]).await.unwrap();
    tcp.write_all(&[0; 32]).await.unwrap();
    let mut rest = Vec::new();
    let _ = timeout(PATIENCE, tcp.read_to_end(&mut rest)).await.expect("an end");
    other.write_all(&frame(0x81, b"x")).await.unwrap();
    let mut echo = [0; 3];
    other.read_exact(&mut echo).await.unwrap();
    assert_eq!(echo, [0x81, 1, b'x']);
    drop(other);
    until_gone(&server).await;
}

/// A killed process ends its connection like this: with a FIN, and without close_notify.
#[tokio::test]
async fn an_end_that_was_not_announced_is_one() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    for clean in [false, true] {
        let mut stream = upgraded(&identity, server.address).await;
        if clean {
            stream.shutdown().await.unwrap();
        }
        let (mut tcp, _) = stream.into_inner();
        tcp.shutdown().await.unwrap_or_else(|error| assert_eq!(error.kind(), ErrorKind::NotConnected));
        timeout(PATIENCE, tcp.read_to_end(&mut Vec::new())).await.expect("an end").unwrap();
        until_gone(&server).await;
    }
}

#[tokio::test]
async fn browsers_are_told_to_use_tls_alone_but_not_of_localhost() {
    let identity = Identity::new();
    let ask = async |server: &Server, host: &str| {
        let mut stream = identity.connect(server.address).await.unwrap();
        let request = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let line = answer.lines().find_map(|line| line.strip_prefix("strict-transport-security: "));
        line.map(str::to_owned)
    };
    let server = Server::start(&[&identity.flags()[..], &["--hsts", "365d"]].concat());
    assert_eq!(ask(&server, "echo.example.com").await.as_deref(), Some("max-age=31536000"));
    for local in ["localhost", "localhost:8443", "LOCALHOST.", "a.localhost:1"] {
        assert_eq!(ask(&server, local).await, None, "{local}");
    }
    // A server with TLS and without `--hsts`, and a server without TLS.
    let server = Server::start(&identity.flags());
    assert_eq!(ask(&server, "echo.example.com").await, None);
    let plain = Server::start(&[]).get("/healthz").await;
    assert!(!plain.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn health_is_asked_over_tls_where_nothing_else_is_spoken() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    let listen = format!("tls:{}", server.address);
    let (code, _, stderr) = finish(ws_echo(&["health", "--listen", &listen])).await;
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let (code, _, stderr) = finish(ws_echo(&["health", "--listen", &server.address.to_string()])).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("400"), "{stderr}");
}

#[tokio::test]
async fn a_new_certificate_is_for_new_connections_and_a_bad_one_for_none() {
    let (first, second) = (Identity::new(), Identity::new());
    let mut running = Running::start(ws_echo(&first.flags()));
    let address = running.address().await;
    let mut open = upgraded(&first, address).await;

    std::fs::write(&first.key, "not a key").unwrap();
    running.signal("HUP").await;
    let line = running.line("The certificate in use stays").await;
    assert!(line.contains("--tls-key"), "{line}");
    first.connect(address).await.expect("the old one is still shown");

    second.replace(&first);
    running.signal("HUP").await;
    running.line("Certificate loaded").await;
    second.connect(address).await.expect("the new one is shown");
    assert!(first.connect(address).await.is_err());
    open.write_all(&frame(0x81, b"x")).await.unwrap();
    let mut echo = [0; 3];
    open.read_exact(&mut echo).await.unwrap();
    assert_eq!(echo, [0x81, 1, b'x'], "a connection that is open stays so");
}

/// RFC 8446 section 6.1: without the alert, an attacker could have caused the end.
#[tokio::test]
async fn the_end_of_an_idle_connection_is_told() {
    let identity = Identity::new();
    let flags = ["--keep-alive", "300ms", "--head-timeout", "300ms"];
    let server = Server::start(&[&identity.flags()[..], &flags].concat());
    for request in ["GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n", ""] {
        let mut client = identity.connect(server.address).await.unwrap();
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("the alert close_notify");
        assert_eq!(answer.is_empty(), request.is_empty());
    }
}

/// Once a file that blocks also blocked the thread that listens for signals.
#[cfg(unix)]
#[tokio::test]
async fn a_certificate_that_cannot_be_read_to_its_end_holds_nothing_up() {
    let identity = Identity::new();
    let mut running = Running::start(ws_echo(&identity.flags()));
    let address = running.address().await;
    std::fs::remove_file(&identity.key).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&identity.key).status().unwrap();
    assert!(made.success());
    for _ in 0..3 {
        running.signal("HUP").await;
    }
    identity.connect(address).await.expect("the certificate in use is shown");
    running.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_trust_the_server_is_counted_and_logged() {
    let (identity, other) = (Identity::new(), Identity::new());
    let mut running =
        Running::start(ws_echo(&[&identity.flags()[..], &["--listen", "127.0.0.1:0"]].concat()));
    let (address, plain) = (running.address().await, running.address().await);
    other.connect(address).await.unwrap_err();
    let line = running.line("TLS error").await;
    assert!(line.contains("peer=127.0.0.1:") && line.contains("alert"), "{line}");
    let metrics = reqwest::get(format!("http://{plain}/metrics")).await.unwrap().text().await.unwrap();
    assert!(metrics.contains("ws_echo_tls_handshakes_failed_total 1\n"), "{metrics}");
    let until = metrics.lines().find_map(|line| line.strip_prefix("ws_echo_certificate_not_after_seconds "));
    assert!(until.unwrap().parse::<u64>().unwrap() > 1_800_000_000, "{until:?}");
}

#[tokio::test]
async fn a_bad_certificate_is_one_line_and_exit_code_1() {
    let year = |year| {
        move |params: &mut CertificateParams| {
            (params.not_before, params.not_after) = (date_time_ymd(year, 1, 1), date_time_ymd(year, 12, 31));
        }
    };
    let good = Identity::new();
    let text = |path| std::fs::read_to_string(path).unwrap();
    let (chain, key) = (text(&good.chain), text(&good.key));
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let broken = chain.replacen("MII", "MXX", 1);
    let other = text(&Identity::new().key);
    type Files<'a> = Option<(&'a str, &'a str)>;
    let cases: [(Identity, Files<'_>, &[&str]); 9] = [
        (Identity::with(year(2001)), None, &["--tls-cert", "expired at 2001-12-31", "renew it"]),
        (Identity::with(year(2999)), None, &["--tls-cert", "is not valid before 2999-01-01", "clock"]),
        (Identity::new(), Some(("", &key)), &["--tls-cert", "-----BEGIN CERTIFICATE-----"]),
        (Identity::new(), Some((&key, &key)), &["--tls-cert", "-----BEGIN CERTIFICATE-----"]),
        (Identity::new(), Some((&broken, &key)), &["--tls-cert", "is damaged"]),
        (Identity::new(), Some((&chain, "")), &["--tls-key", "-----BEGIN PRIVATE KEY-----"]),
        (Identity::new(), Some((&chain, &chain)), &["--tls-key", "-----BEGIN PRIVATE KEY-----"]),
        (Identity::new(), Some((&chain, &encrypted)), &["--tls-key", "decrypt it first"]),
        (Identity::new(), Some((&chain, &other)), &["is not that of the certificate", "--tls-key"]),
    ];
    for (identity, files, wanted) in cases {
        if let Some((chain, key)) = files {
            identity.write(chain, key);
        }
        let (code, _, stderr) = finish(ws_echo(&identity.flags())).await;
        assert_eq!(code, Some(1), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(
            stderr.starts_with("error: ") && wanted.iter().all(|part| stderr.contains(part)),
            "{wanted:?}: {stderr}"
        );
    }
    let mut flags = good.flags();
    flags[3] = "/nonexistent/chain.pem";
    let (code, _, stderr) = finish(ws_echo(&flags)).await;
    assert_eq!(code, Some(1));
    assert!(
        stderr.starts_with(
            r#"error: cannot read "/nonexistent/chain.pem" that --tls-cert names: No such file"#
        ),
        "{stderr}"
    );
}

#[tokio::test]
async fn flags_of_tls_that_do_not_go_together_are_one_line_and_exit_code_2() {
    for (flags, wanted) in [
        (&["--listen", "tls:127.0.0.1:0"][..], "--tls-cert"),
        (&["--tls-cert", "a", "--tls-key", "b"], "--listen tls:0.0.0.0:8443"),
        (&["--listen", "tls:127.0.0.1:0", "--tls-cert", "a"], "--tls-key"),
        (&["--hsts", "1"], "365d"),
    ] {
        let (code, stdout, stderr) = finish(ws_echo(flags)).await;
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{flags:?}");
        assert!(stderr.starts_with("error: ") && stderr.contains(wanted), "{flags:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{flags:?}: {stderr}");
    }
}

#[tokio::test]
async fn the_first_protocol_that_both_speak_is_chosen() {
    let identity = Identity::new();
    for (http2, offered, chosen) in [
        ("on", &["h2"][..], Some("h2")),
        ("on", &["http/1.1", "h2"], Some("h2")),
        ("on", &["http/1.1"], Some("http/1.1")),
        ("on", &[], Some("")),
        ("on", &["spdy/3"], None),
        ("off", &["h2"], None),
        ("off", &["h2", "http/1.1"], Some("http/1.1")),
        ("off", &[], Some("")),
    ] {
        let server = Server::start(&[&identity.flags()[..], &["--http2", http2]].concat());
        let stream = identity.offering(server.address, offered).await;
        let protocol =
            stream.ok().map(|stream| stream.get_ref().1.alpn_protocol().unwrap_or_default().to_vec());
        assert_eq!(protocol.as_deref(), chosen.map(str::as_bytes), "{http2} {offered:?}");
    }
}
