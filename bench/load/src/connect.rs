//! Opening of connections: TCP, TLS if wanted, and the client's half of the WebSocket handshake (RFC 6455, section 4).

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use bench_tls::{Stream, config::Client};
use rustls::client::UnbufferedClientConnection;
use socket2::{Domain, Socket, Type};

/// Example key of RFC 6455, section 1.3. Its answer is known, and a benchmark needs no secret.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Limit of connections from one local address, which has about 28,000 ports for connections to the same server.
const CONNECTIONS_PER_ADDRESS: usize = 20_000;

const PATIENCE: Duration = Duration::from_secs(10);

/// Connection to a server, over a TCP socket of type `T`.
pub(crate) type Connection<T> = Stream<T, UnbufferedClientConnection>;

/// Address and path of the server, and the protocol to use.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    /// True if the server echoes bytes, without WebSocket.
    pub(crate) raw: bool,
    /// Settings of TLS if the server speaks it.
    pub(crate) tls: Option<Client>,
}

/// Open connection with a non-blocking socket.
pub(crate) struct Opened {
    pub(crate) stream: Connection<TcpStream>,
    /// The server's `Sec-WebSocket-Extensions`; empty if it sent none.
    pub(crate) extensions: String,
}

/// Opens connection number `index`. Offers `extensions` unless it is empty.
pub(crate) fn open(target: &Target, index: usize, extensions: &str) -> Result<Opened> {
    let mut stream = dial(target, index)?;
    let extensions = if target.raw { String::new() } else { upgrade(&mut stream, target, extensions)? };
    stream.tcp().set_nonblocking(true)?;
    Ok(Opened { stream, extensions })
}

/// Connects over TCP, and completes the handshake of TLS. The socket blocks.
pub(crate) fn dial(target: &Target, index: usize) -> Result<Connection<TcpStream>> {
    let tcp = connect(target.address, index).with_context(|| format!("connection {index} was refused"))?;
    tcp.set_nodelay(true)?;
    tcp.set_read_timeout(Some(PATIENCE))?;
    let tls = target.tls.as_ref().map(Client::session).transpose()?;
    let mut stream = Stream::new(tcp, tls);
    stream.shake_hands().context("the handshake of TLS failed")?;
    Ok(stream)
}

fn connect(address: SocketAddr, index: usize) -> Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if index >= CONNECTIONS_PER_ADDRESS {
        let host = u8::try_from(1 + index / CONNECTIONS_PER_ADDRESS)?;
        socket.bind(&SocketAddrV4::new(Ipv4Addr::new(127, 0, 0, host), 0).into())?;
    }
    socket.connect_timeout(&address.into(), PATIENCE)?;
    Ok(socket.into())
}

/// Performs the handshake. Returns the server's `Sec-WebSocket-Extensions`, which is empty if it sent none.
fn upgrade(stream: &mut Connection<TcpStream>, target: &Target, extensions: &str) -> Result<String> {
    let offer = if extensions.is_empty() {
        String::new()
    } else {
        format!("Sec-WebSocket-Extensions: {extensions}\r\n")
    };
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\n\
         Sec-WebSocket-Version: 13\r\n{offer}\r\n",
        target.path, target.address
    );
    stream.write_all(request.as_bytes())?;

    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    while !answer.ends_with(b"\r\n\r\n") {
        let length = stream.read(&mut piece).context("the server did not answer the handshake")?;
        ensure!(length > 0, "the server closed during the handshake");
        answer.extend_from_slice(&piece[..length]);
        ensure!(answer.len() < 64 << 10, "the server's answer to the handshake does not end");
    }
    let answer = String::from_utf8(answer)?;
    let mut lines = answer.split("\r\n");
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 101") {
        bail!("the server answered the handshake with {status:?}");
    }
    let header = |name: &str| {
        let mut fields = answer.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    ensure!(
        header("sec-websocket-accept").as_deref() == Some(ACCEPT),
        "the server's Sec-WebSocket-Accept is wrong"
    );
    Ok(header("sec-websocket-extensions").unwrap_or_default())
}
