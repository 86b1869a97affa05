//! The list of scenarios in `docs/lab.md` is made of the catalogue.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use ws_echo_shared::{lab::SCENARIOS, paths};

const MARK: &str =
    "<!-- Below: made of shared/src/lab/catalogue.rs; UPDATE_DOCS=1 cargo test -p ws-echo-shared -->\n";

fn scenarios() -> String {
    let mut text = String::new();
    for scenario in SCENARIOS {
        let (path, title) = (format!("{}/{}", paths::LAB, scenario.name), scenario.title.en);
        write!(text, "\n### `{path}`\n\n**{title}.** {}\n", scenario.description.en).unwrap();
        if !scenario.parameters.is_empty() {
            text.push_str("\n| parameter | default | meaning | values |\n|---|---|---|---|\n");
        }
        for parameter in scenario.parameters {
            let (name, meaning) = (parameter.name, parameter.description.en);
            let default =
                if parameter.default.is_empty() { String::new() } else { format!("`{}`", parameter.default) };
            let allowed = parameter.allowed().replace('|', "\\|");
            writeln!(text, "| `{name}` | {default} | {meaning} | {allowed} |").unwrap();
        }
        let urls = scenario.examples.iter().map(|example| match *example {
            "" => format!("`{path}`"),
            query => format!("`{path}?{query}`"),
        });
        writeln!(text, "\nExamples: {}", urls.collect::<Vec<_>>().join(", ")).unwrap();
    }
    text
}

#[test]
fn the_list_in_the_documentation_is_that_of_the_catalogue() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lab.md");
    let before = std::fs::read_to_string(path).unwrap();
    let (head, list) = before.split_once(MARK).unwrap_or_else(|| panic!("{path} has no line {MARK}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return std::fs::write(path, format!("{head}{MARK}{}", scenarios())).unwrap();
    }
    assert!(
        list == scenarios(),
        "docs/lab.md is stale: UPDATE_DOCS=1 cargo test -p ws-echo-shared makes it anew"
    );
}
