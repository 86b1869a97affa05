//! The body of the response: the bytes that the server sends on a connection.
//!
//! actix-ws ends it right after the Close frame, and then the TCP connection is closed. Closing it while the client still sends
//! would reset it, and after a reset the client may never read the Close frame.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use tokio::sync::oneshot;

/// Keeps an [`OpenBody`] open until it is dropped.
pub(crate) struct KeepOpen(#[allow(dead_code, reason = "dropped at the end")] oneshot::Sender<()>);

/// A body that ends when the inner body has ended and its [`KeepOpen`] was dropped.
pub(crate) struct OpenBody {
    inner: BoxBody,
    inner_ended: bool,
    dropped: oneshot::Receiver<()>,
}

impl OpenBody {
    pub(crate) fn new(inner: BoxBody) -> (Self, KeepOpen) {
        let (sender, dropped) = oneshot::channel();
        (Self { inner, inner_ended: false, dropped }, KeepOpen(sender))
    }
}

impl MessageBody for OpenBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if !this.inner_ended {
            match Pin::new(&mut this.inner).poll_next(cx) {
                Poll::Ready(None) => this.inner_ended = true,
                other => return other,
            }
        }
        Pin::new(&mut this.dropped).poll(cx).map(|_| None)
    }
}
