//! Serves a client that was accepted.

use std::{rc::Rc, sync::Arc};

use actix_http::{Request, body::MessageBody};
use actix_service::Service;
use actix_web::{Error, dev::ServiceResponse, web::Bytes};
use tracing::debug;

use crate::{
    http1::{self, serve::Preface},
    http2,
    listener::{
        client_stream::{ActivityStream, ClientStream},
        http::{Accepted, Http},
    },
    tls::acceptor::HTTP_2,
};

/// Serves a client until one of the two closes the connection, or it becomes a WebSocket connection.
pub(crate) async fn serve<S, A, B>(http: Rc<Http<A>>, client: Accepted<S>)
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
            http1::serve::serve(Rc::clone(&http), stream, peer, &permit).await
        };
        if let Some(preface) = preface {
            // Boxed, so that a connection with HTTP/1.1 takes no more memory.
            Box::pin(http2::serve::serve(http, preface, peer, permit)).await;
        }
    };
    tokio::select! {
        () = served => {}
        () = activity.evicted() => debug!(peer = peer.map(tracing::field::display), "Connection ended: another one takes its place"),
    }
}
