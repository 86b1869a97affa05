//! Liveness and readiness.

use actix_web::{HttpResponse, HttpResponseBuilder, http::StatusCode, web};

use crate::admission::connections::Connections;

/// Returns 200 as long as the process answers at all.
pub(crate) async fn health() -> HttpResponse {
    answer(StatusCode::OK, "ok\n")
}

/// Returns 200 while connections are admitted, and 503 from the beginning of a shutdown, so that load balancers choose another
/// server.
pub(crate) async fn ready(connections: web::Data<Connections>) -> HttpResponse {
    if connections.is_ready() {
        answer(StatusCode::OK, "ready\n")
    } else {
        answer(StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    }
}

fn answer(status: StatusCode, body: &'static str) -> HttpResponse {
    HttpResponseBuilder::new(status)
        .insert_header(("Cache-Control", "no-store"))
        .content_type("text/plain")
        .body(body)
}
