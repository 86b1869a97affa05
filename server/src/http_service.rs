//! How a listener's clients are let in, and what they are served by.

use std::{net::SocketAddr, time::Duration};

use actix_http::{HttpService, KeepAlive, Protocol, error::DispatchError};
use actix_service::{
    IntoServiceFactory as _, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    rt::net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::{
    client_stream::ClientStream,
    timeouts::HttpTimeouts,
    tls::Tls,
    upgrade::{self, Native},
};

/// How long actix reads on from a client that is still sending the body of a request that was answered without it. Not
/// shorter: its clock ticks every half second, and a time that is over before it began is never noticed.
const DISCONNECT: Duration = Duration::from_secs(1);

/// A client's stream, what is spoken on it, and who it is.
pub(crate) type Client<S> = (S, Protocol, Option<SocketAddr>);

/// Lets clients in that speak HTTP.
pub(crate) fn plain()
-> impl ServiceFactory<TcpStream, Config = (), Response = Client<TcpStream>, Error = DispatchError, InitError = ()>
{
    fn_service(async |stream: TcpStream| {
        let peer = stream.peer_addr().ok();
        // Without it, answers are as good, and slower.
        let _ = stream.set_nodelay(true);
        Ok((stream, Protocol::Http1, peer))
    })
}

/// Lets clients in that speak HTTP over TLS, and may take so long to begin.
pub(crate) fn secure(
    tls: Tls,
    patience: Duration,
) -> impl ServiceFactory<
    TcpStream,
    Config = (),
    Response = Client<TlsStream<TcpStream>>,
    Error = DispatchError,
    InitError = (),
> {
    fn_service(move |stream: TcpStream| {
        let (tls, peer) = (tls.clone(), stream.peer_addr().ok());
        async move { Ok((tls.accept(stream, patience).await?, Protocol::Http1, peer)) }
    })
}

/// What a listener's clients are served by: plain requests by the App, upgrades by the engine or the App. This is what
/// actix-web's `HttpServer` builds, which has no place for an upgrade service.
pub(crate) fn http_service<S, F, T, B>(
    address: SocketAddr,
    timeouts: HttpTimeouts,
    native: Option<Native>,
    app: F,
) -> impl ServiceFactory<Client<S>, Config = (), Response = (), Error = DispatchError, InitError = ()>
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
    let app = move || map_config(app().into_factory(), |()| AppConfig::default());
    HttpService::build()
        .keep_alive(KeepAlive::Timeout(timeouts.keep_alive))
        .client_request_timeout(timeouts.head)
        .client_disconnect_timeout(DISCONNECT)
        .local_addr(address)
        .upgrade(upgrade::factory(native, app()))
        .finish(app().map_err(|error: Error| error.error_response()))
}
