//! The form of a scenario, and the texts that are made from it.

use ws_echo_shared::lab::{Kind, Parameter, Scenario, TAP};
use ws_echo_shared::paths;

use crate::common::query;

/// Name of the list of scenarios. No parameter has it.
pub const SCENARIO: &str = "scenario";

/// Value of a check box that is ticked.
pub const CHECKED: &str = "1";

/// Value of a check box that is not.
pub const UNCHECKED: &str = "0";

/// Values of a scenario's parameters, as the user wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// All scenarios.
    pub all: &'static [Scenario],
    pub scenario: &'static Scenario,
    /// A text for each parameter, in the order of the catalogue. Header lines stand below each other.
    pub values: Vec<String>,
    /// True if the connection gets a tap.
    pub tapped: bool,
}

impl Form {
    /// Creates the form of the first scenario, with the default values and a tap. `None` without scenarios.
    pub fn new(all: &'static [Scenario]) -> Option<Self> {
        let scenario = all.first()?;
        Some(Self { all, scenario, values: defaults(scenario), tapped: true })
    }

    /// Takes the value of a field by its name: the list of scenarios, the check box of the tap, or a parameter.
    pub fn edit(&mut self, name: &str, value: String) {
        if name == SCENARIO {
            if let Some(scenario) = self.all.iter().find(|scenario| scenario.name == value) {
                (self.scenario, self.values) = (scenario, defaults(scenario));
            }
        } else if name == TAP {
            self.tapped = value == CHECKED;
        } else if let Some(index) = self.scenario.parameters.iter().position(|known| known.name == name) {
            self.values[index] = value;
        }
    }

    /// Returns the parameters with their values.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Parameter, &str)> {
        self.scenario.parameters.iter().zip(self.values.iter().map(String::as_str))
    }

    /// Returns the first parameter with a bad value.
    pub fn first_problem(&self) -> Option<&'static Parameter> {
        self.fields()
            .find(|(parameter, value)| problem(parameter, value).is_some())
            .map(|(parameter, _)| parameter)
    }

    /// Returns the path and the query of the URL, behind the base path of the server. Parameters with their defaults are left out.
    /// `None` if a value is bad.
    pub fn target(&self, tap: &str) -> Option<String> {
        if self.first_problem().is_some() {
            return None;
        }
        let mut query = String::new();
        for (parameter, value) in self.fields() {
            for value in given(parameter, value) {
                if parameter.read(parameter.default) != parameter.read(value) {
                    query::push(&mut query, parameter.name, value);
                }
            }
        }
        if self.tapped {
            query::push(&mut query, TAP, tap);
        }
        // A comma needs no encoding in a query, and the values that have one are easier to read so.
        let query = query.replace("%2C", ",");
        Some(format!("{}/{}{query}", paths::LAB, self.scenario.name))
    }
}

fn defaults(scenario: &Scenario) -> Vec<String> {
    scenario.parameters.iter().map(|parameter| parameter.default.to_owned()).collect()
}

/// Returns the values that a text gives to a parameter. A number, a time or a size without text keeps its default.
fn given<'a>(parameter: &Parameter, text: &'a str) -> impl Iterator<Item = &'a str> {
    let (separator, keeps_empty) = match parameter.kind {
        Kind::Headers { .. } => ('\n', false),
        Kind::Text { .. } | Kind::Token => ('\0', true),
        _ => ('\0', false),
    };
    text.split(separator).filter(move |value| keeps_empty || !value.is_empty())
}

/// Returns the values that are allowed, as words that follow "write", if one of the text's is not.
pub fn problem(parameter: &Parameter, text: &str) -> Option<String> {
    let lines = given(parameter, text).count();
    match parameter.kind {
        Kind::Headers { count } if lines > count => Some(parameter.allowed()),
        _ => given(parameter, text).find_map(|value| parameter.read(value).err()),
    }
}

/// Kinds of lines for other clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// The URL alone.
    Url,
    Websocat,
    JavaScript,
    Python,
    Curl,
}

impl Client {
    pub const ALL: [Self; 5] = [Self::Url, Self::Websocat, Self::JavaScript, Self::Python, Self::Curl];

