//! Takes listening sockets.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Protocol, Socket, Type};

use crate::{config::listen::Listen, startup::error::StartupError};

/// How many connections the kernel holds ready while the server is busy.
pub(crate) const BACKLOG: i32 = 1024;

/// Takes a listening socket; gives it and where it listens.
pub(crate) fn bind(
    address: SocketAddr,
    all: &[Listen],
    flag: &'static str,
) -> Result<(TcpListener, SocketAddr), StartupError> {
    let taken = listen(address, all).and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    taken.map_err(|source| StartupError::Listen { address, flag, advice: advice(&source), source })
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

/// Whether an IPv4 listener has the same port: then the IPv6 one must leave IPv4 clients to it, or the two collide.
fn has_ipv4_twin(address: SocketAddr, all: &[Listen]) -> bool {
    all.iter()
        .map(|other| other.address)
        .any(|other| other.is_ipv4() && other.port() == address.port() && address.port() != 0)
}

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
