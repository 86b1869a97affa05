//! The URL, and the lines that connect other clients to it.

use yew::prelude::*;

use super::model::Client;
use crate::texts::{DetailTexts, LabTexts, fill};
use crate::ui::element::{element, text};

/// Shows the lines for each client, with buttons that copy them. `copied` is the index of the client whose lines were copied, and
/// the result.
pub fn lines(url: &str, copied: Option<(usize, bool)>, texts: &LabTexts, detail: &DetailTexts) -> Vec<Html> {
    let part = |(index, client): (usize, &Client)| {
        let name = client.name();
        let result = match copied {
            Some((last, true)) if last == index => detail.copied,
            Some((last, false)) if last == index => detail.not_copied,
            _ => "",
        };
        let (number, label) = (index.to_string(), fill(texts.copy, &[("name", name)]));
        let button = [("type", "button"), ("class", "quiet"), ("data-copy", &number), ("aria-label", &label)];
        let line = vec![
            element("b", &[("translate", "no")], vec![text(name)]),
            element("button", &button, vec![text(detail.copy)]),
            element("span", &[("role", "status")], vec![text(result)]),
        ];
        let lines =
            element("pre", &[("translate", "no"), ("data-client", name)], vec![text(&client.lines(url))]);
        [element("div", &[("class", "line")], line), lines]
    };
    Client::ALL.iter().enumerate().flat_map(part).collect()
}
