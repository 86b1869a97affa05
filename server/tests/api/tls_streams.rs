//! TLS connections whose records, segments and events come in unusual ways.

use std::{net::SocketAddr, time::Duration};

use rustls::{
    ClientConnection, ConnectionTrafficSecrets, ContentType, ProtocolVersion,
    crypto::cipher::{MessageEncrypter, OutboundChunks, OutboundPlainMessage},
    version::TLS13,
};
use socket2::{Domain, SockRef, Socket, Type};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, split},
    net::TcpStream,
    time::timeout,
};
use ws_echo_test_support::{
    frame::frame,
    program::PATIENCE,
    raw::upgrade,
    server::{ENGINES, Server, until_gone},
    tls_client::{Identity, VERSIONS},
};

/// One event reports both, and no other event follows.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_end_behind_a_part_of_a_record_is_seen_at_once() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    for version in VERSIONS {
        let stream = upgrade(identity.connect_with(server.address, &[version]).await.unwrap()).await;
        let (mut tcp, _) = stream.into_inner();
        SockRef::from(&tcp).set_tcp_cork(true).unwrap();
        tcp.write_all(&[&[23, 3, 3, 2, 0][..], &[7; 100]].concat()).await.unwrap();
        tcp.shutdown().await.unwrap();
        timeout(Duration::from_secs(5), until_gone(&server))
            .await
            .expect("the end is seen before a ping is due");
    }
}

/// Takes the encrypter out of a client's session in TLS 1.3. Returns it, and the number of its next record.
fn encrypter(session: ClientConnection) -> (Box<dyn MessageEncrypter>, u64) {
    let suite = session.negotiated_cipher_suite().unwrap().tls13().unwrap();
    let (first, ConnectionTrafficSecrets::Aes256Gcm { key, iv }) =
        session.dangerous_extract_secrets().unwrap().tx
    else {
        panic!("{suite:?}");
    };
    (suite.aead_alg.encrypter(key, iv), first)
}

/// A handshake message may have 64 KiB (RFC 8446 section 4 has room for 16 MiB), and waits in memory until all of it has come.
#[tokio::test]
async fn a_handshake_message_without_an_end_costs_no_memory() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    let stream = upgrade(identity.connect_with(server.address, &[&TLS13]).await.unwrap()).await;
    let (mut tcp, session) = stream.into_inner();
    let (mut encrypter, first) = encrypter(session);
    // A KeyUpdate whose header has the largest length.
    let message = [&[24, 0, 0xff, 0xff][..], &[0; 40_000]].concat();
    for (number, piece) in (first..).zip(message.chunks(16 << 10)) {
        let record = OutboundPlainMessage {
            typ: ContentType::Handshake,
            version: ProtocolVersion::TLSv1_2,
            payload: OutboundChunks::from(piece),
        };
        tcp.write_all(&encrypter.encrypt(record, number).unwrap().encode()).await.unwrap();
    }
    timeout(Duration::from_secs(5), until_gone(&server)).await.expect("the end comes before a ping is due");
}

/// The same within the handshake of TLS, whose first message can be as long.
#[tokio::test]
async fn a_handshake_without_an_end_costs_no_memory() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    let mut tcp = TcpStream::connect(server.address).await.unwrap();
    // A ClientHello whose header has a length of nearly 64 KiB.
    let message = [&[1, 0, 0xff, 0xf0][..], &[0; 44_996]].concat();
    for piece in message.chunks(15_000) {
        let header = [22, 3, 1, (piece.len() >> 8) as u8, piece.len() as u8];
        tcp.write_all(&[&header, piece].concat()).await.unwrap();
    }
    let end = timeout(Duration::from_secs(5), tcp.read_to_end(&mut Vec::new())).await;
    let _ = end.expect("the end comes before the time limit");
}

/// rustls wants to see the part of a message again whenever it has something to do, be it to send.
#[tokio::test]
async fn a_server_sends_though_it_has_a_part_of_a_handshake_message() {
    let identity = Identity::new();
    let server = Server::start(&[&identity.flags()[..], &["--ping-after", "300ms"]].concat());
    let stream = upgrade(identity.connect_with(server.address, &[&TLS13]).await.unwrap()).await;
    let (mut tcp, session) = stream.into_inner();
    let (mut encrypter, first) = encrypter(session);
    // Three bytes of a KeyUpdate's five (RFC 8446 section 4.6.3).
    let record = OutboundPlainMessage {
        typ: ContentType::Handshake,
        version: ProtocolVersion::TLSv1_2,
        payload: OutboundChunks::from(&[24, 0, 0][..]),
    };
    tcp.write_all(&encrypter.encrypt(record, first).unwrap().encode()).await.unwrap();
    let mut ping = [0; 5];
    timeout(PATIENCE, tcp.read_exact(&mut ping)).await.expect("a ping").unwrap();
    // A frame of 2 bytes, the type of the record's content, and a tag of 16 bytes.
    assert_eq!(ping, [23, 3, 3, 0, 19]);
    assert_eq!(server.connections.count(), 1);
}

