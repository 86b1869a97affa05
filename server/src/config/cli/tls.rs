//! Flags of TLS.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::values::days;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "TLS")]
pub struct TlsFlags {
    /// Certificate in PEM form, followed by those of its issuers, for each --listen that begins with tls:. SIGHUP reads it again.
    #[arg(long, value_name = "FILE", env = "WS_ECHO_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of the certificate in PEM form.
    #[arg(long, value_name = "FILE", env = "WS_ECHO_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Time for which browsers must use TLS for this host, on every port (Strict-Transport-Security); 0s sends no header
    /// [default: 365d if every --listen begins with tls:, else 0s]. Never sent for localhost.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_HSTS", value_parser = days)]
    pub hsts: Option<Duration>,
}
