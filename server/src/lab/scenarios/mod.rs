//! The scenarios, one in each file. [`scenarios!`] is their only list.

use std::{fmt, future::Future, time::Duration};

use actix_web::dev::RequestHead;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use ws_echo_shared::lab::BadParameter;

use super::{
    answer::Answer,
    refused::Refused,
    session::{Session, Stop},
};

/// A scenario, with its parameters as its fields. They have the names of the catalogue.
pub(crate) trait Scenario: DeserializeOwned + fmt::Debug {
    /// Checks parameters that depend on each other.
    ///
    /// # Errors
    /// The parameter that is not allowed beside the others.
    fn check(&self) -> Result<(), BadParameter> {
        Ok(())
    }

    /// Changes the answer to a handshake that follows RFC 6455.
    ///
    /// # Errors
    /// The answer with which the scenario refuses the handshake.
    fn answer(&self, _request: &RequestHead, _answer: &mut Answer) -> Result<(), Refused> {
        Ok(())
    }

    /// Speaks on the connection until the scenario is over. The session closes the connection then.
    ///
    /// # Errors
    /// The reason for which the scenario stopped before its end.
    fn run(self, session: &mut Session) -> impl Future<Output = Result<(), Stop>>;
}

/// Declares the modules of scenarios, and [`Behaviour`], which is one of them. A module has the name of the scenario in the catalogue.
macro_rules! scenarios {
    ($($module:ident::$type:ident,)*) => {
        $(mod $module;)*

        /// A scenario with its parameters.
        #[derive(Debug)]
        pub(crate) enum Behaviour {
            $($type($module::$type),)*
        }

        impl Behaviour {
            /// Reads the values of the scenario `name`.
            ///
            /// # Errors
            /// There is no such scenario, or its fields and the catalogue differ.
            pub(crate) fn read(name: &str, values: Value) -> serde_json::Result<Self> {
                match name {
                    $(stringify!($module) => serde_json::from_value(values).map(Self::$type),)*
                    _ => Err(serde::de::Error::custom("no such scenario")),
                }
            }

            /// True if the scenario shows the request.
            pub(crate) const fn is_inspect(&self) -> bool {
                matches!(self, Self::Inspect(_))
            }

            /// Checks parameters that depend on each other, as [`Scenario::check`].
            pub(crate) fn check(&self) -> Result<(), BadParameter> {
                match self { $(Self::$type(scenario) => scenario.check(),)* }
            }

            /// Changes the answer to a handshake, as [`Scenario::answer`].
            pub(crate) fn answer(&self, request: &RequestHead, answer: &mut Answer) -> Result<(), Refused> {
                match self { $(Self::$type(scenario) => scenario.answer(request, answer),)* }
            }

            /// Speaks on the connection, as [`Scenario::run`].
            pub(crate) async fn run(self, session: &mut Session) -> Result<(), Stop> {
                match self { $(Self::$type(scenario) => scenario.run(session).await,)* }
            }
        }
    };
}

scenarios! {
    auth::Auth,
    close::Close,
    deflate::Deflate,
    delay::Delay,
    early::Early,
    fragment::Fragment,
    handshake::Handshake,
    idle::Idle,
    inspect::Inspect,
    ping::Ping,
    push::Push,
    refuse::Refuse,
    sink::Sink,
    slow::Slow,
    source::Source,
    violate::Violate,
}

/// Reads a time in milliseconds.
fn ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}
