//! Liveness.

use actix_web::HttpResponse;

/// 200 as long as the process answers at all.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).content_type("text/plain").body("ok\n")
}
