//! The program from the view of its user: its output, and its end.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, protocol::CloseFrame},
};
use ws_echo_test_support::{
    frame::frame,
    program::{PATIENCE, Running, finish, ws_echo, ws_echo_with_files},
    raw::Raw,
};

#[tokio::test]
async fn help_names_every_flag_and_its_variable() {
    let (code, stdout, _) = finish(ws_echo(&["--help"])).await;
    assert_eq!(code, Some(0));
    for flag in ["listen", "dist", "max-message", "max-held", "ping-after", "workers", "origin", "log-format"]
    {
        let variable = format!("WS_ECHO_{}", flag.to_uppercase().replace('-', "_"));
        assert!(stdout.contains(&format!("--{flag}")) && stdout.contains(&variable), "{flag}");
    }
    let (code, stdout, _) = finish(ws_echo(&["--version"])).await;
    assert_eq!((code, stdout), (Some(0), format!("ws-echo {}\n", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test]
async fn a_bad_value_is_one_line_and_exit_code_2() {
    for (arguments, wanted) in [
        (&["--listen", "9000"][..], "0.0.0.0:9000"),
        (&["--max-message", "0"], "64KiB"),
        (&["--workers", "none"], "1 to 256"),
        (&["--ping-after", "20"], "20s"),
        (&["--max-head", "1MiB"], "65536"),
        (&["--origin", "example.com"], "https://example.com"),
        (&["--subprotocol", "a b"], "chat.v2"),
        (&["--base-path", "tools"], "/tools/echo"),
        (&["--trust-proxy", "10.0.0.1/8"], "the network of this address is 10.0.0.0/8"),
        (&["--connect-src", "https://a.test"], "wss://echo.example.com"),
        (&["--log-format", "xml"], "text, json"),
        (&["--lisen"], "--listen"),
        (&["--listen", "127.0.0.1:81,127.0.0.1:81"], "leave one of them out"),
    ] {
        let (code, stdout, stderr) = finish(ws_echo(arguments)).await;
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.starts_with("error: ") && stderr.contains(wanted), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{arguments:?}: {stderr}");
    }
}

#[tokio::test]
async fn a_variable_stands_for_its_flag() {
    let mut command = ws_echo(&[]);
    command.env("WS_ECHO_MAX_MESSAGE", "lots");
    let (code, _, stderr) = finish(command).await;
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--max-message"), "{stderr}");
}

#[tokio::test]
async fn a_taken_port_is_one_line_and_exit_code_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, _, stderr) =
        finish(ws_echo(&["--listen", &address, "--dist", env!("CARGO_MANIFEST_DIR")])).await;
    assert_eq!(code, Some(1));
    let error = stderr.lines().last().unwrap();
    assert!(
        error.starts_with(&format!("error: cannot listen on {address}: another program has this port")),
        "{stderr}"
    );
    assert!(!stderr.contains("panicked"));
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_one_line_and_exit_code_1() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let (code, _, stderr) = finish(ws_echo(&["--listen", "127.0.0.1:0", "--dist", file])).await;
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("error: cannot read the folder") && stderr.contains("--dist"), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[tokio::test]
async fn too_few_files_are_one_line_and_exit_code_1() {
    let (code, _, stderr) = finish(ws_echo_with_files(20, &["--listen", "127.0.0.1:0"])).await;
    assert_eq!(code, Some(1));
    assert!(
        stderr.starts_with("error: the limit of open files is 20") && stderr.lines().count() == 1,
        "{stderr}"
    );
}

#[tokio::test]
async fn an_empty_variable_is_as_good_as_none() {
    let mut command = ws_echo(&["--listen", "127.0.0.1:0"]);
    command.env("WS_ECHO_ORIGIN", "").env("WS_ECHO_MAX_MESSAGE", "");
    Running::start(command).port().await;
}

#[tokio::test]
async fn a_missing_folder_is_said_at_the_start() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--dist", "/nonexistent"]));
    let line = running.line("/nonexistent").await;
    assert!(line.contains("make run") && line.contains("/echo works"), "{line}");
    running.port().await;
}

#[tokio::test]
async fn the_log_tells_of_every_connection_and_never_what_was_said() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--log-format", "json"]));
    let port = running.port().await;
    let (mut client, _) = connect_async(format!("ws://127.0.0.1:{port}/echo")).await.unwrap();
    for message in [Message::text("s3cret"), Message::binary(vec![1, 2, 3])] {
        client.send(message).await.unwrap();
        client.next().await.unwrap().unwrap();
    }
    client
        .send(Message::Close(Some(CloseFrame { code: 4321.into(), reason: "s3cret".into() })))
        .await
        .unwrap();
    let (connected, disconnect) = (running.line("Connected...").await, running.line("Disconnect.").await);
    let parse = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let (start, end) = (parse(&connected), parse(&disconnect));
    assert_eq!((&start["id"], &start["message"]), (&1.into(), &"Connected...".into()));
    assert!(start["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(
        (&end["id"], &end["code"], &end["by"], &end["messages"], &end["bytes"]),
        (&1.into(), &4321.into(), &"peer".into(), &2.into(), &9.into())
    );
    assert!(end["duration_ms"].is_u64());
    assert!(!connected.contains("s3cret") && !disconnect.contains("s3cret"));
}

#[tokio::test]
async fn the_log_names_errors() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let port = running.port().await;
    reqwest::get(format!("http://127.0.0.1:{port}/echo")).await.unwrap();
    assert!(running.line("Upgrade error").await.contains("WebSocket endpoint"));
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let mut raw = Raw::upgraded(address).await;
    raw.send(&frame(0x83, b"")).await;
    assert!(running.line("Protocol error").await.contains("opcode 3 is reserved"));
    let line = running.line("Disconnect.").await;
    assert!(line.contains("code=1002") && line.contains("server"), "{line}");
    drop(Raw::upgraded(address).await);
    assert!(running.line("Disconnect.").await.contains("code=1006"));
}

