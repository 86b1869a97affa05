//! The client's bytes on their way to actix-ws, up to the first protocol error.
//!
//! actix-ws buffers an incomplete frame of any length, and reports a bad message only when all of it has come. Then, and when
//! reading fails, it drops the good messages before it. From this stream, actix-ws gets good frames only, and then the end.

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
use ws_echo_engine::{ProtocolError, Validator};
use ws_echo_shared::limits::Limits;

/// A payload with the validator in front of it.
struct Validated {
    inner: dev::Payload,
    validator: Validator,
    protocol_error: Option<ProtocolError>,
    failure: Option<PayloadError>,
}

impl Validated {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<web::Bytes, PayloadError>>> {
        if self.protocol_error.is_some() || self.failure.is_some() {
            return Poll::Ready(None);
        }
        let Some(piece) = ready!(self.inner.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        let mut piece = match piece {
            Ok(piece) => piece,
            Err(error) => {
                self.failure = Some(error);
                return Poll::Ready(None);
            }
        };
        if let Err(violation) = self.validator.validate(&piece) {
            self.protocol_error = Some(violation.error);
            piece.truncate(violation.good);
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

/// A handle to the payload that actix-ws reads.
#[derive(Clone)]
pub(crate) struct Inbound(Rc<RefCell<Validated>>);

impl Stream for Inbound {
    type Item = Result<web::Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next(cx)
    }
}

impl Inbound {
    /// Puts a validator in front of a request's payload. Returns the payload for actix-ws, and a handle to it.
    pub(crate) async fn new(
        request: &HttpRequest,
        payload: web::Payload,
        limits: Limits,
    ) -> Result<(web::Payload, Self), actix_web::Error> {
        let validated = Validated {
            inner: payload.into_inner(),
            validator: Validator::new(limits),
            protocol_error: None,
            failure: None,
        };
        let inbound = Self(Rc::new(RefCell::new(validated)));
        // Extraction is the only way to make a `web::Payload`.
        let mut stream: dev::Payload = dev::Payload::Stream { payload: Box::pin(inbound.clone()) };
        Ok((web::Payload::from_request(request, &mut stream).await?, inbound))
    }

    /// Returns the protocol error that ended the stream, if one did.
    pub(super) fn protocol_error(&self) -> Option<ProtocolError> {
        self.0.borrow().protocol_error
    }

    /// Returns the failed read that ended the stream, if one did. A second call returns none.
    pub(super) fn take_failure(&self) -> Option<PayloadError> {
        self.0.borrow_mut().failure.take()
    }

    /// Reads and discards, until the client closes the connection or has been silent for the time `silence`.
    pub(super) async fn discard(&self, silence: Duration) {
        let next = || poll_fn(|cx| self.0.borrow_mut().inner.poll_next_unpin(cx));
        while let Ok(Some(Ok(_))) = timeout(silence, next()).await {}
    }
}
