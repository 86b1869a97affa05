//! The server: it binds and builds everything, serves, and stops in order.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_server::{Server, ServerBuilder};
use actix_service::ServiceFactoryExt as _;
use actix_web::rt::time::sleep;
use tracing::{info, warn};

use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    config::{
        Config,
        base_path::BasePath,
        engine::Engine,
        listen::{Listen, reachable},
        timeouts::Drain,
    },
    event_loop::pool::{Dispatcher, EventLoops},
    handshake::decision::Endpoints,
    http::{
        app::{App, Routes},
        page::{EmbeddedPage, INDEX, Page},
        security_headers::SecurityHeaders,
    },
    lab::request::Lab,
    serving::http::WebSockets,
    startup::{
        bind::{BACKLOG, bind},
        error::StartupError,
        http_service::{HttpSettings, http_service, plain, secure},
        open_files,
    },
    tls::acceptor::Tls,
};

/// A server that listens. Clients may connect already; they are answered once it runs.
pub struct Application {
    server: ServerBuilder,
    event_loops: Option<EventLoops>,
    drain: Drain,
    tls: Option<Tls>,
    connections: Connections,
    page: Arc<Page>,
    listeners: Vec<Listening>,
    metrics: Option<SocketAddr>,
}

/// A bound listener, with the URL of the page there.
struct Listening {
    address: SocketAddr,
    url: String,
}

impl Application {
    /// Binds the listeners, and builds all services behind them. `embedded` is the page that is served without a folder.
    ///
    /// # Errors
    /// An address cannot be bound, the certificate cannot be used, the page's folder cannot be read, or threads cannot be started. A missing
    /// folder is no error: the page then says how to build it.
    pub fn bind(config: &Config, embedded: Option<EmbeddedPage>) -> Result<Self, StartupError> {
        let files = check_open_files(config.workers)?;
        let connections = Connections::new(config.capacity, config.timeouts);
        let http_connections = HttpConnections::new(config.http_capacity, files, connections.clone());
        let has_http2 = config.http2_streams.is_some();
        let tls =
            config.certificate.clone().map(|files| Tls::new(files, has_http2, connections.metrics().clone()));
        let tls = tls.transpose()?;
        let page = Arc::new(Page::new(config.dist.as_deref(), embedded));
        check_page(&page)?;
        let event_loops = match config.engine {
            Engine::Native => Some(EventLoops::start(config.workers).map_err(StartupError::Threads)?),
            Engine::ActixWs => None,
        };

        let lab = config.lab.map(|lab| Lab::new(config.base_path.as_str(), lab.lifetime, lab.show_secrets));
        let app = App::new(
            config.clone(),
            page.clone(),
            connections.clone(),
            http_connections.clone(),
            lab.clone(),
        );
        let endpoints = Endpoints {
            echo: app.echo_path().to_owned(),
            policy: config.echo.clone(),
            connections: connections.clone(),
            lab,
        };
        let dispatcher = event_loops.as_ref().map(EventLoops::dispatcher);
        let settings = HttpSettings {
            websockets: Some(WebSockets { endpoints, dispatcher }),
            connections: connections.clone(),
            http_connections,
            proxies: config.echo.proxies.clone(),
            times: config.http,
            head_bytes: config.head_bytes,
            http2_streams: config.http2_streams,
            spread: config.drain.spread,
        };
        let mut services = Services {
            server: Server::build().workers(config.workers).backlog(BACKLOG as u32).disable_signals(),
            app,
        };
        let mut listeners = Vec::new();
        for &listen in &config.listen {
            let (listener, address) = bind(listen.address, &config.listen, "--listen")?;
            let listen = Listen { address, ..listen };
            let tls = tls.clone().filter(|_| listen.tls);
            let headers = SecurityHeaders::new(config, page.clone(), listen.tls);
            let name = format!("http-{listen}");
            services.add(name, listener, tls, settings.clone(), headers, Routes::All)?;
            listeners.push(Listening { address, url: page_url(listen, &config.base_path) });
        }
        let mut metrics = None;
        if let Some(address) = config.metrics_listen {
            let (listener, address) = bind(address, &[], "--metrics-listen")?;
            let settings = HttpSettings { websockets: None, ..settings };
            let (name, headers) = (format!("metrics-{address}"), SecurityHeaders::without_a_page());
            services.add(name, listener, None, settings, headers, Routes::Metrics)?;
            metrics = Some(address);
        }
        let (server, drain) = (services.server, config.drain);
        Ok(Self { server, event_loops, drain, tls, connections, page, listeners, metrics })
    }