#[tokio::test]
async fn a_signal_ends_it_at_once_and_cleanly() {
    for signal in ["TERM", "INT"] {
        let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
        let port = running.port().await;
        let (mut client, _) = connect_async(format!("ws://127.0.0.1:{port}/echo")).await.unwrap();
        // An open connection without a request must not delay the end.
        let _idle = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        running.signal(signal).await;
        let close = timeout(PATIENCE, client.next()).await.unwrap().unwrap().unwrap();
        let Message::Close(Some(CloseFrame { code, .. })) = close else { panic!("{close:?}") };
        assert_eq!(u16::from(code), 1001);
        drop(client);
        let status =
            timeout(Duration::from_secs(3), running.child.wait()).await.expect("an end at once").unwrap();
        assert_eq!(status.code(), Some(0), "{signal}");
    }
}

#[tokio::test]
async fn it_listens_on_several_addresses_and_on_ipv6() {
    let mut running = Running::start(ws_echo(&["--listen", "[::1]:0", "--listen", "127.0.0.1:0"]));
    let ipv6 = running.line("[::1]:").await;
    let ipv6 = ipv6.split("[::1]:").nth(1).unwrap().trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let ipv6: String = ipv6.chars().take_while(char::is_ascii_digit).collect();
    let port = running.port().await;
    for url in [format!("ws://[::1]:{ipv6}/echo"), format!("ws://127.0.0.1:{port}/echo")] {
        let (mut client, _) = connect_async(&url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        client.send(Message::text("x")).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("x"));
    }
}

/// SIGHUP is for the certificate. Once it ended a server without one, and all its connections.
#[cfg(unix)]
#[tokio::test]
async fn a_hangup_without_a_certificate_changes_nothing() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let mut raw = Raw::upgraded(running.address().await).await;
    for _ in 0..3 {
        running.signal("HUP").await;
        running.line("SIGHUP changes nothing").await;
    }
    raw.send(&frame(0x81, b"still")).await;
    assert_eq!(raw.frame().await.unwrap().payload, b"still");
    running.stop().await;
}
