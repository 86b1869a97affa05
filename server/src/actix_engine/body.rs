//! The body of the response: the bytes that the server sends on a connection.
//!
//! actix-ws ends it right behind the Close frame, and then the TCP connection is closed. Closing it while the client still
//! sends would reset it, and the reset can take the Close frame away from the client.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use tokio::sync::oneshot;

/// Keeps the body open as long as it exists.
pub(crate) struct Hold(#[allow(dead_code, reason = "held for its drop")] oneshot::Sender<()>);

/// A body that ends when its own stream and the [`Hold`] on it have ended.
pub(crate) struct HeldBody {
    inner: BoxBody,
    inner_ended: bool,
    hold: oneshot::Receiver<()>,
}

impl HeldBody {
    pub(crate) fn new(inner: BoxBody) -> (Self, Hold) {
        let (sender, hold) = oneshot::channel();
        (Self { inner, inner_ended: false, hold }, Hold(sender))
    }
}

impl MessageBody for HeldBody {
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
        Pin::new(&mut this.hold).poll(cx).map(|_| None)
    }
}
