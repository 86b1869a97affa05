//! Answers to the handshakes that were refused.

use actix_web::{
    Error, HttpMessage as _, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    rt::time::sleep,
};

use crate::handshake::refusal::Refusal;

/// Answers a request with the [`Refusal`] among its extensions, and passes on a request without one.
pub(crate) async fn answer<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let refusal = request.extensions_mut().remove::<Refusal>();
    match refusal {
        Some(refusal) => {
            if let Refusal::Lab(refused) = &refusal {
                sleep(refused.delay).await;
            }
            Ok(request.into_response(refusal.error_response()).map_into_right_body())
        }
        None => Ok(next.call(request).await?.map_into_left_body()),
    }
}
