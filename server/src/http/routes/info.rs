//! What the server says of itself.

use actix_web::{HttpResponse, web};
use ws_echo_shared::ServerInfo;

/// [`ServerInfo`] as JSON.
pub(crate) async fn info(info: web::Data<ServerInfo>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(info.as_ref())
}
