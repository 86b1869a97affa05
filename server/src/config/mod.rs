//! The settings of the server: the values of the flags, checked together.

pub mod base_path;
pub mod capacity;
pub mod certificate_files;
pub mod cli;
pub mod connect_src;
pub mod deflate;
pub mod echo_policy;
pub mod engine;
pub mod lab;
pub mod listen;
pub mod log;
pub mod origin;
pub mod subprotocol;
pub mod switch;
pub mod timeouts;
pub mod trusted_proxies;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use bytesize::ByteSize;
use ws_echo_shared::limits::Limits;

use crate::config::{
    base_path::BasePath,
    capacity::{Capacity, HttpCapacity},
    certificate_files::CertificateFiles,
    cli::Cli,
    connect_src::ConnectSource,
    echo_policy::EchoPolicy,
    engine::Engine,
    lab::LabSettings,
    listen::Listen,
    log::{BadFilter, LogFilter, LogFormat},
    origin::OriginPolicy,
    subprotocol::SubprotocolPolicy,
    switch::Switch,
    timeouts::{Drain, HttpTimeouts, Timeouts},
};

const YEAR: Duration = Duration::from_hours(365 * 24);

/// The settings of one server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Addresses to listen on; at least one, and each of them once.
    pub listen: Vec<Listen>,
    /// The certificate for the addresses with TLS.
    pub certificate: Option<CertificateFiles>,
    /// Duration of HSTS: browsers use only TLS for as long. Zero sends no such header.
    pub hsts: Duration,
    /// Address to serve the metrics on; none serves them with everything else.
    pub metrics_listen: Option<SocketAddr>,
    /// Folder of the built page; none chooses between the folder `dist` and the page in the program.
    pub dist: Option<PathBuf>,
    /// Path under which everything is served.
    pub base_path: BasePath,
    /// WebSocket servers other than this one that the page may connect to.
    pub connect_src: Vec<ConnectSource>,
    /// Rules for a handshake and its connection.
    pub echo: EchoPolicy,
    /// Number of threads that serve HTTP; as many more serve the echo.
    pub workers: usize,
    /// Implementation of the echo.
    pub engine: Engine,
    /// Settings of the lab; none switches it off.
    pub lab: Option<LabSettings>,
    /// Limits on open WebSocket connections and their memory.
    pub capacity: Capacity,
    /// Limits on open HTTP connections that are not WebSocket connections yet.
    pub http_capacity: HttpCapacity,
    /// Limit on the open streams of an HTTP/2 connection; none switches HTTP/2 off.
    pub http2_streams: Option<u32>,
    /// Limit on the head of a request, in bytes.
    pub head_bytes: usize,
    /// Time limits of WebSocket connections.
    pub timeouts: Timeouts,
    /// Time limits of HTTP connections.
    pub http: HttpTimeouts,
    /// Times of the shutdown.
    pub drain: Drain,
    /// Format of the log lines.
    pub log_format: LogFormat,
    /// Choice of the log lines.
    pub log_filter: LogFilter,
}

/// An error of flags that are valid one by one but not together.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Two `--listen` flags ask for the same socket.
    #[error("--listen {0} and --listen {1} want the same port of the same address; leave one of them out")]
    ListenTwice(Listen, Listen),
    /// `--metrics-listen` and `--listen` ask for the same socket.
    #[error(
        "--metrics-listen {0} and --listen {1} want the same port; leave --metrics-listen out to serve both there"
    )]
    MetricsListen(SocketAddr, Listen),
    /// TLS without a certificate.
    #[error("--listen {0} needs a certificate; name its files with --tls-cert and --tls-key")]
    NoCertificate(Listen),
    /// A certificate without TLS.
    #[error("--tls-cert is given, and nothing listens with TLS; add --listen tls:0.0.0.0:8443")]
    NoTls,
    /// `RUST_LOG` is set and is no filter.
    #[error("RUST_LOG is no filter: {0}")]
    RustLog(#[from] BadFilter),
}

impl TryFrom<Cli> for Config {
    type Error = ConfigError;

