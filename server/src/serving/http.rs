//! The service behind a listener: the App, the WebSocket endpoints, and the limits that all its clients share.

use std::{net::SocketAddr, rc::Rc};

use actix_http::{
    Request, Response,
    body::{BoxBody, MessageBody},
};
use actix_service::Service;
use actix_web::{Error, dev::ServiceResponse};

use crate::{
    admission::{connections::Connections, http_connections::HttpPermit},
    config::{timeouts::HttpTimeouts, trusted_proxies::TrustedProxies},
    event_loop::pool::Dispatcher,
    handshake::decision::Endpoints,
};

/// The service of WebSockets on a listener.
#[derive(Clone)]
pub(crate) struct WebSockets {
    pub(crate) endpoints: Endpoints,
    /// The event loops of the native engine. Without them, a handler of the App serves an admitted handshake.
    pub(crate) dispatcher: Option<Dispatcher>,
}

/// The service for the clients of one listener in one thread.
pub(crate) struct Http<A> {
    pub(crate) app: Rc<A>,
    pub(crate) websockets: Option<WebSockets>,
    pub(crate) connections: Connections,
    /// The proxies that may name the client's address.
    pub(crate) proxies: TrustedProxies,
    pub(crate) times: HttpTimeouts,
    /// The longest head of a request, in bytes.
    pub(crate) head_bytes: usize,
    /// True if HTTP/2 is spoken too.
    pub(crate) has_http2: bool,
}

/// A client that was accepted, after its TLS handshake if it speaks TLS.
pub(crate) struct Accepted<S> {
    pub(crate) stream: S,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) permit: HttpPermit,
}

impl<A> Http<A> {
    /// Answers a request by the App.
    pub(crate) async fn call<B>(&self, request: Request) -> Response<BoxBody>
    where
        A: Service<Request, Response = ServiceResponse<B>, Error = Error>,
        B: MessageBody + 'static,
    {
        match self.app.call(request).await {
            Ok(response) => Response::from(response).map_body(|_, body| body.boxed()),
            Err(error) => Response::from(error),
        }
    }
}
