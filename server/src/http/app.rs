//! The table of all routes, and the middleware around them.

use std::{sync::Arc, time::Duration};

use actix_web::{
    Error, FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::{DefaultHeaders, from_fn},
    web::{self, ServiceConfig},
};
use ws_echo_shared::{
    ServerInfo,
    info::{Paths, ServerLimits, ServerTimeouts},
    paths,
};

use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    config::{Config, echo_policy::EchoPolicy, subprotocol::SubprotocolPolicy},
    http::{
        access_log,
        page::Page,
        refusals,
        routes::{
            assets::{self, Assets},
            echo::echo,
            health::{health, ready},
            info::info,
            lab,
            metrics::{Exposition, metrics},
        },
        security_headers::{self, SecurityHeaders},
    },
    lab::request::Lab,
};

/// The routes of a listener.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Routes {
    /// The page, the echo and all other routes.
    All,
    /// The metrics and the probes.
    Metrics,
}

/// State that the routes of all threads share.
#[derive(Clone)]
pub(crate) struct App {
    config: Config,
    page: Arc<Page>,
    policy: web::Data<EchoPolicy>,
    info: web::Data<ServerInfo>,
    connections: web::Data<Connections>,
    exposition: web::Data<Exposition>,
    /// None if it is switched off.
    lab: Option<Lab>,
}

impl App {
    /// Builds the state from the configuration.
    pub(crate) fn new(
        config: Config,
        page: Arc<Page>,
        connections: Connections,
        http_connections: HttpConnections,
        lab: Option<Lab>,
    ) -> Self {
        let policy = config.echo.clone();
        let info = ServerInfo {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            paths: Paths::below(config.base_path.as_str()),
            http: config
                .http2_streams
                .map(|_| "h2")
                .into_iter()
                .chain(["http/1.1"])
                .map(str::to_owned)
                .collect(),
            limits: ServerLimits {
                message: policy.limits,
                connections: limit(config.capacity.connections),
                connections_per_address: limit(config.capacity.per_address),
                http_connections: limit(config.http_capacity.connections),
                http_connections_per_address: limit(config.http_capacity.per_address),
                http2_streams: config.http2_streams,
                held_bytes: config.capacity.held_bytes,
                head_bytes: config.head_bytes,
            },
            timeouts: ServerTimeouts {
                head_ms: ms(config.http.head),
                keep_alive_ms: ms(config.http.keep_alive),
                ping_after_ms: ms(config.timeouts.idle),
                pong_ms: ms(config.timeouts.pong),
                write_ms: ms(config.timeouts.write_stall),
                close_ms: ms(config.timeouts.close),
            },
            subprotocols: match &policy.subprotocols {
                SubprotocolPolicy::Any => None,
                SubprotocolPolicy::Only(list) => Some(list.clone()),
            },
        };
        let exposition = Exposition::new(
            &connections,
            http_connections,
            config.engine.name(),
            config.certificate.is_some(),
        );
        Self {
            config,
            page,
            exposition: web::Data::new(exposition),
            policy: web::Data::new(policy),
            info: web::Data::new(info),
            connections: web::Data::new(connections),
            lab,
        }
    }

    /// Returns the path of the echo.
    pub(crate) fn echo_path(&self) -> &str {
        &self.info.paths.echo
    }

    /// Builds the application of one thread, with the middleware of all answers.
    pub(crate) fn application(
        self,
        headers: Arc<SecurityHeaders>,
        routes: Routes,
    ) -> actix_web::App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody>,
            Error = Error,
            InitError = (),
        >,
    > {
        actix_web::App::new()
            .wrap(from_fn(refusals::answer))
            .wrap(from_fn(move |request, next| security_headers::add(headers.clone(), request, next)))
            .wrap(from_fn(access_log::write))
            .configure(move |config| match routes {
                Routes::All => self.configure(config),
                Routes::Metrics => self.configure_metrics(config),
            })
    }

    /// Adds the routes of the listener of the metrics.
    fn configure_metrics(&self, app: &mut ServiceConfig) {
        app.app_data(self.connections.clone())
            .app_data(self.exposition.clone())
            .service(public(paths::HEALTH, health))
            .service(public(paths::READY, ready))
            .service(readable(paths::METRICS, metrics));
    }

