//! The lab: its scenarios and taps as WebSocket endpoints, the catalogue, and the entries of taps as JSON.

use std::{convert::Infallible, rc::Rc, sync::Arc};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, Accept, Header as _},
    },
    mime, rt,
    web::{self, Bytes},
};
use futures_util::{Stream, stream};
use serde_json::json;
use tracing::warn;
use ws_echo_shared::{
    lab::{Kind, SCENARIOS, TAP, TAP_ID_MAX, TAP_ID_MIN},
    paths,
};

use crate::{
    admission::connections::Connections,
    config::echo_policy::EchoPolicy,
    handshake::{
        decision::{Admitted, AtLab},
        refusal::Refusal,
    },
    lab::{
        answer::{Accept as AcceptKey, Answer},
        bridge_options::BridgeOptions,
        follow::follow,
        request::{Endpoint, Lab},
        session::{Parts, Session},
    },
    tap::{recorder::TapEnd, taps::Tap},
};

/// Answers an admitted handshake, and spawns a task that runs its scenario.
pub(crate) async fn serve(
    request: HttpRequest,
    payload: web::Payload,
    policy: web::Data<EchoPolicy>,
    connections: web::Data<Connections>,
    lab: web::Data<Lab>,
) -> Result<HttpResponse, actix_web::Error> {
    let admitted = request.extensions_mut().remove::<Admitted>();
    let Admitted { handshake, permit, client, lab: at_lab, .. } = admitted.ok_or(Refusal::NotAnUpgrade)?;
    let AtLab { endpoint, answer, inspection } = *at_lab.ok_or(Refusal::NotAnUpgrade)?;
    let options = request.extensions_mut().remove::<Rc<BridgeOptions>>().unwrap_or_default();
    let tap = request.extensions_mut().remove::<Option<TapEnd>>().flatten();
    options.split_head.set(answer.split);
    options.receive_buffer.set(answer.receive_buffer);

    let id = permit.id;
    let (mut session, output) = Session::new(Parts {
        payload,
        permit,
        client,
        options,
        tap,
        inspection,
        shutdown: connections.shutdown_token(),
        lifetime: lab.lifetime,
        limits: policy.limits,
        deflate: answer.extensions.is_some(),
    });
    let Answer { headers, accept, subprotocol, extensions, early, .. } = answer;
    session.send_early(&early);
    rt::spawn(async move {
        let outcome = match endpoint {
            Endpoint::Scenario(behaviour) => behaviour.run(&mut session).await,
            Endpoint::Follow(tap) => follow(tap, &mut session).await,
        };
        session.finish(outcome).await;
    });

    let mut response = HttpResponse::SwitchingProtocols();
    response.insert_header((header::UPGRADE, "websocket"));
    match accept {
        AcceptKey::Right => drop(response.insert_header((header::SEC_WEBSOCKET_ACCEPT, handshake.accept()))),
        AcceptKey::Wrong => {
            // A key of the right form, for another handshake.
            let wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
            response.insert_header((header::SEC_WEBSOCKET_ACCEPT, wrong));
        }
        AcceptKey::Missing => {}
    }
    for (name, value) in
        [(header::SEC_WEBSOCKET_PROTOCOL, subprotocol), (header::SEC_WEBSOCKET_EXTENSIONS, extensions)]
    {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    for (name, value) in headers {
        response.append_header((name, value));
    }
    let mut response = response.body(output);
    if let Some(error) = response.error() {
        // The catalogue checks names and values.
        warn!(id, "A header of the answer was left out: {error}");
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    }
    Ok(response)
}

/// Lists the scenarios: as JSON if the client prefers it, else as text.
pub(crate) async fn list(request: HttpRequest, lab: web::Data<Lab>) -> HttpResponse {
    let accept = Accept::parse(&request).unwrap_or_else(|_| Accept::star());
    let prefers_json = accept.ranked().into_iter().find_map(|media| match (media.type_(), media.subtype()) {
        (mime::APPLICATION, mime::JSON) => Some(true),
        (mime::TEXT, _) | (mime::STAR, _) => Some(false),
        _ => None,
    });
    if prefers_json == Some(true) {
        return catalogue(lab).await;
    }
    no_store(StatusCode::OK).content_type("text/plain; charset=utf-8").body(text(&lab.base))
}

fn text(base: &str) -> String {
    let [lab, json, echo, tap, taps] = [paths::LAB, paths::SCENARIOS, paths::ECHO, paths::TAP, paths::TAPS]
        .map(|path| format!("{base}{path}"));
    let mut text =
        format!("Scenarios of the lab, as WebSocket endpoints below {lab}/. The same as JSON: {json}\n");
    for scenario in SCENARIOS {
        let title = scenario.title.en;
        text += &format!("\n{lab}/{}\n  {title}. {}\n", scenario.name, scenario.description.en);
        for parameter in scenario.parameters {
            let (name, default, meaning) = (parameter.name, parameter.default, parameter.description.en);
            let allowed = parameter.allowed();
            text += &format!("    {:<28} {meaning}: {allowed}\n", format!("{name}={default}"));
        }
        for example in scenario.examples.iter().filter(|example| !example.is_empty()) {
            text += &format!("  Example: {lab}/{}?{example}\n", scenario.name);
        }
    }
    text + &format!(
        "\nEach takes {TAP}=ID, of {TAP_ID_MIN} to {TAP_ID_MAX} letters, digits, - and _, and so does {echo}. The frames as the server sees \
         them are then at {tap}/ID as a WebSocket, and at {taps}/ID as JSON.\n"
    )
}

/// Returns the catalogue as JSON.
pub(crate) async fn catalogue(lab: web::Data<Lab>) -> HttpResponse {
    let base = &lab.base;
    let scenarios = SCENARIOS.iter().map(|scenario| {
        let mut json = serde_json::to_value(scenario).unwrap_or_default();
        json["path"] = format!("{base}{}/{}", paths::LAB, scenario.name).into();
        for (parameter, json) in
            scenario.parameters.iter().zip(json["parameters"].as_array_mut().into_iter().flatten())
        {
            json["allowed"] = parameter.allowed().into();
            match parameter.kind {
                Kind::Time { .. } | Kind::Times { .. } => json["unit"] = "ms".into(),
                Kind::Size { .. } => json["unit"] = "bytes".into(),
                _ => {}
            }
        }
        json
    });
    let scenarios: Vec<_> = scenarios.collect();
    let tap = json!({ "parameter": TAP, "path": format!("{base}{}", paths::TAPS) });
    no_store(StatusCode::OK).json(json!({ "scenarios": scenarios, "tap": tap }))
}

/// Returns the entries of a tap.
pub(crate) async fn tap(id: web::Path<String>, lab: web::Data<Lab>) -> HttpResponse {
    match lab.taps.get(&id) {
        Some(tap) => no_store(StatusCode::OK).content_type("application/json").streaming(entries(tap)),
        None => {
            let error = "no connection has this tap, or it ended more than a minute ago";
            no_store(StatusCode::NOT_FOUND).json(json!({ "error": error }))
        }
    }
}

/// Returns the entries of a tap as JSON, in small pieces: the client may not read them.
fn entries(tap: Arc<Tap>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(Some((tap, 0)), async |state| {
        let (tap, next) = state?;
        let content = tap.content(next);
        let mut piece = if next == 0 { String::from("{\"entries\":[") } else { String::new() };
        for (index, entry) in content.entries.iter().enumerate() {
            piece += if next + index == 0 { "" } else { "," };
            piece += &serde_json::to_string(entry).unwrap_or_default();
        }
        let state = if content.is_whole {
            piece += &format!("],\"dropped\":{},\"ended\":{}}}\n", content.dropped, content.ended);
            None
        } else {
            Some((tap, next + content.entries.len()))
        };
        Some((Ok(piece.into()), state))
    })
}

fn no_store(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// The lab of a server as data of its routes.
pub(crate) fn data(lab: &Lab) -> web::Data<Lab> {
    web::Data::from(Arc::new(lab.clone()))
}
