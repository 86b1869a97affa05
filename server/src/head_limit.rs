//! The longest head of a request. actix-http reads up to 128 KiB of one; this refuses what is longer than was set.

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{RequestHead, ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};

/// What stands around the method, the target and the version in a request line, and around the name and the value of a header.
const REQUEST_LINE: usize = "  HTTP/1.1\r\n".len();
const HEADER: usize = ": \r\n".len();

/// Whether a head is longer than `most` bytes.
pub(crate) fn is_over(head: &RequestHead, most: usize) -> bool {
    let target = head.uri.path_and_query().map_or(0, |target| target.as_str().len());
    let line = head.method.as_str().len() + target + REQUEST_LINE;
    let headers = head.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + HEADER);
    line + headers.sum::<usize>() > most
}

/// Answers a request whose head is too long with 431 (RFC 6585 section 5), and ends its connection.
pub(crate) async fn refuse<B: MessageBody>(
    most: usize,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !is_over(request.head(), most) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let response = HttpResponse::RequestHeaderFieldsTooLarge()
        .force_close()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(format!("the head of a request has at most {most} bytes\n"));
    Ok(request.into_response(response).map_into_right_body())
}
