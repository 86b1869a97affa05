//! Answers of the lab to handshakes that it refuses.

use std::{fmt, time::Duration};

use serde_json::{Value, json};
use ws_echo_shared::lab::{BadParameter, Problem};

/// An answer other than 101, with the reason for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
    /// Time until the answer.
    pub(crate) delay: Duration,
    /// Reason, for the log.
    pub(crate) reason: String,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Text(String),
    Json(Value),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Refused {
    /// An answer with JSON that has `error` as its text.
    pub(crate) fn json(status: u16, error: impl Into<String>, mut more: Value) -> Self {
        let reason = error.into();
        if let Some(members) = more.as_object_mut() {
            members.insert("error".into(), Value::from(reason.as_str()));
        }
        Self { status, headers: Vec::new(), body: Body::Json(more), delay: Duration::ZERO, reason }
    }
}

impl From<BadParameter> for Refused {
    fn from(bad: BadParameter) -> Self {
        let error = bad.to_string();
        // The value can be a credential.
        let reason =
            format!("the parameter {:?} is not one of the scenario's, or has a bad value", bad.parameter);
        let BadParameter { parameter, value, problem, allowed } = bad;
        let problem = match problem {
            Problem::Unknown => "unknown",
            Problem::Doubled => "doubled",
            Problem::Value => "value",
        };
        let more = json!({ "parameter": parameter, "value": value, "problem": problem, "allowed": allowed });
        Self { reason, ..Self::json(400, error, more) }
    }
}