    /// Adds the routes of the listeners of the page.
    fn configure(&self, app: &mut ServiceConfig) {
        let base = self.config.base_path.as_str();
        let at = &self.info.paths;
        app.app_data(self.policy.clone())
            .app_data(self.info.clone())
            .app_data(self.connections.clone())
            .app_data(self.exposition.clone())
            .service(
                web::resource(&at.echo)
                    .route(web::get().to(echo))
                    .default_service(web::to(|| refuse_method("GET"))),
            )
            .service(public(&at.health, health))
            .service(public(&at.ready, ready))
            .service(public(&at.info, info));
        if let Some(lab) = &self.lab {
            let path = |path: &str| format!("{base}{path}");
            app.app_data(lab::data(lab))
                .service(readable(&path(paths::LAB), lab::list))
                .service(readable(&path(&format!("{}/", paths::LAB)), lab::list))
                .service(public(&path(paths::SCENARIOS), lab::catalogue))
                .service(public(&path(&format!("{}/{{id}}", paths::TAPS)), lab::tap));
            for folder in [paths::LAB, paths::TAP] {
                app.service(
                    web::resource(path(&format!("{folder}/{{name}}")))
                        .route(web::get().to(lab::serve))
                        .default_service(web::to(|| refuse_method("GET"))),
                );
            }
        }
        if !base.is_empty() {
            // Probes and collectors of metrics reach the server itself, without the proxy in front of it.
            app.service(public(paths::HEALTH, health))
                .service(public(paths::READY, ready))
                .service(readable(base, assets::redirect))
                .default_service(web::to(async || assets::not_found()));
        }
        if self.config.metrics_listen.is_none() {
            app.service(readable(paths::METRICS, metrics));
        }
        let assets = Arc::new(Assets::new(self.page.clone(), base));
        let answer = move |request: HttpRequest| std::future::ready(assets.answer(&request));
        app.service(
            web::scope(base).wrap(from_fn(assets::cache_headers)).route(assets::BELOW, web::to(answer)),
        );
    }
}

/// Returns a limit, or none if it is `usize::MAX`.
fn limit(limit: usize) -> Option<usize> {
    (limit != usize::MAX).then_some(limit)
}

/// Returns a time in milliseconds. It always fits: times on the command line are at most a day.
fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns a resource for GET and HEAD alone.
fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args, Output: Responder + 'static> + Copy,
    Args: FromRequest + 'static,
{
    only(path, handler, "GET, HEAD")
}

/// Returns a resource for GET and HEAD. Methods without a route get a 405 that allows `methods`.
fn only<F, Args>(path: &str, handler: F, methods: &'static str) -> Resource
where
    F: Handler<Args, Output: Responder + 'static> + Copy,
    Args: FromRequest + 'static,
{
    web::resource(path)
        .route(web::get().to(handler))
        .route(web::head().to(handler))
        .default_service(web::to(move || refuse_method(methods)))
}

/// The methods of a [`public`] resource.
const PUBLIC_METHODS: &str = "GET, HEAD, OPTIONS";

/// Returns a resource that pages of every origin can read as well (Fetch, section 3.2): it holds nothing private.
fn public<F, Args>(
    path: &str,
    handler: F,
) -> Resource<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>
    + use<F, Args>,
>
where
    F: Handler<Args, Output: Responder + 'static> + Copy,
    Args: FromRequest + 'static,
{
    only(path, handler, PUBLIC_METHODS)
        .route(web::method(Method::OPTIONS).to(allow_reading))
        .wrap(DefaultHeaders::new().add((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")))
}

/// Answers a CORS preflight request: pages of other origins may read, and send headers of their own.
async fn allow_reading() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ALLOW, PUBLIC_METHODS))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "*"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

/// Returns a 405 with the allowed methods (RFC 9110 section 15.5.6).
async fn refuse_method(allowed: &'static str) -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header((header::ALLOW, allowed))
        .content_type("text/plain; charset=utf-8")
        .body(format!("this path is for {allowed} only\n"))
}

#[cfg(test)]
mod tests {
    use actix_web::{App as ActixApp, test};
    use clap::Parser as _;

    use super::*;
    use crate::config::cli::Cli;

    /// Once the App asked for a permit again after the native engine had got none. If a connection closed in between, the App
    /// admitted the handshake, and served it by the other engine. Here the App gets a good handshake while permits are free, as
    /// in that race.
    #[actix_web::test]
    async fn the_app_accepts_no_handshake_that_was_not_admitted_before() {
        for engine in ["native", "actix-ws"] {
            assert_refused(engine).await;
        }
    }

    async fn assert_refused(engine: &str) {
        let config = Config::try_from(Cli::parse_from(["ws-echo", "--engine", engine])).unwrap();
        let connections = Connections::new(config.capacity, config.timeouts);
        let http = HttpConnections::new(config.http_capacity, None, connections.clone());
        let page = Arc::new(Page::new(None, None));
        let app = App::new(config, page, connections.clone(), http, None);
        let service = test::init_service(ActixApp::new().configure(|routes| app.configure(routes))).await;
        let handshake = test::TestRequest::get()
            .uri("/echo")
            .insert_header((header::HOST, "test"))
            .insert_header((header::CONNECTION, "upgrade"));
        let handshake = handshake
            .insert_header((header::UPGRADE, "websocket"))
            .insert_header((header::SEC_WEBSOCKET_VERSION, "13"))
            .insert_header((header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="));
        let response = test::call_service(&service, handshake.to_request()).await;
        assert_eq!(response.status(), 426);
        assert_eq!(connections.count(), 0);
    }
}
