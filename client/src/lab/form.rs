//! The fields of a scenario, from the catalogue.

use ws_echo_shared::lab::{Kind, Parameter, TAP, Text};
use yew::prelude::*;

use super::model::{CHECKED, Form, SCENARIO, UNCHECKED, problem};
use crate::texts::language::Language;
use crate::texts::{LabTexts, fill};
use crate::ui::element::{element, text};

/// Returns the id of a parameter's field.
pub fn id(parameter: &Parameter) -> String {
    format!("arg-{}", parameter.name)
}

/// Returns a text of the catalogue in the language of the page.
fn said(text: Text, language: Language) -> &'static str {
    match language {
        Language::English => text.en,
        Language::Chinese => text.zh,
    }
}

/// Shows the list of scenarios, and the fields of the selected one.
pub fn fields(form: &Form, language: Language, texts: &LabTexts) -> Html {
    let scenarios = form.all.iter().map(|scenario| {
        let title = format!("{}: {}", scenario.name, said(scenario.title, language));
        option(scenario.name, form.scenario.name, &title)
    });
    let scenarios = select(SCENARIO, SCENARIO, scenarios.collect());
    let parameters = form.fields().map(|(parameter, value)| {
        let label =
            [element("code", &[], vec![text(parameter.name)]), text(said(parameter.description, language))];
        let allowed = problem(parameter, value);
        let said = allowed.as_ref().map(|allowed| fill(texts.problem, &[("allowed", allowed)]));
        let control = control(parameter, value, allowed.is_some());
        field(&id(parameter), label.into(), control, Some(said.unwrap_or_default()))
    });
    let value = if form.tapped { CHECKED } else { UNCHECKED };
    html! {
        <>
            { field(SCENARIO, vec![text(texts.scenario)], scenarios, None) }
            <p class="note">{ said(form.scenario.description, language) }</p>
            // The key gives each scenario fields of its own, because a field keeps the text that it has.
            <div class="args" key={form.scenario.name}>{ for parameters }</div>
            <div class="check">
                { checkbox(TAP, TAP, value) }
                <label for={TAP}>{ texts.tap }</label>
            </div>
        </>
    }
}

/// Shows a field with its label, and its problem below it.
fn field(id: &str, label: Vec<Html>, control: Html, problem: Option<String>) -> Html {
    let mut parts = vec![element("label", &[("for", id)], label), control];
    if let Some(problem) = problem {
        let problem_id = format!("{id}-problem");
        parts.push(element(
            "p",
            &[("id", &problem_id), ("class", "problem"), ("role", "alert")],
            vec![text(&problem)],
        ));
    }
    element("div", &[("class", "field")], parts)
}

fn option(value: &str, selected: &str, title: &str) -> Html {
    let attributes = [("value", value), ("selected", "")];
    element("option", &attributes[..1 + usize::from(value == selected)], vec![text(title)])
}

fn select(id: &str, name: &str, options: Vec<Html>) -> Html {
    element("select", &[("id", id), ("name", name)], options)
}

fn checkbox(id: &str, name: &str, value: &str) -> Html {
    let attributes = [("id", id), ("name", name), ("type", "checkbox"), ("checked", "")];
    element("input", &attributes[..3 + usize::from(value == CHECKED)], Vec::new())
}

/// Shows the control of a parameter. Its attributes are the values to begin with; the control has the text that the user writes.
fn control(parameter: &'static Parameter, value: &str, is_bad: bool) -> Html {
    let (id, name) = (&*id(parameter), parameter.name);
    let problem_id = format!("{id}-problem");
    let (tag, begin, content) = match parameter.kind {
        Kind::Choice { of } => {
            return select(id, name, of.iter().map(|word| option(word, value, word)).collect());
        }
        Kind::Flag => return checkbox(id, name, value),
        Kind::Headers { .. } => ("textarea", ("placeholder", "Name:Value"), vec![text(value)]),
        _ => ("input", ("value", value), Vec::new()),
    };
    let attributes = [
        ("id", id),
        ("name", name),
        ("placeholder", parameter.default),
        begin,
        ("autocomplete", "off"),
        ("autocapitalize", "off"),
        ("spellcheck", "false"),
        ("aria-describedby", &problem_id),
        ("aria-invalid", "true"),
    ];
    element(tag, &attributes[..8 + usize::from(is_bad)], content)
}
