//! How a listener's clients are let in, and what they are served by.

use std::{io, net::SocketAddr, rc::Rc, time::Duration};

use actix_service::{IntoServiceFactory as _, ServiceFactory, fn_factory, fn_service, map_config};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    rt::net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::{
    client_stream::ClientStream,
    connections::Connections,
    http1::{Http, serve},
    timeouts::HttpTimeouts,
    tls::Tls,
    upgrade::Native,
};

/// A client's stream, and who it is.
pub(crate) type Client<S> = (S, Option<SocketAddr>);

/// The limits and services of one listener's clients, beside the App.
#[derive(Clone)]
pub(crate) struct HttpSettings {
    /// The service of the echo, if that is not the App.
    pub(crate) native: Option<Native>,
    pub(crate) connections: Connections,
    pub(crate) times: HttpTimeouts,
    /// The longest head of a request, in bytes.
    pub(crate) head_bytes: usize,
}

/// Lets clients in that speak HTTP.
pub(crate) fn plain()
-> impl ServiceFactory<TcpStream, Config = (), Response = Client<TcpStream>, Error = io::Error, InitError = ()>
{
    fn_service(async |stream: TcpStream| {
        let peer = stream.peer_addr().ok();
        // Without it, answers are as good, and slower.
        let _ = stream.set_nodelay(true);
        Ok((stream, peer))
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
    Error = io::Error,
    InitError = (),
> {
    fn_service(move |stream: TcpStream| {
        let (tls, peer) = (tls.clone(), stream.peer_addr().ok());
        async move { Ok((tls.accept(stream, patience).await?, peer)) }
    })
}

/// Serves a listener's clients, each worker by an App of its own.
pub(crate) fn http_service<S, F, T, B>(
    settings: HttpSettings,
    app: F,
) -> impl ServiceFactory<Client<S>, Config = (), Response = (), Error = io::Error, InitError = ()>
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
            Ok(fn_service(move |(stream, peer): Client<S>| {
                let http = Rc::clone(&http);
                async move {
                    serve(http, stream, peer).await;
                    Ok(())
                }
            }))
        }
    })
}
