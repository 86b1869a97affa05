//! A listener: it serves each of its clients by the version of HTTP that the client speaks.
//!
//! A client that chose `h2` by ALPN, or begins with the preface of HTTP/2, is served by [`http2`](crate::http2), and every other one by
//! [`http1`](crate::http1). Both decide about handshakes by the same rules, and serve the WebSockets of the App over the same
//! [`bridge`](crate::serving::bridge).

use std::{rc::Rc, sync::Arc};

use actix_http::{Request, body::MessageBody};
use actix_service::Service;
use actix_web::{Error, dev::ServiceResponse, web::Bytes};
use tracing::debug;

use crate::{
    http1::serve::{Preface, serve as serve_http1},
    http2::serve::{Http2, serve as serve_http2},
    serving::{
        client_stream::{ActivityStream, ClientStream},
        http::{Accepted, Http},
    },
    tls::acceptor::HTTP_2,
};

/// Serves a client until one of the two closes the connection, or it becomes a WebSocket connection.
pub(crate) async fn serve<S, A, B>(http: Rc<Http<A>>, http2: Option<Rc<Http2>>, client: Accepted<S>)
where
    S: ClientStream,
    A: Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let Accepted { stream, peer, permit } = client;
    let activity = permit.activity();
    let has_chosen_http2 = stream.tls().is_some_and(|session| session.alpn_protocol() == Some(HTTP_2));
    let stream = ActivityStream::new(stream, Arc::clone(&activity));
    let served = async {
        let preface = if has_chosen_http2 {
            Some(Preface { stream, read: Bytes::new() })
        } else {
            serve_http1(Rc::clone(&http), stream, peer, &permit).await
        };
        if let (Some(preface), Some(http2)) = (preface, http2) {
            // Boxed, so that a connection with HTTP/1.1 takes no more memory.
            Box::pin(serve_http2(http, http2, preface, peer, permit)).await;
        }
    };
    tokio::select! {
        () = served => {}
        () = activity.evicted() => debug!(peer = peer.map(tracing::field::display), "Connection ended: another one takes its place"),
    }
}
