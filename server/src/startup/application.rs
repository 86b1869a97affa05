//! Binds first, runs later, and stops in order.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use actix_server::Server;
use actix_service::ServiceFactoryExt as _;
use actix_web::{middleware::from_fn, rt::time::sleep};
use tracing::{info, warn};

use super::error::StartupError;
use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    config::{
        Config,
        base_path::BasePath,
        engine::Engine,
        listen::{Listen, reachable},
        timeouts::Drain,
    },
    event_loop::pool::{Dispatcher, Workers},
    handshake::upgrade::Native,
    http::{
        access_log,
        app::App,
        routes::{assets, websocket_paths},
        security_headers,
        security_headers::SecurityHeaders,
    },
    startup::{
        bind::{BACKLOG, bind},
        http_service::{HttpSettings, http_service, plain, secure},
        open_files,
    },
    tls::acceptor::Tls,
};

/// A server that listens, and answers as soon as it is run.
pub struct Application {
    config: Config,
    listeners: Vec<(TcpListener, Listen)>,
    tls: Option<Tls>,
    /// The metrics' own listener, if they have one.
    metrics: Option<(TcpListener, SocketAddr)>,
    connections: Connections,
    http_connections: HttpConnections,
}

impl Application {
    /// Checks the page's folder and the certificate, and takes the listening sockets.
    ///
    /// # Errors
    /// When an address cannot be listened on, the certificate cannot be used, or the folder is there but cannot be read. A missing
    /// folder is no error: the page then says how to build it.
    pub fn bind(config: Config) -> Result<Self, StartupError> {
        let files = check_open_files(config.workers)?;
        let connections = Connections::new(config.capacity, config.timeouts);
        let http_connections = HttpConnections::new(config.http_capacity, files, connections.clone());
        let tls = config.certificate.clone().map(|files| Tls::new(files, connections.metrics().clone()));
        let tls = tls.transpose()?;
        check_dist(&config)?;
        let mut listeners = Vec::new();
        for &Listen { address, tls } in &config.listen {
            let (listener, address) = bind(address, &config.listen, "--listen")?;
            listeners.push((listener, Listen { address, tls }));
        }
        let metrics =
            config.metrics_listen.map(|address| bind(address, &[], "--metrics-listen")).transpose()?;
        Ok(Self { config, listeners, tls, metrics, connections, http_connections })
    }

    /// Where the server listens, with the ports that port 0 became.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.listeners.iter().map(|(_, listen)| listen.address).collect()
    }

    /// How TLS is spoken, if it is.
    pub fn tls(&self) -> Option<Tls> {
        self.tls.clone()
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
        let app = App::new(self.config.clone(), self.connections.clone(), self.http_connections.clone());
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
        });
        let settings = HttpSettings {
            native,
            connections: self.connections.clone(),
            http_connections: self.http_connections,
            times: self.config.http,
            head_bytes: self.config.head_bytes,
        };
        let proxies = self.config.echo.proxies.clone();
        let mut server =
            Server::build().workers(self.config.workers).backlog(BACKLOG as u32).disable_signals();
        let pages: Vec<_> = self
            .listeners
            .iter()
            .map(|(_, listen)| (listen.address, page_url(*listen, &self.config.base_path)))
            .collect();
        for (listener, listen) in self.listeners {
            let tls = listen.tls;
            let headers = SecurityHeaders::new(&self.config, tls);
            let (app, settings, proxies) = (app.clone(), settings.clone(), proxies.clone());
            let app = move || {
                let (app, headers, proxies) = (app.clone(), headers.clone(), proxies.clone());
                let paths = app.websocket_paths();
                actix_web::App::new()
                    .wrap(from_fn(move |request, next| {
                        websocket_paths::refuse_others(paths.clone(), request, next)
                    }))
                    .wrap(from_fn(move |request, next| security_headers::add(headers.clone(), request, next)))
                    .wrap(from_fn(move |request, next| access_log::write(proxies.clone(), request, next)))
                    .configure(move |routes| app.configure(routes))
            };
            let name = format!("http-{listen}");
            server = match self.tls.clone().filter(|_| tls) {
                None => server.listen(name, listener, move || {
                    plain(settings.http_connections.clone())
                        .and_then(http_service(settings.clone(), app.clone()))
                }),
                Some(tls) => server.listen(name, listener, move || {
                    secure(tls.clone(), settings.times.head, settings.http_connections.clone())
                        .and_then(http_service(settings.clone(), app.clone()))
                }),
            }?;
        }
        if let Some((listener, address)) = self.metrics {
            let headers = SecurityHeaders::without_a_page();
            let settings = HttpSettings { native: None, ..settings };
            server = server.listen(format!("metrics-{address}"), listener, move || {
                let (app, headers, proxies) = (app.clone(), headers.clone(), proxies.clone());
                plain(settings.http_connections.clone()).and_then(http_service(settings.clone(), move || {
                    let (app, headers, proxies) = (app.clone(), headers.clone(), proxies.clone());
                    actix_web::App::new()
                        .wrap(from_fn(move |request, next| {
                            security_headers::add(headers.clone(), request, next)
                        }))
                        .wrap(from_fn(move |request, next| access_log::write(proxies.clone(), request, next)))
                        .configure(move |routes| app.configure_metrics(routes))
                }))
            })?;
            info!(%address, "Metrics are served on {}", address.port());
        }
        for (address, page) in pages {
            info!(%address, page, "Service started on {}", address.port());
        }
        let server = server.run();
        let handle = server.handle();
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

/// What to type into a browser on this machine.
fn page_url(listen: Listen, base: &BasePath) -> String {
    format!("{}://{}{}/", listen.scheme(), reachable(listen.address), base.as_str())
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
/// Gives how many files are left for clients, if that is limited.
fn check_open_files(workers: usize) -> Result<Option<usize>, StartupError> {
    let needed = 64 + 10 * workers as u64;
    let Some(limit) = open_files::raise_limit() else { return Ok(None) };
    let left = limit.checked_sub(needed).ok_or(StartupError::OpenFiles { limit, needed, workers })?;
    Ok(Some(usize::try_from(left).unwrap_or(usize::MAX)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_where_a_browser_on_this_machine_finds_it() {
        for (address, url) in [
            ("0.0.0.0:8080", "http://127.0.0.1:8080/"),
            ("[::]:80", "http://[::1]:80/"),
            ("tls:[::]:443", "https://[::1]:443/"),
            ("192.0.2.1:8080", "http://192.0.2.1:8080/"),
        ] {
            assert_eq!(page_url(address.parse().unwrap(), &BasePath::default()), url);
        }
        let base = "/tools/echo".parse().unwrap();
        assert_eq!(page_url("0.0.0.0:80".parse().unwrap(), &base), "http://127.0.0.1:80/tools/echo/");
    }
}
