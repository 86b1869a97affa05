//! What the server counts.

use actix_web::{
    HttpResponse,
    error::{Error, ErrorInternalServerError},
    web,
};

use crate::metrics::exposition::{CONTENT_TYPE, Exposition};

/// The metrics as text.
pub(crate) async fn metrics(exposition: web::Data<Exposition>) -> Result<HttpResponse, Error> {
    let text = exposition.text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).content_type(CONTENT_TYPE).body(text))
}
