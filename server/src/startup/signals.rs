//! Signals to the process.

use std::io;

/// The signals that stop the process: SIGTERM and SIGINT, or Ctrl-C on systems without signals.
pub struct StopSignals(system::Signals);

impl StopSignals {
    /// Listens for the signals. Before that, they end the process at once.
    ///
    /// # Errors
    /// The system does not let the process listen.
    pub fn listen() -> io::Result<Self> {
        system::Signals::listen().map(Self)
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) {
        self.0.next().await;
    }
}

/// The signal to read the certificate again: SIGHUP. Never received on systems without signals.
pub struct Hangup(system::Hangup);

impl Hangup {
    /// Listens for the signal. Before that, it ends the process at once.
    ///
    /// # Errors
    /// The system does not let the process listen.
    pub fn listen() -> io::Result<Self> {
        system::Hangup::listen().map(Self)
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) {
        self.0.next().await;
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) struct Signals {
        terminate: Signal,
        interrupt: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
            })
        }

        pub(super) async fn next(&mut self) {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
            }
        }
    }

    pub(super) struct Hangup(Signal);

    impl Hangup {
        pub(super) fn listen() -> io::Result<Self> {
            signal(SignalKind::hangup()).map(Self)
        }

        pub(super) async fn next(&mut self) {
            // None: no more signals will come.
            if self.0.recv().await.is_none() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    pub(super) struct Signals;

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) {
            // Without a signal to wait for, the server runs until it is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    pub(super) struct Hangup;

    impl Hangup {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) {
            std::future::pending::<()>().await;
        }
    }
}
