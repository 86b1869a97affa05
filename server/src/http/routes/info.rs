//! `GET /api/info`: the version, the limits and the time limits of the server.

use actix_web::{HttpResponse, web};
use ws_echo_shared::ServerInfo;

/// Returns the [`ServerInfo`] as JSON.
pub(crate) async fn info(info: web::Data<ServerInfo>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(info.as_ref())
}