    /// Returns the addresses of the listeners, with the ports that were chosen for port 0.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.listeners.iter().map(|listening| listening.address).collect()
    }

    /// Returns the handle to the certificate, if TLS is spoken.
    pub fn tls(&self) -> Option<Tls> {
        self.tls.clone()
    }

    /// Returns the address of the listener of the metrics, if they have one.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Returns the handle to the connections of the server.
    pub fn connections(&self) -> Connections {
        self.connections.clone()
    }

    /// Serves until `stop` completes for the first time. Then no connection is admitted any more, and all are closed with 1001.
    ///
    /// Returns the number of connections that were dropped: those that were left at the end of the time for that, or when `stop`
    /// completed once more. Zero if all closed in time.
    ///
    /// # Errors
    /// The threads of the HTTP server cannot be started, or fail.
    pub async fn run_until(self, stop: impl AsyncFnMut()) -> io::Result<usize> {
        if let Some(address) = self.metrics {
            info!(%address, "Metrics are served on {}", address.port());
        }
        for Listening { address, url } in &self.listeners {
            info!(%address, page = url, page_from = %self.page, "Service started on {}", address.port());
        }
        let server = self.server.run();
        let handle = server.handle();
        let mut server = std::pin::pin!(server);
        let dispatcher = self.event_loops.as_ref().map(EventLoops::dispatcher);
        let left = tokio::select! {
            ended = &mut server => return ended.map(|()| 0),
            left = drain(stop, self.drain, &self.connections, dispatcher.as_ref()) => left,
        };
        // The server carries out the stop itself, so it has to be polled meanwhile.
        let ((), ended) = tokio::join!(handle.stop(false), server);
        ended.map(|()| left)
    }
}

/// The services behind the listeners.
struct Services {
    server: ServerBuilder,
    app: App,
}

impl Services {
    /// Adds the service of a listener.
    fn add(
        &mut self,
        name: String,
        listener: TcpListener,
        tls: Option<Tls>,
        settings: HttpSettings,
        headers: Arc<SecurityHeaders>,
        routes: Routes,
    ) -> Result<(), StartupError> {
        let app = self.app.clone();
        let app = move || app.clone().application(headers.clone(), routes);
        let server = std::mem::take(&mut self.server);
        let added = match tls {
            None => server.listen(name, listener, move || {
                plain(settings.http_connections.clone()).and_then(http_service(settings.clone(), app.clone()))
            }),
            Some(tls) => server.listen(name, listener, move || {
                secure(tls.clone(), settings.times.head, settings.http_connections.clone())
                    .and_then(http_service(settings.clone(), app.clone()))
            }),
        };
        self.server = added.map_err(StartupError::Threads)?;
        Ok(())
    }
}

/// Returns the URL of the page for a browser on this machine.
fn page_url(listen: Listen, base: &BasePath) -> String {
    format!("{}://{}{}/", listen.scheme(), reachable(listen.address), base.as_str())
}

/// Drains the server when `stop` completes, and ends at once when it completes again. Returns the number of connections that are left.
async fn drain(
    mut stop: impl AsyncFnMut(),
    times: Drain,
    connections: &Connections,
    dispatcher: Option<&Dispatcher>,
) -> usize {
    stop().await;
    info!(connections = connections.count(), "Service stops");
    connections.stop_admitting();
    let in_order = async {
        sleep(times.wait).await;
        if let Some(dispatcher) = dispatcher {
            dispatcher.shut_down(times.spread);
        }
        connections.shut_down();
        connections.wait_until_closed(times.timeout).await
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

/// Raises the limit of open files, and returns the number of files that are left for clients, if that is limited. actix panics where
/// a thread cannot have the files of its event loop; this is an error before that.
fn check_open_files(workers: usize) -> Result<Option<usize>, StartupError> {
    let needed = 64 + 10 * workers as u64;
    let Some(limit) = open_files::raise_limit() else { return Ok(None) };
    let left = limit.checked_sub(needed).ok_or(StartupError::OpenFiles { limit, needed, workers })?;
    Ok(Some(usize::try_from(left).unwrap_or(usize::MAX)))
}

/// Warns of a folder without a page, and fails if it cannot be read.
fn check_page(page: &Page) -> Result<(), StartupError> {
    let Some(path) = page.folder() else { return Ok(()) };
    match std::fs::read_dir(path) {
        Ok(_) if page.exists() => {}
        Ok(_) => warn!("{path:?} has no {INDEX}; build the page with 'make run'. /echo works without it"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            warn!("{path:?} is not there; build the page with 'make run'. /echo works without it");
        }
        Err(source) => return Err(StartupError::Dist { path: path.to_owned(), source }),
    }
    Ok(())
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
