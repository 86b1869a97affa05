//! Binding of the listening sockets.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Protocol, Socket, Type};

use crate::{config::listen::Listen, startup::error::StartupError};

/// Connections that the kernel queues until the server accepts them.
pub(crate) const BACKLOG: i32 = 1024;

/// Binds a listening socket. Returns it and its address, with the port that was chosen for port 0.
///
/// `all` are the addresses of all listeners, `flag` the one that asks for this address.
pub(crate) fn bind(
    address: SocketAddr,
    all: &[Listen],
    flag: &'static str,
) -> Result<(TcpListener, SocketAddr), StartupError> {
    let bound = listen(address, all).and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|source| StartupError::Listen { address, flag, advice: advice(&source), source })
}

fn listen(address: SocketAddr, all: &[Listen]) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(has_ipv4_twin(address, all))?;
    }
    // On Windows this option would let two servers share a port.
    #[cfg(not(windows))]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// True if an IPv4 listener has the same port. Then the IPv6 socket must not accept IPv4 clients, or the two collide.
fn has_ipv4_twin(address: SocketAddr, all: &[Listen]) -> bool {
    all.iter()
        .map(|other| other.address)
        .any(|other| other.is_ipv4() && other.port() == address.port() && address.port() != 0)
}

/// Returns the remedy for an error.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another program has this port; stop it, or choose another port",
        io::ErrorKind::PermissionDenied => "this port is reserved for the system; choose one above 1023",
        io::ErrorKind::AddrNotAvailable => "this machine does not have this address; choose another one",
        _ => "choose another address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_ipv4_listener_on_the_same_port_takes_ipv4_from_the_ipv6_one() {
        let all = ["[::]:8080", "0.0.0.0:8080", "0.0.0.0:9090", "[::]:0", "0.0.0.0:0"]
            .map(|text| text.parse::<Listen>().unwrap());
        assert!(has_ipv4_twin(all[0].address, &all));
        assert!(!has_ipv4_twin(all[0].address, &all[2..]));
        assert!(!has_ipv4_twin(all[3].address, &all));
    }
}