#[tokio::test]
async fn keys_may_be_changed_between_any_two_messages() {
    let identity = Identity::new();
    for engine in ENGINES {
        let server = Server::on(engine, &identity.flags());
        let mut stream = upgrade(identity.connect_with(server.address, &[&TLS13]).await.unwrap()).await;
        for len in [1_usize, 100, 70_000].repeat(3) {
            stream.get_mut().1.refresh_traffic_keys().unwrap();
            stream.write_all(&frame(0x82, &vec![7; len])).await.unwrap();
            stream.flush().await.unwrap();
            let header = if len > 65_535 { 10 } else { 2 };
            let mut echo = vec![0; header + len];
            timeout(PATIENCE, stream.read_exact(&mut echo)).await.expect("an echo").unwrap();
            assert!(echo.ends_with(&vec![7; len]), "{engine} {len}");
        }
    }
}

#[tokio::test]
async fn who_ends_tls_gets_its_echoes_and_an_end_of_tls() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    for (version, len) in VERSIONS.into_iter().flat_map(|version| [(version, 10), (version, 3_000_000)]) {
        let stream = upgrade(identity.connect_with(server.address, &[version]).await.unwrap()).await;
        let (mut read, mut write) = split(stream);
        let sends = async {
            write.write_all(&frame(0x82, &vec![7; len])).await.unwrap();
            write.shutdown().await.unwrap();
        };
        let mut echo = Vec::new();
        // An end without close_notify would be an error.
        let reads = async { read.read_to_end(&mut echo).await.unwrap() };
        timeout(PATIENCE, async { tokio::join!(sends, reads) }).await.expect("an end");
        assert!(echo.ends_with(&vec![7; len]), "{} of {len}", echo.len());
        until_gone(&server).await;
    }
}

/// Connects with small buffers, so that the server's kernel accepts little at a time.
#[cfg(target_os = "linux")]
fn narrow(address: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_tcp_mss(536).unwrap();
    socket.set_recv_buffer_size(2048).unwrap();
    socket.connect(&address.into()).unwrap();
    socket.set_nonblocking(true).unwrap();
    TcpStream::from_std(socket.into()).unwrap()
}

/// The kernel accepts only a part of the encrypted bytes. The rest must follow when there is room.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_that_reads_late_gets_the_end_as_well() {
    let identity = Identity::new();
    for engine in ENGINES {
        let server = Server::on(engine, &identity.flags());
        let tcp = narrow(server.address);
        let (mut read, mut write) = split(upgrade(identity.connect_over(tcp).await.unwrap()).await);
        for len in [400_000, 3_000_000] {
            let message = frame(0x82, &vec![7; len]);
            let late = async {
                write.write_all(&message).await.unwrap();
                write.flush().await.unwrap();
                // Time for the server to fill the buffers and to wait for room. On a slower server, the test checks less.
                tokio::time::sleep(Duration::from_millis(800)).await;
                let mut echo = vec![0; 10 + len];
                read.read_exact(&mut echo).await.unwrap();
                assert!(echo.ends_with(&vec![7; len]));
            };
            timeout(PATIENCE, late).await.expect("all of it");
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_that_reads_slowly_is_not_dropped() {
    let identity = Identity::new();
    let server = Server::start(&[&identity.flags()[..], &["--write-timeout", "1s"]].concat());
    let tcp = narrow(server.address);
    let stream = upgrade(identity.connect_over(tcp).await.unwrap()).await;
    let (mut read, mut write) = split(stream);
    let message = frame(0x82, &vec![7; 16 << 20]);
    let reads = async {
        let mut piece = [0; 1000];
        for _ in 0..150 {
            assert!(read.read(&mut piece).await.expect("it is still connected") > 0);
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    };
    tokio::select! {
        () = reads => {}
        _ = async { let _ = write.write_all(&message).await; let _ = write.flush().await; std::future::pending::<()>().await } => {}
    }
}
