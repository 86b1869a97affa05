//! The services behind a listener: they accept clients, and serve their requests.

use std::{io, rc::Rc, time::Duration};

use actix_service::{IntoServiceFactory as _, ServiceFactory, fn_factory, fn_service, map_config};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    rt::net::TcpStream,
};

use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    config::{timeouts::HttpTimeouts, trusted_proxies::TrustedProxies},
    http2::{serve::Http2, stream_loop::StreamLoop},
    listener::serve,
    serving::{
        client_stream::{ClientStream, HANDSHAKE_MEMORY},
        http::{Accepted, Http, WebSockets},
    },
    tls::{acceptor::Tls, stream::TlsStream},
};

/// The settings of one listener.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    /// None on the listener of the metrics.
    pub(crate) websockets: Option<WebSockets>,
    pub(crate) connections: Connections,
    pub(crate) http_connections: HttpConnections,
    pub(crate) proxies: TrustedProxies,
    pub(crate) times: HttpTimeouts,
    /// Limit on the head of a request, in bytes.
    pub(crate) head_bytes: usize,
    /// Limit on the open streams of an HTTP/2 connection; none switches HTTP/2 off.
    pub(crate) http2_streams: Option<u32>,
    /// The time over which WebSockets are closed in a shutdown.
    pub(crate) spread: Duration,
}

/// Accepts clients that speak HTTP.
pub(crate) fn plain(
    connections: HttpConnections,
) -> impl ServiceFactory<TcpStream, Config = (), Response = Accepted<TcpStream>, Error = io::Error, InitError = ()>
{
    fn_service(move |stream: TcpStream| {
        let peer = stream.peer_addr().ok();
        let permit = connections.admit(peer);
        // Without this option, answers are only slower.
        let _ = stream.set_nodelay(true);
        async move { Ok(Accepted { stream, peer, permit }) }
    })
}

/// Accepts clients that speak HTTP over TLS, with a time limit for the TLS handshake.
pub(crate) fn secure(
    tls: Tls,
    time_limit: Duration,
    connections: HttpConnections,
) -> impl ServiceFactory<TcpStream, Config = (), Response = Accepted<TlsStream>, Error = io::Error, InitError = ()>
{
    fn_service(move |stream: TcpStream| {
        let (tls, peer) = (tls.clone(), stream.peer_addr().ok());
        let permit = connections.admit(peer);
        async move {
            let _ = permit.hold(HANDSHAKE_MEMORY);
            let activity = permit.activity();
            tokio::select! {
                stream = tls.accept(stream, time_limit) => Ok(Accepted { stream: stream?, peer, permit }),
                () = activity.evicted() => Err(io::ErrorKind::ConnectionAborted.into()),
            }
        }
    })
}

/// Serves the clients of a listener, with an App for each thread.
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
    // The default host name for requests without one is good enough: no route uses it.
    let app = map_config(app().into_factory(), |()| AppConfig::default());
    fn_factory(move || {
        let settings = settings.clone();
        let app = app.new_service(());
        async move {
            let streams = StreamLoop::new(&settings.connections, settings.spread);
            let http2 = settings.http2_streams.map(|max_streams| Rc::new(Http2 { max_streams, streams }));
            let http = Rc::new(Http {
                has_http2: http2.is_some(),
                app: Rc::new(app.await?),
                websockets: settings.websockets,
                proxies: settings.proxies,
                connections: settings.connections,
                times: settings.times,
                head_bytes: settings.head_bytes,
            });
            Ok(fn_service(move |client: Accepted<S>| {
                let (http, http2) = (Rc::clone(&http), http2.clone());
                async move {
                    serve(http, http2, client).await;
                    Ok(())
                }
            }))
        }
    })
}
