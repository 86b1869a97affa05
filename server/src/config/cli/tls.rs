//! TLS.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::values::days;

/// How TLS is spoken, each with a flag and a variable.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "TLS")]
pub struct TlsFlags {
    /// The certificate in PEM form, with those of its issuers behind it, for each --listen that begins with tls:. SIGHUP reads it anew.
    #[arg(long, value_name = "FILE", env = "WS_ECHO_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// Its private key in PEM form.
    #[arg(long, value_name = "FILE", env = "WS_ECHO_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// For how long browsers are told to use TLS alone for this host (Strict-Transport-Security), whatever the port; 0s tells them
    /// nothing [default: 365d if every --listen begins with tls:, and 0s if not]. They are never told so of localhost.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_HSTS", value_parser = days)]
    pub hsts: Option<Duration>,
}
