//! The catalogue of scenarios, as the server publishes it. The page does not carry it: most visits never show it.

use serde_json::Value;
use ws_echo_shared::lab::{Kind, Parameter, Scenario, Text};

/// Reads the answer of the server. Returns `None` if it is not a catalogue that this page knows.
///
/// The result stays in memory until the page is left, as forms and views refer to it.
pub fn read(json: &str) -> Option<&'static [Scenario]> {
    let json: Value = serde_json::from_str(json).ok()?;
    let scenarios = all(&json["scenarios"], scenario)?;
    (!scenarios.is_empty()).then_some(scenarios)
}

fn scenario(json: &Value) -> Option<Scenario> {
    Some(Scenario {
        name: text(&json["name"])?,
        title: both(&json["title"])?,
        description: both(&json["description"])?,
        parameters: all(&json["parameters"], parameter)?,
        examples: all(&json["examples"], text)?,
    })
}

fn parameter(json: &Value) -> Option<Parameter> {
    Some(Parameter {
        name: text(&json["name"])?,
        description: both(&json["description"])?,
        kind: kind(json)?,
        default: text(&json["default"])?,
    })
}

fn kind(json: &Value) -> Option<Kind> {
    let number = |name| json[name].as_u64();
    let small = |name| usize::try_from(number(name)?).ok();
    Some(match json["type"].as_str()? {
        "number" => Kind::Number { least: number("least")?, most: number("most")? },
        "time" => Kind::Time { least: number("least")?, most: number("most")? },
        "times" => Kind::Times { most: number("most")?, count: small("count")? },
        "size" => Kind::Size { least: number("least")?, most: number("most")? },
        "choice" => Kind::Choice { of: all(&json["of"], text)? },
        "text" => Kind::Text { most: small("most")? },
        "token" => Kind::Token,
        "headers" => Kind::Headers { count: small("count")? },
        "flag" => Kind::Flag,
        _ => return None,
    })
}

fn both(json: &Value) -> Option<Text> {
    Some(Text { en: text(&json["en"])?, zh: text(&json["zh"])? })
}

fn text(json: &Value) -> Option<&'static str> {
    Some(String::leak(json.as_str()?.to_owned()))
}

fn all<T>(json: &Value, read: fn(&Value) -> Option<T>) -> Option<&'static [T]> {
    Some(Vec::leak(json.as_array()?.iter().map(read).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use ws_echo_shared::lab::SCENARIOS;

    #[test]
    fn the_catalogue_is_that_of_the_server() {
        let published = json!({ "scenarios": SCENARIOS, "tap": {} }).to_string();
        assert_eq!(read(&published).unwrap(), SCENARIOS);
    }

    #[test]
    fn another_answer_is_no_catalogue() {
        let mut unknown = json!({ "scenarios": SCENARIOS });
        unknown["scenarios"][0]["parameters"][0]["type"] = "date".into();
        for other in ["", "{}", "[]", "{\"scenarios\":[]}", "{\"scenarios\":[{}]}", &unknown.to_string()] {
            assert!(read(other).is_none(), "{other}");
        }
    }
}