    /// Returns the name, which is the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "URL",
            Self::Websocat => "websocat",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Curl => "curl",
        }
    }

    /// Returns the lines that connect to a URL. It has no quotes, because they are percent-encoded.
    pub fn lines(self, url: &str) -> String {
        match self {
            Self::Url => url.to_owned(),
            Self::Websocat => format!("websocat '{url}'"),
            Self::JavaScript => format!(
                "const ws = new WebSocket(\"{url}\");\n\
                 ws.onmessage = event => console.log(event.data);\n\
                 ws.onclose = event => console.log(event.code, event.reason);"
            ),
            Self::Python => format!(
                "from websockets.sync.client import connect\n\
                 with connect(\"{url}\") as ws:\n    for message in ws:\n        print(message)"
            ),
            // The key is that of RFC 6455 section 1.3. A scenario of compression refuses a handshake without an offer.
            Self::Curl => format!(
                "curl -i -N --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
                 -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' \
                 -H 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits' 'http{}'",
                url.strip_prefix("ws").unwrap_or(url)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use ws_echo_shared::lab::SCENARIOS;

    use super::*;

    const TAP_ID: &str = "0123456789abcdef0123456789abcdef";

    fn form(name: &str, values: &[(&str, &str)]) -> Form {
        let mut form = Form::new(SCENARIOS).unwrap();
        form.edit(SCENARIO, name.to_owned());
        form.edit(TAP, UNCHECKED.to_owned());
        for (name, value) in values {
            form.edit(name, (*value).to_owned());
        }
        form
    }

    #[test]
    fn a_url_has_the_parameters_that_differ_from_their_defaults() {
        for (name, values, target) in [
            ("push", &[][..], "/lab/push"),
            ("push", &[("every", "1000ms"), ("count", "10")], "/lab/push"),
            ("push", &[("every", "100ms"), ("kind", "binary")], "/lab/push?every=100ms&kind=binary"),
            ("push", &[("every", ""), ("count", "")], "/lab/push"),
            ("idle", &[("plan", "1s,2s")], "/lab/idle?plan=1s,2s"),
            ("auth", &[("user", ""), ("password", "")], "/lab/auth?user=&password="),
            ("close", &[("reason", "a, b&%2C'\"")], "/lab/close?reason=a,%20b%26%252C%27%22"),
            ("deflate", &[("server_no_context_takeover", "1")], "/lab/deflate?server_no_context_takeover=1"),
            ("deflate", &[("server_no_context_takeover", "false")], "/lab/deflate"),
            ("handshake", &[("header", "\nX-A:1\n\nX-B:2\n")], "/lab/handshake?header=X-A:1&header=X-B:2"),
        ] {
            assert_eq!(form(name, values).target(TAP_ID).as_deref(), Some(target));
        }
        let tapped = Form { tapped: true, ..form("delay", &[("by", "2s")]) };
        assert_eq!(tapped.target(TAP_ID).unwrap(), format!("/lab/delay?by=2s&tap={TAP_ID}"));
    }

    #[test]
    fn a_form_takes_its_fields_by_name() {
        assert!(SCENARIOS.iter().all(|scenario| scenario.parameter(SCENARIO).is_none()));
        let mut form = form("push", &[("count", "7"), ("no such", "1")]);
        assert_eq!(form.values, ["1s", "7", "0", "text"]);
        form.edit(TAP, CHECKED.into());
        form.edit(SCENARIO, "slow".into());
        assert_eq!(
            (form.scenario.name, form.tapped, &*form.values),
            ("slow", true, &["1KiB".into(), "1KiB".into()][..])
        );
        form.edit(SCENARIO, "no such".into());
        assert_eq!(form.scenario.name, "slow");
        form.edit(TAP, UNCHECKED.into());
        assert!(!form.tapped);
    }

    #[test]
    fn the_server_reads_what_the_page_writes() {
        let all = SCENARIOS
            .iter()
            .flat_map(|scenario| scenario.examples.iter().map(move |query| (scenario, query)));
        for (scenario, example) in all {
            let mut form = form(scenario.name, &[(TAP, CHECKED)]);
            for parameter in query::parse(example) {
                form.edit(&parameter.name, parameter.value);
            }
            let target = form.target(TAP_ID).unwrap();
            let pairs: Vec<_> = query::parse(target.split_once('?').unwrap().1).collect();
            let read = |pairs: &[query::Parameter]| {
                let pairs = pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str()));
                scenario.read(pairs).unwrap()
            };
            assert_eq!(read(&pairs), read(&query::parse(example).collect::<Vec<_>>()), "{target}");
        }
    }

    #[test]
    fn a_bad_value_is_found_and_gives_no_url() {
        for (name, values, allowed) in [
            ("push", &[("every", "soon")][..], "a time from 1ms to 1h"),
            ("push", &[("count", "-1")], "a whole number"),
            ("refuse", &[("status", "200")], "from 300 to 599"),
            ("handshake", &[("header", "X-A:1\nX B")], "NAME:VALUE"),
            ("handshake", &[("header", &"X-A:1\n".repeat(33))], "up to 32 times"),
        ] {
            let form = form(name, values);
            assert_eq!(form.target(TAP_ID), None, "{values:?}");
            let parameter = form.first_problem().unwrap();
            assert_eq!(parameter.name, values[0].0);
            let (_, value) = form.fields().find(|(known, _)| known.name == parameter.name).unwrap();
            let said = problem(parameter, value).unwrap();
            assert!(said.contains(allowed), "{said}");
        }
        assert_eq!(form("push", &[]).first_problem(), None);
    }

    #[test]
    fn every_client_gets_the_url() {
        let url = "wss://a.example/lab/push?every=1ms&kind=binary";
        for client in Client::ALL {
            let there = if client == Client::Curl { url.replace("wss:", "https:") } else { url.to_owned() };
            assert!(client.lines(url).contains(&there), "{}", client.lines(url));
        }
        assert!(Client::Curl.lines("ws://a/").ends_with(" 'http://a/'"));
    }
}
