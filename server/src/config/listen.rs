//! Addresses to listen on, with or without TLS.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

/// Prefix of an address with TLS.
const TLS: &str = "tls:";

/// The address of a listening socket, as `ADDRESS:PORT` or `tls:ADDRESS:PORT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen {
    /// The address. The system chooses a free port for port 0.
    pub address: SocketAddr,
    /// True if clients speak TLS.
    pub tls: bool,
}

impl Listen {
    /// Returns the scheme of the page's URL.
    pub(crate) const fn scheme(self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }
}

impl From<SocketAddr> for Listen {
    /// An address without TLS.
    fn from(address: SocketAddr) -> Self {
        Self { address, tls: false }
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (address, tls) = text.strip_prefix(TLS).map_or((text, false), |address| (address, true));
        let address = address.parse().map_err(|_| {
            let port = address.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok()).unwrap_or("8080");
            format!(
                "write an IP address and a port, such as 0.0.0.0:{port}, 127.0.0.1:{port} or [::]:{port}; for TLS tls:0.0.0.0:{port}"
            )
        })?;
        Ok(Self { address, tls })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.tls { TLS } else { "" }, self.address)
    }
}

/// Returns an address at which this machine reaches a listener.
pub(crate) fn reachable(mut listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => listen.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => listen.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    listen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_it_is_read() {
        for text in ["127.0.0.1:80", "[::1]:0", "tls:0.0.0.0:8443", "tls:[::]:443"] {
            let listen: Listen = text.parse().unwrap();
            assert_eq!((listen.to_string().as_str(), listen.tls), (text, text.starts_with("tls:")));
        }
    }

    #[test]
    fn an_error_has_a_correct_example() {
        for (text, wanted) in [
            ("9000", "such as 0.0.0.0:9000, 127.0.0.1:9000 or [::]:9000; for TLS tls:0.0.0.0:9000"),
            ("localhost:70000", "0.0.0.0:8080"),
            ("tls:8443", "tls:0.0.0.0:8443"),
            ("https://0.0.0.0:8443", "tls:0.0.0.0:8443"),
        ] {
            let error = text.parse::<Listen>().unwrap_err();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