    fn try_from(typed: Cli) -> Result<Self, ConfigError> {
        for (index, address) in typed.listen.iter().enumerate() {
            if let Some(other) =
                typed.listen[..index].iter().find(|other| collide(other.address, address.address))
            {
                return Err(ConfigError::ListenTwice(*other, *address));
            }
        }
        if let Some(metrics) = typed.metrics_listen
            && let Some(other) = typed.listen.iter().find(|other| collide(other.address, metrics))
        {
            return Err(ConfigError::MetricsListen(metrics, *other));
        }
        let certificate =
            typed.tls.tls_cert.zip(typed.tls.tls_key).map(|(chain, key)| CertificateFiles { chain, key });
        match (typed.listen.iter().find(|listen| listen.tls), &certificate) {
            (Some(listen), None) => return Err(ConfigError::NoCertificate(*listen)),
            (None, Some(_)) => return Err(ConfigError::NoTls),
            _ => {}
        }
        // With HSTS, browsers would no longer reach a listener without TLS.
        let only_tls = typed.listen.iter().all(|listen| listen.tls);
        let hsts = typed.tls.hsts.unwrap_or(if only_tls { YEAR } else { Duration::ZERO });
        let Cli { limits, times, .. } = typed;
        Ok(Self {
            listen: typed.listen,
            certificate,
            hsts,
            metrics_listen: typed.metrics_listen,
            dist: typed.dist,
            base_path: typed.page.base_path,
            connect_src: typed.page.connect_src,
            echo: EchoPolicy {
                limits: Limits {
                    message_bytes: limits.max_message.as_u64(),
                    frames_per_message: limits.max_frames,
                },
                origins: any_or(typed.origin, OriginPolicy::Any, OriginPolicy::Only),
                subprotocols: any_or(typed.subprotocol, SubprotocolPolicy::Any, SubprotocolPolicy::Only),
                deflate: typed.deflate,
                proxies: typed.trust_proxy.into(),
            },
            workers: typed.workers,
            lab: (!typed.lab.no_lab).then_some(LabSettings {
                lifetime: typed.lab.lab_lifetime,
                show_secrets: typed.lab.lab_show_secrets,
            }),
            engine: typed.engine,
            capacity: Capacity {
                connections: no_limit_if_zero(limits.max_connections),
                per_address: no_limit_if_zero(limits.max_connections_per_address),
                held_bytes: bytes(limits.max_held),
            },
            http_capacity: HttpCapacity {
                connections: no_limit_if_zero(limits.max_http_connections),
                per_address: no_limit_if_zero(limits.max_http_connections_per_address),
            },
            http2_streams: (typed.http2 == Switch::On).then_some(limits.max_http2_streams),
            head_bytes: bytes(limits.max_head),
            timeouts: Timeouts {
                idle: times.ping_after,
                pong: times.pong_timeout,
                write_stall: times.write_timeout,
                close: times.close_timeout,
                ..Timeouts::default()
            },
            http: HttpTimeouts {
                head: times.head_timeout,
                keep_alive: times.keep_alive,
                write: times.write_timeout,
            },
            drain: Drain { wait: times.drain_wait, spread: times.drain_spread, timeout: times.drain_timeout },
            log_format: typed.log_format,
            log_filter: match typed.log_level {
                Some(filter) => filter,
                None => LogFilter::from_environment()?.unwrap_or_default(),
            },
        })
    }
}

/// True if two listeners want the same socket: the same port of the same address, or of all addresses of that family.
fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() == other.port()
        && one.port() != 0
        && one.is_ipv4() == other.is_ipv4()
        && (one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified())
}

/// Returns a limit of a flag, for which 0 means no limit.
fn no_limit_if_zero(count: usize) -> usize {
    if count == 0 { usize::MAX } else { count }
}

/// Returns a size that was checked to fit into memory, in bytes.
fn bytes(size: ByteSize) -> usize {
    usize::try_from(size.as_u64()).unwrap_or(usize::MAX)
}

/// Returns the policy of a flag that is a list; an empty list does not restrict.
fn any_or<T, P>(list: Vec<T>, any: P, only: impl FnOnce(Vec<T>) -> P) -> P {
    if list.is_empty() { any } else { only(list) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::deflate::Deflate;

    fn config(arguments: &[&str]) -> Result<Config, ConfigError> {
        Config::try_from(Cli::try_parse_from(["ws-echo"].iter().chain(arguments)).unwrap())
    }

    #[test]
    fn the_defaults_are_open() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen, ["0.0.0.0:8080".parse().unwrap()]);
        assert_eq!(config.echo.limits, Limits::default());
        assert_eq!(config.echo.origins, OriginPolicy::Any);
        assert_eq!(config.echo.subprotocols, SubprotocolPolicy::Any);
        assert_eq!(config.timeouts, Timeouts::default(), "the defaults of the flags and of the type");
        assert_eq!(config.capacity.per_address, usize::MAX);
        assert_eq!(config.echo.deflate, Deflate::NoContext);
    }

    #[test]
    fn http_2_is_switched_by_words_and_by_the_booleans_of_yaml() {
        for (word, streams) in [("on", Some(7)), ("true", Some(7)), ("off", None), ("false", None)] {
            let config = config(&["--http2", word, "--max-http2-streams", "7"]).unwrap();
            assert_eq!(config.http2_streams, streams, "{word}");
        }
    }

    #[test]
    fn hsts_is_the_default_if_every_listener_has_tls() {
        let hsts = |flags: &[&str]| {
            config(&[&["--tls-cert", "a", "--tls-key", "b", "--listen", "tls:[::]:1"], flags].concat())
                .unwrap()
                .hsts
        };
        assert_eq!(hsts(&[]), YEAR);
        assert_eq!(hsts(&["--listen", "[::]:2"]), Duration::ZERO);
        assert_eq!(hsts(&["--listen", "[::]:2", "--hsts", "1d"]), Duration::from_hours(24));
        assert_eq!(hsts(&["--hsts", "0s"]), Duration::ZERO);
    }

    #[test]
    fn lists_restrict() {
        let config =
            config(&["--origin", "http://a.test,http://b.test", "--subprotocol", "x", "--subprotocol", "y"])
                .unwrap();
        assert_eq!(
            config.echo.origins,
            OriginPolicy::Only(vec!["http://a.test".parse().unwrap(), "http://b.test".parse().unwrap()])
        );
        assert_eq!(config.echo.subprotocols, SubprotocolPolicy::Only(vec!["x".into(), "y".into()]));
    }

    #[test]
    fn an_address_is_given_once() {
        for (one, other, good) in [
            ("127.0.0.1:80", "127.0.0.1:80", false),
            ("0.0.0.0:80", "127.0.0.1:80", false),
            ("[::1]:80", "[::]:80", false),
            ("127.0.0.1:80", "127.0.0.2:80", true),
            ("127.0.0.1:80", "127.0.0.1:81", true),
            ("0.0.0.0:80", "[::]:80", true),
            ("127.0.0.1:0", "127.0.0.1:0", true),
        ] {
            assert_eq!(config(&["--listen", one, "--listen", other]).is_ok(), good, "{one} {other}");
        }
    }
}
