//! How a listener's clients are let in, and what they are served by.

use std::{io, rc::Rc, time::Duration};

use actix_service::{IntoServiceFactory as _, ServiceFactory, fn_factory, fn_service, map_config};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    rt::net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    config::timeouts::HttpTimeouts,
    handshake::upgrade::Native,
    http1::{
        client_stream::{ClientStream, HANDSHAKE},
        connection::{Accepted, Http, serve},
    },
    tls::acceptor::Tls,
};

/// The limits and services of one listener's clients, beside the App.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    /// The service of the echo, if that is not the App.
    pub(crate) native: Option<Native>,
    pub(crate) connections: Connections,
    pub(crate) http_connections: HttpConnections,
    pub(crate) times: HttpTimeouts,
    /// The longest head of a request, in bytes.
    pub(crate) head_bytes: usize,
}

/// Lets clients in that speak HTTP.
pub(crate) fn plain(
    connections: HttpConnections,
) -> impl ServiceFactory<TcpStream, Config = (), Response = Accepted<TcpStream>, Error = io::Error, InitError = ()>
{
    fn_service(move |stream: TcpStream| {
        let peer = stream.peer_addr().ok();
        let place = connections.enter(peer);
        // Without it, answers are as good, and slower.
        let _ = stream.set_nodelay(true);
        async move { Ok(Accepted { stream, peer, place }) }
    })
}

/// Lets clients in that speak HTTP over TLS, and may take so long to begin.
pub(crate) fn secure(
    tls: Tls,
    patience: Duration,
    connections: HttpConnections,
) -> impl ServiceFactory<
    TcpStream,
    Config = (),
    Response = Accepted<TlsStream<TcpStream>>,
    Error = io::Error,
    InitError = (),
> {
    fn_service(move |stream: TcpStream| {
        let (tls, peer) = (tls.clone(), stream.peer_addr().ok());
        let place = connections.enter(peer);
        async move {
            let _ = place.hold(HANDSHAKE);
            let wait = place.wait();
            tokio::select! {
                stream = tls.accept(stream, patience) => Ok(Accepted { stream: stream?, peer, place }),
                () = wait.eviction() => Err(io::ErrorKind::ConnectionAborted.into()),
            }
        }
    })
}

/// Serves a listener's clients, each worker by an App of its own.
pub(crate) fn http_service<S, F, T, B>(
    settings: HttpSettings,
    app: F,
) -> impl ServiceFactory<Accepted<S>, Config = (), Response = (), Error = io::Error, InitError = ()>
where
    S: ClientStream,
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
    let app = map_config(app().into_factory(), |()| AppConfig::default());
    fn_factory(move || {
        let settings = settings.clone();
        let app = app.new_service(());
        async move {
            let http = Rc::new(Http {
                app: Rc::new(app.await?),
                native: settings.native.map(Rc::new),
                connections: settings.connections,
                times: settings.times,
                head_bytes: settings.head_bytes,
            });
            Ok(fn_service(move |client: Accepted<S>| {
                let http = Rc::clone(&http);
                async move {
                    serve(http, client).await;
                    Ok(())
                }
            }))
        }
    })
}
