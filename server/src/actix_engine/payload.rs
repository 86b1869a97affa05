//! The client's bytes on their way to actix-ws, up to the first frame that breaks a rule.
//!
//! actix-ws holds an incomplete frame whatever its length, tells the end of a bad message only when all of it has come, and
//! then drops the good messages before it, as it does when reading fails. Behind this stream it sees good frames only, and then the end.

use std::{
    cell::RefCell,
    future::poll_fn,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev, error::PayloadError, web};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use ws_echo_engine::{Fault, Inspector};
use ws_echo_shared::limits::Limits;

/// A payload with the inspector in front of it.
struct Inspected {
    inner: dev::Payload,
    inspector: Inspector,
    fault: Option<Fault>,
    failed: Option<PayloadError>,
}

impl Inspected {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<web::Bytes, PayloadError>>> {
        if self.fault.is_some() || self.failed.is_some() {
            return Poll::Ready(None);
        }
        let Some(piece) = ready!(self.inner.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        let mut piece = match piece {
            Ok(piece) => piece,
            Err(error) => {
                self.failed = Some(error);
                return Poll::Ready(None);
            }
        };
        if let Err(violation) = self.inspector.inspect(&piece) {
            self.fault = Some(violation.fault);
            piece.truncate(violation.good);
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

/// The session's hold on the payload that actix-ws reads.
#[derive(Clone)]
pub(crate) struct Inbound(Rc<RefCell<Inspected>>);

impl Stream for Inbound {
    type Item = Result<web::Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next(cx)
    }
}

impl Inbound {
    /// Puts the inspector in front of a request's payload; gives what actix-ws is to read, and the hold on it.
    pub(crate) async fn new(
        request: &HttpRequest,
        payload: web::Payload,
        limits: Limits,
    ) -> Result<(web::Payload, Self), actix_web::Error> {
        let inspected = Inspected {
            inner: payload.into_inner(),
            inspector: Inspector::new(limits),
            fault: None,
            failed: None,
        };
        let inbound = Self(Rc::new(RefCell::new(inspected)));
        // Extraction is the one way to make a `web::Payload`.
        let mut stream: dev::Payload = dev::Payload::Stream { payload: Box::pin(inbound.clone()) };
        Ok((web::Payload::from_request(request, &mut stream).await?, inbound))
    }

    /// Why the stream ended early, if it did.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.0.borrow().fault
    }

    /// Why it could not be read further, if that was not the peer's doing. To be asked once.
    pub(super) fn take_failure(&self) -> Option<PayloadError> {
        self.0.borrow_mut().failed.take()
    }

    /// Reads on and throws away what comes, until the peer ends the connection or is silent for as long as `silence`.
    pub(super) async fn discard(&self, silence: Duration) {
        let next = || poll_fn(|cx| self.0.borrow_mut().inner.poll_next_unpin(cx));
        while let Ok(Some(Ok(_))) = timeout(silence, next()).await {}
    }
}
