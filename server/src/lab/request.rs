//! Requests for a scenario or a tap: the path and the query of the URL.

use std::{borrow::Cow, sync::Arc, time::Duration};

use actix_web::{dev::RequestHead, http::Uri};
use serde_json::json;
use ws_echo_shared::{
    lab::{BadParameter, Problem, SCENARIOS, Scenario, TAP, TAP_ID_MAX, TAP_ID_MIN, is_tap_id},
    paths,
};

use super::{refused::Refused, scenarios::Behaviour};
use crate::tap::taps::{NoTap, Tap, Taps};

/// The lab of a server.
#[derive(Debug, Clone)]
pub(crate) struct Lab {
    pub(crate) taps: Taps,
    /// Longest time of a connection.
    pub(crate) lifetime: Duration,
    /// True shows the secrets of a request in `inspect` and in taps.
    pub(crate) show_secrets: bool,
    /// Identifier of this process.
    pub(crate) instance: Arc<str>,
    /// The path below which everything is served.
    pub(crate) base: String,
}

/// A WebSocket endpoint that a scenario or a tap serves.
#[derive(Debug)]
pub(crate) enum Endpoint {
    Scenario(Box<Behaviour>),
    /// The entries of a tap.
    Follow(Arc<Tap>),
}

impl Lab {
    /// A lab below the path `base`.
    pub(crate) fn new(base: &str, lifetime: Duration, show_secrets: bool) -> Self {
        Self {
            taps: Taps::default(),
            lifetime,
            show_secrets,
            instance: format!("{:016x}", fastrand::u64(..)).into(),
            base: base.to_owned(),
        }
    }

    /// Returns the endpoint that a request is for; none if its path is not one of the lab.
    ///
    /// # Errors
    /// There is no such scenario or tap, or a parameter is not one that the scenario takes.
    pub(crate) fn endpoint(&self, request: &RequestHead) -> Option<Result<Endpoint, Refused>> {
        let below =
            |folder| request.uri.path().strip_prefix(&*self.base)?.strip_prefix(folder)?.strip_prefix('/');
        if let Some(name) = below(paths::LAB).filter(|name| !name.is_empty()) {
            return Some(self.scenario(name, &request.uri));
        }
        let id = below(paths::TAP)?;
        Some(self.taps.get(id).map(Endpoint::Follow).ok_or_else(|| {
            Refused::json(404, "no connection has this tap, or it ended more than a minute ago", json!({}))
        }))
    }

    /// Returns the behaviour that a path and a query ask for.
    fn scenario(&self, name: &str, uri: &Uri) -> Result<Endpoint, Refused> {
        let Some(scenario) = Scenario::named(name) else {
            let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            let error = format!("there is no such scenario; GET {}{} lists them", self.base, paths::LAB);
            return Err(Refused::json(404, error, json!({ "scenarios": names })));
        };
        let pairs: Vec<_> = pairs(uri).collect();
        let values = scenario.read(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))?;
        let behaviour = serde_json::to_value(values).and_then(|values| Behaviour::read(name, values));
        match behaviour {
            Ok(behaviour) => {
                behaviour.check()?;
                Ok(Endpoint::Scenario(Box::new(behaviour)))
            }
            // A test reads every scenario of the catalogue.
            Err(error) => Err(Refused::json(500, format!("the scenario cannot be read: {error}"), json!({}))),
        }
    }

    /// Returns the identifier of the tap that the query of a request asks for, if it does.
    ///
    /// # Errors
    /// The identifier is bad, or the tap cannot be had.
    pub(crate) fn wanted_tap(&self, request: &RequestHead) -> Result<Option<String>, Refused> {
        let pairs: Vec<_> = pairs(&request.uri).filter(|(name, _)| name == TAP).collect();
        let id = match pairs.as_slice() {
            [] => return Ok(None),
            [(_, id)] => id,
            [_, (_, second), ..] => {
                return Err(BadParameter::new(TAP, second, Problem::Doubled, "one value").into());
            }
        };
        if !is_tap_id(id) {
            let allowed =
                format!("{TAP_ID_MIN} to {TAP_ID_MAX} letters, digits, - and _, which nobody can guess");
            return Err(BadParameter::new(TAP, id, Problem::Value, allowed).into());
        }
        self.taps.check(id)?;
        Ok(Some(id.clone().into_owned()))
    }

    /// Opens a tap.
    ///
    /// # Errors
    /// The tap cannot be had.
    pub(crate) fn open_tap(&self, id: &str) -> Result<Arc<Tap>, Refused> {
        Ok(self.taps.open(id)?)
    }
}

impl From<NoTap> for Refused {
    fn from(error: NoTap) -> Self {
        let status = match error {
            NoTap::InUse => 409,
            NoTap::Full => 503,
        };
        Self::json(status, error.to_string(), json!({}))
    }
}

/// Returns the names and the values of a query, decoded.
fn pairs(uri: &Uri) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_and_example_of_the_catalogue_can_be_read() {
        let lab = Lab::new("", Duration::from_secs(1), false);
        for scenario in SCENARIOS {
            for query in scenario.examples.iter().chain([&""]) {
                let uri: Uri = format!("/lab/{}?{query}", scenario.name).parse().unwrap();
                let read = lab.scenario(scenario.name, &uri);
                assert!(read.is_ok(), "{uri}: {read:?}");
            }
        }
    }
}
