//! Binds first, runs later, and stops in order.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use actix_http::{HttpService, KeepAlive, error::DispatchError};
use actix_server::Server;
use actix_service::{IntoServiceFactory as _, ServiceFactory, ServiceFactoryExt as _, map_config};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    rt::net::TcpStream,
    rt::time::sleep,
};
use socket2::{Domain, Protocol, Socket, Type};
use tracing::{info, warn};

use crate::{
    access_log,
    app::App,
    base_path::BasePath,
    cli::Engine,
    commands::reachable,
    config::Config,
    connections::Connections,
    head_limit, open_files,
    routes::assets,
    security_headers::{self, SecurityHeaders},
    timeouts::{Drain, HttpTimeouts},
    upgrade::{self, Native},
    workers::{Dispatcher, Workers},
};

/// How long actix reads on from a client that is still sending the body of a request that was answered without it. Not
/// shorter: its clock ticks every half second, and a time that is over before it began is never noticed.
const DISCONNECT: Duration = Duration::from_secs(1);

/// How many connections the kernel holds ready while the server is busy.
const BACKLOG: i32 = 1024;

/// Why the server did not start. Each says what the reader can do.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The listening socket could not be had.
    #[error("cannot listen on {address}: {advice} with {flag}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Who wants it.
        flag: &'static str,
        /// What to do about it.
        advice: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// The process may not open enough files for its own threads.
    #[error(
        "the limit of open files is {limit}, and {workers} workers need {needed} before the first connection; raise it with 'ulimit -n'"
    )]
    OpenFiles {
        /// What the process may open.
        limit: u64,
        /// What it needs.
        needed: u64,
        /// How many workers were asked for.
        workers: usize,
    },
    /// `--dist` names something that is there but cannot be served.
    #[error("cannot read the folder {path:?} that --dist names")]
    Dist {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// A server that listens, and answers as soon as it is run.
pub struct Application {
    config: Config,
    listeners: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
    /// The metrics' own listener, if they have one.
    metrics: Option<(TcpListener, SocketAddr)>,
    connections: Connections,
}

impl Application {
    /// Checks the page's folder and takes the listening sockets.
    ///
    /// # Errors
    /// When an address cannot be listened on, or the folder is there but cannot be read. A missing folder is no error:
    /// the page then says how to build it.
    pub fn bind(config: Config) -> Result<Self, StartupError> {
        check_open_files(config.workers)?;
        check_dist(&config)?;
        let mut listeners = Vec::new();
        let mut addresses = Vec::new();
        for &address in &config.listen {
            let (listener, address) = bind(address, &config.listen, "--listen")?;
            addresses.push(address);
            listeners.push(listener);
        }
        let metrics =
            config.metrics_listen.map(|address| bind(address, &[], "--metrics-listen")).transpose()?;
        let connections = Connections::new(config.capacity, config.timeouts);
        Ok(Self { config, listeners, addresses, metrics, connections })
    }

    /// Where the server listens, with the ports that port 0 became.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Where the metrics are served, if not with everything else.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// The connections that will be open while the server runs.
    pub fn connections(&self) -> Connections {
        self.connections.clone()
    }

    /// Serves until `stop` ends for the first time; then lets no new connection in, closes every open one with 1001, and returns
    /// how many were left at the end of the time for that, or when `stop` ended once more: zero if all went in time. What is
    /// left is dropped.
    ///
    /// # Errors
    /// When the server's threads cannot be started or fail.
    pub async fn run_until(self, stop: impl AsyncFnMut()) -> io::Result<usize> {
        let app = App::new(self.config.clone(), self.connections.clone());
        let workers = match self.config.engine {
            Engine::Native => Some(Workers::start(self.config.workers)?),
            Engine::ActixWs => None,
        };
        let dispatcher = workers.as_ref().map(Workers::dispatcher);
        let native = dispatcher.clone().map(|dispatcher| Native {
            policy: self.config.echo.clone(),
            connections: self.connections.clone(),
            dispatcher,
            echo: app.echo_path().to_owned(),
            head_bytes: self.config.head_bytes,
        });
        let http = self.config.http;
        let headers = SecurityHeaders::new(&self.config);
        let mut server =
            Server::build().workers(self.config.workers).backlog(BACKLOG as u32).disable_signals();
        for (listener, address) in self.listeners.into_iter().zip(self.addresses.clone()) {
            let (app, native, headers) = (app.clone(), native.clone(), headers.clone());
            server = server.listen(format!("http-{address}"), listener, move || {
                let (app, headers) = (app.clone(), headers.clone());
                http_service(address, http, native.clone(), move || {
                    let (app, most, headers) = (app.clone(), app.head_bytes(), headers.clone());
                    actix_web::App::new()
                        .wrap(from_fn(move |request, next| head_limit::refuse(most, request, next)))
                        .wrap(from_fn(move |request, next| {
                            security_headers::add(headers.clone(), request, next)
                        }))
                        .wrap(from_fn(access_log::write))
                        .configure(move |routes| app.configure(routes))
                })
            })?;
        }
        if let Some((listener, address)) = self.metrics {
            let app = app.clone();
            server = server.listen(format!("metrics-{address}"), listener, move || {
                let app = app.clone();
                http_service(address, http, None, move || {
                    let app = app.clone();
                    actix_web::App::new()
                        .wrap(from_fn(access_log::write))
                        .configure(move |routes| app.configure_metrics(routes))
                })
            })?;
            info!(%address, "Metrics are served on {}", address.port());
        }
        let server = server.run();
        let handle = server.handle();
        for address in &self.addresses {
            info!(%address, page = page_url(*address, &self.config.base_path), "Service started on {}", address.port());
        }
        let mut server = std::pin::pin!(server);
        let left = tokio::select! {
            ended = &mut server => return ended.map(|()| 0),
            left = drain(stop, self.config.drain, &self.connections, dispatcher.as_ref()) => left,
        };
        // The order is carried out by the server itself, so it has to go on meanwhile.
        let ((), ended) = tokio::join!(handle.stop(false), server);
        ended.map(|()| left)
    }
}

/// What a listener's connections are served by: plain requests by the App, upgrades by the engine or the App. This is what
/// actix-web's `HttpServer` builds, which has no place for an upgrade service.
fn http_service<F, T, B>(
    address: SocketAddr,
    timeouts: HttpTimeouts,
    native: Option<Native>,
    app: F,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    F: Fn() -> actix_web::App<T>,
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    T::Future: 'static,
    B: MessageBody + 'static,
{
    // The default says which host the App takes itself for where a request names none; no route here asks for it.
    let app = move || map_config(app().into_factory(), |()| AppConfig::default());
    HttpService::build()
        .keep_alive(KeepAlive::Timeout(timeouts.keep_alive))
        .client_request_timeout(timeouts.head)
        .client_disconnect_timeout(DISCONNECT)
        .tcp_nodelay(true)
        .local_addr(address)
        .upgrade(upgrade::factory(native, app()))
        .finish(app().map_err(|error: Error| error.error_response()))
        .tcp()
}

/// What to type into a browser on this machine.
fn page_url(address: SocketAddr, base: &BasePath) -> String {
    format!("http://{}{}/", reachable(address), base.as_str())
}

/// Stops the server in order when `stop` ends, and at once when it ends again. Says how many connections were left.
async fn drain(
    mut stop: impl AsyncFnMut(),
    times: Drain,
    connections: &Connections,
    dispatcher: Option<&Dispatcher>,
) -> usize {
    stop().await;
    info!(connections = connections.count(), "Service stops");
    connections.let_no_one_in();
    let in_order = async {
        sleep(times.wait).await;
        if let Some(dispatcher) = dispatcher {
            dispatcher.go_away(times.spread);
        }
        connections.send_away();
        connections.all_gone(times.timeout).await
    };
    let left = tokio::select! {
        left = in_order => left,
        () = stop() => connections.count(),
    };
    if left > 0 {
        warn!(connections = left, "Connections dropped: they did not close in time");
    }
    left
}

/// actix panics where a worker cannot have the files of its event loop; this says so before.
fn check_open_files(workers: usize) -> Result<(), StartupError> {
    let needed = 64 + 10 * workers as u64;
    match open_files::raise_limit() {
        Some(limit) if limit < needed => Err(StartupError::OpenFiles { limit, needed, workers }),
        _ => Ok(()),
    }
}

fn check_dist(config: &Config) -> Result<(), StartupError> {
    let path = &config.dist;
    match std::fs::read_dir(path) {
        Ok(_) if path.join(assets::INDEX).is_file() => Ok(()),
        Ok(_) => {
            warn!(
                "{path:?} has no {}; build the page with 'make run'. /echo works without it",
                assets::INDEX
            );
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            warn!("{path:?} is not there; build the page with 'make run'. /echo works without it");
            Ok(())
        }
        Err(source) => Err(StartupError::Dist { path: path.clone(), source }),
    }
}

/// Takes a listening socket; gives it and where it listens.
fn bind(
    address: SocketAddr,
    all: &[SocketAddr],
    flag: &'static str,
) -> Result<(TcpListener, SocketAddr), StartupError> {
    let taken = listen(address, all).and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    taken.map_err(|source| StartupError::Listen { address, flag, advice: advice(&source), source })
}

fn listen(address: SocketAddr, all: &[SocketAddr]) -> io::Result<TcpListener> {
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
fn has_ipv4_twin(address: SocketAddr, all: &[SocketAddr]) -> bool {
    all.iter().any(|other| other.is_ipv4() && other.port() == address.port() && address.port() != 0)
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
    fn the_page_is_where_a_browser_on_this_machine_finds_it() {
        for (address, url) in [
            ("0.0.0.0:8080", "http://127.0.0.1:8080/"),
            ("[::]:80", "http://[::1]:80/"),
            ("192.0.2.1:8080", "http://192.0.2.1:8080/"),
        ] {
            assert_eq!(page_url(address.parse().unwrap(), &BasePath::default()), url);
        }
        let base = "/tools/echo".parse().unwrap();
        assert_eq!(page_url("0.0.0.0:80".parse().unwrap(), &base), "http://127.0.0.1:80/tools/echo/");
    }

    #[test]
    fn only_an_ipv4_listener_on_the_same_port_takes_ipv4_from_the_ipv6_one() {
        let addresses = ["[::]:8080", "0.0.0.0:8080", "0.0.0.0:9090", "[::]:0", "0.0.0.0:0"]
            .map(|text| text.parse().unwrap());
        assert!(has_ipv4_twin(addresses[0], &addresses));
        assert!(!has_ipv4_twin(addresses[0], &addresses[2..]));
        assert!(!has_ipv4_twin(addresses[3], &addresses));
    }
}
