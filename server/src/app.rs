//! The one table of routes.

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource,
    http::header,
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use ws_echo_shared::{ServerInfo, info::Paths, paths};

use crate::{
    config::Config,
    connections::Connections,
    policy::{EchoPolicy, subprotocol::SubprotocolPolicy},
    routes::{assets, echo::echo, health::health, info::info},
};

/// What every worker's routes share.
#[derive(Clone)]
pub struct App {
    config: Config,
    policy: web::Data<EchoPolicy>,
    info: web::Data<ServerInfo>,
    connections: web::Data<Connections>,
}

impl App {
    /// Prepares the shared part.
    pub fn new(config: Config, connections: Connections) -> Self {
        let policy = config.echo.clone();
        let info = ServerInfo {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            paths: Paths::default(),
            limits: policy.limits,
            subprotocols: match &policy.subprotocols {
                SubprotocolPolicy::Any => None,
                SubprotocolPolicy::Only(list) => Some(list.clone()),
            },
        };
        Self {
            config,
            policy: web::Data::new(policy),
            info: web::Data::new(info),
            connections: web::Data::new(connections),
        }
    }

    /// Writes the routes into one worker's application.
    pub fn configure(&self, app: &mut ServiceConfig) {
        app.app_data(self.policy.clone())
            .app_data(self.info.clone())
            .app_data(self.connections.clone())
            .service(
                web::resource(paths::ECHO)
                    .route(web::get().to(echo))
                    .default_service(web::to(|| refuse_method("GET"))),
            )
            .service(readable(paths::HEALTH, health))
            .service(readable(paths::INFO, info))
            .service(
                web::scope("").wrap(from_fn(assets::cache_headers)).service(assets::files(&self.config.dist)),
            );
    }
}

/// A resource that can be read and nothing else.
fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args, Output = HttpResponse> + Copy,
    Args: FromRequest + 'static,
{
    web::resource(path)
        .route(web::get().to(handler))
        .route(web::head().to(handler))
        .default_service(web::to(|| refuse_method("GET, HEAD")))
}

/// 405 with the methods that are allowed (RFC 9110 section 15.5.6).
async fn refuse_method(allowed: &'static str) -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header((header::ALLOW, allowed))
        .content_type("text/plain; charset=utf-8")
        .body(format!("this path is for {allowed} only\n"))
}
