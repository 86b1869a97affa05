//! Messages that take several turns to inflate, and the frames behind them.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use ws_echo_test_support::{
    compress::compress,
    frame::{Frame, frame},
    raw::{Raw, request, upgrade_lines},
    server::{Server, until_gone},
    tls_client::Identity,
};

/// Returns the payload of a message that takes several turns: 8 MiB.
fn large() -> Vec<u8> {
    compress(&vec![0; 8 << 20])
}

fn handshake() -> String {
    request(&format!("{}Sec-WebSocket-Extensions: permessage-deflate\r\n", upgrade_lines()))
}

/// All frames behind the messages wait for them, and none is lost: frames of each kind, and one with an error.
#[tokio::test]
async fn what_is_sent_behind_large_messages_is_answered_behind_them() {
    let payload = large();
    let identity = Identity::new();
    let [plain, tls] = [Server::start(&[]), Server::start(&identity.flags())];
    let behind = |last| [frame(0x81, b"text"), frame(0x89, b"ping"), last].concat();
    for (last, code) in [(frame(0x88, b"\x0f\xa0"), 4000_u16), (frame(0x83, b""), 1002)] {
        let sent = [handshake().into_bytes(), frame(0xc2, &payload).repeat(3), behind(last)].concat();
        for server in [&plain, &tls] {
            let mut stream: Box<dyn Both> = if server.tls {
                Box::new(identity.connect(server.address).await.unwrap())
            } else {
                Box::new(tokio::net::TcpStream::connect(server.address).await.unwrap())
            };
            stream.write_all(&sent).await.unwrap();
            stream.flush().await.unwrap();
            let mut received = Vec::new();
            stream.read_to_end(&mut received).await.unwrap();
            let end = received.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
            let frames = Frame::parse_all(&received[end..]);
            assert_eq!(frames.len(), 6, "{code}");
            for echo in &frames[..3] {
                assert_eq!((echo.first, &echo.payload), (0xc2, &payload));
            }
            assert_eq!((frames[3].first, frames[3].payload.as_slice()), (0x81, &b"text"[..]));
            assert_eq!((frames[4].first, frames[4].payload.as_slice()), (0x8a, &b"ping"[..]));
            assert_eq!(frames[5].close().unwrap().0, code);
            drop(stream);
            until_gone(server).await;
        }
    }
}

/// A stream in both directions.
trait Both: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin {}

impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> Both for T {}

/// A server that shuts down echoes all that it has read before it sends its Close frame.
#[tokio::test]
async fn a_server_that_stops_ends_what_it_has_begun_to_inflate() {
    let payload = large();
    let mut server = Server::start(&[]);
    let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
    raw.send(&frame(0xc2, &payload).repeat(4)).await;
    let first = raw.frame().await.unwrap();
    assert_eq!((first.first, &first.payload), (0xc2, &payload));
    server.ask_to_stop();
    let mut echoes = 1;
    let close = loop {
        let frame = raw.frame().await.expect("a Close frame");
        if frame.first == 0x88 {
            break frame;
        }
        assert_eq!((frame.first, &frame.payload), (0xc2, &payload));
        echoes += 1;
    };
    assert_eq!(close.close().unwrap().0, 1001);
    assert!(echoes <= 4);
    raw.send(&frame(0x88, b"\x03\xe9")).await;
    raw.end().await;
}
