//! What the program uses: what the user typed, checked as a whole.

use std::{net::SocketAddr, path::PathBuf};

use ws_echo_shared::limits::Limits;

use crate::{
    cli::{Cli, LogFormat},
    routes::{
        echo::EchoPolicy,
        origin::{Origin, OriginPolicy},
        subprotocol::SubprotocolPolicy,
    },
};

/// The settings of one server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; at least one address, each of them once.
    pub listen: Vec<SocketAddr>,
    /// The folder of the built page.
    pub dist: PathBuf,
    /// What a connection may send.
    pub limits: Limits,
    /// How many threads serve connections.
    pub workers: usize,
    /// Which pages may connect.
    pub origins: OriginPolicy,
    /// Which subprotocols may be chosen.
    pub subprotocols: SubprotocolPolicy,
    /// How log lines are written.
    pub log_format: LogFormat,
}

/// Flags that are right one by one but not together.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Two `--listen` flags ask for the same socket.
    #[error("--listen {0} is given twice; give each address once")]
    ListenTwice(SocketAddr),
}

impl TryFrom<Cli> for Config {
    type Error = ConfigError;

    fn try_from(typed: Cli) -> Result<Self, ConfigError> {
        for (index, address) in typed.listen.iter().enumerate() {
            if address.port() != 0 && typed.listen[..index].contains(address) {
                return Err(ConfigError::ListenTwice(*address));
            }
        }
        Ok(Self {
            listen: typed.listen,
            dist: typed.dist,
            limits: Limits { message_bytes: typed.max_message.as_u64(), ..Limits::default() },
            workers: typed.workers,
            origins: some_or(typed.origin, OriginPolicy::Any, |list: Vec<Origin>| OriginPolicy::Only(list)),
            subprotocols: some_or(typed.subprotocol, SubprotocolPolicy::Any, SubprotocolPolicy::Only),
            log_format: typed.log_format,
        })
    }
}

/// An empty list means that there is no restriction.
fn some_or<T, P>(list: Vec<T>, any: P, only: impl FnOnce(Vec<T>) -> P) -> P {
    if list.is_empty() { any } else { only(list) }
}

impl Config {
    /// The part of the settings that the handshake goes by.
    pub fn echo_policy(&self) -> EchoPolicy {
        EchoPolicy {
            limits: self.limits,
            origins: self.origins.clone(),
            subprotocols: self.subprotocols.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn config(arguments: &[&str]) -> Result<Config, ConfigError> {
        Config::try_from(Cli::try_parse_from(["ws-echo"].iter().chain(arguments)).unwrap())
    }

    #[test]
    fn the_defaults_are_open() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen, ["0.0.0.0:8080".parse().unwrap()]);
        assert_eq!(config.limits, Limits::default());
        assert_eq!(config.origins, OriginPolicy::Any);
        assert_eq!(config.subprotocols, SubprotocolPolicy::Any);
    }

    #[test]
    fn lists_restrict() {
        let config =
            config(&["--origin", "http://a.test,http://b.test", "--subprotocol", "x", "--subprotocol", "y"])
                .unwrap();
        assert_eq!(
            config.origins,
            OriginPolicy::Only(vec!["http://a.test".parse().unwrap(), "http://b.test".parse().unwrap()])
        );
        assert_eq!(config.subprotocols, SubprotocolPolicy::Only(vec!["x".into(), "y".into()]));
    }

    #[test]
    fn an_address_is_given_once() {
        let error = config(&["--listen", "127.0.0.1:80", "--listen", "127.0.0.1:80"]).unwrap_err();
        assert_eq!(error.to_string(), "--listen 127.0.0.1:80 is given twice; give each address once");
        assert!(config(&["--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"]).is_ok());
    }
}
