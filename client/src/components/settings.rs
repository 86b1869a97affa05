//! The settings, out of sight until they are wanted.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::state::language::Language;
use crate::state::settings::{Limits, MEBIBYTES, MESSAGES, Settings, Theme, Times};
use crate::state::texts::fill;
use crate::use_texts::use_texts;

/// What the settings show and do.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SettingFieldsProps {
    /// As they are.
    pub settings: Settings,
    /// Whether the browser keeps them.
    pub kept: bool,
    /// Takes them as they are to be.
    pub change: Callback<Settings>,
}

/// Language, colours, times, and how much is kept.
#[component]
pub fn SettingFields(props: &SettingFieldsProps) -> Html {
    let texts = &use_texts().settings;
    let settings = &props.settings;
    let set = |with: fn(Settings, &str) -> Settings| {
        let settings = settings.clone();
        props.change.reform(move |value: String| with(settings.clone(), &value))
    };
    let language = set(|settings, tag| Settings { language: Language::from_tag(tag), ..settings });
    let theme = set(|settings, id| Settings { theme: Theme::from_id(id).unwrap_or_default(), ..settings });
    let times = set(|settings, id| Settings { times: Times::from_id(id).unwrap_or_default(), ..settings });
    let messages = {
        let settings = settings.clone();
        props.change.reform(move |max_messages| Settings { max_messages, ..settings.clone() })
    };
    let mebibytes = {
        let settings = settings.clone();
        props.change.reform(move |max_mebibytes| Settings { max_mebibytes, ..settings.clone() })
    };

    html! {
        <details id="settings">
            <summary>{ texts.settings }</summary>
            <div class="fields">
                <Choice
                    id="language"
                    label={texts.language}
                    value={settings.language.map_or("", Language::tag)}
                    options={vec![
                        ("", texts.browser),
                        (Language::English.tag(), texts.english),
                        (Language::Chinese.tag(), texts.chinese),
                    ]}
                    change={language}
                />
                <Choice
                    id="theme"
                    label={texts.theme}
                    value={settings.theme.id()}
                    options={vec![
                        (Theme::System.id(), texts.system),
                        (Theme::Light.id(), texts.light),
                        (Theme::Dark.id(), texts.dark),
                    ]}
                    change={theme}
                />
                <Choice
                    id="times"
                    label={texts.times}
                    value={settings.times.id()}
                    options={vec![(Times::Clock.id(), texts.clock), (Times::Relative.id(), texts.since_start)]}
                    change={times}
                />
                <Amount id="max-messages" label={texts.max_messages} value={settings.max_messages} limits={MESSAGES} change={messages} />
                <Amount id="max-mebibytes" label={texts.max_mebibytes} value={settings.max_mebibytes} limits={MEBIBYTES} change={mebibytes} />
            </div>
            if !props.kept {
                <p class="note" role="status">{ texts.not_kept }</p>
            }
        </details>
    }
}

#[derive(PartialEq, Properties)]
struct ChoiceProps {
    id: &'static str,
    label: &'static str,
    value: &'static str,
    options: Vec<(&'static str, &'static str)>,
    change: Callback<String>,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let onchange =
        props.change.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let option = |(value, text): &(&'static str, &'static str)| {
        html! { <option value={*value} selected={*value == props.value}>{ *text }</option> }
    };
    html! {
        <div class="field">
            <label for={props.id}>{ props.label }</label>
            <select id={props.id} {onchange}>{ for props.options.iter().map(option) }</select>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct AmountProps {
    id: &'static str,
    label: &'static str,
    value: usize,
    limits: Limits,
    change: Callback<usize>,
}

/// A number. What does not do is told and not taken.
#[component]
fn Amount(props: &AmountProps) -> Html {
    let texts = &use_texts().settings;
    let is_bad = use_state_eq(|| false);
    let onchange = {
        let (limits, change, is_bad) = (props.limits, props.change.clone(), is_bad.clone());
        move |event: Event| {
            let number = limits.parse(&event.target_unchecked_into::<HtmlInputElement>().value());
            is_bad.set(number.is_none());
            number.iter().for_each(|number| change.emit(*number));
        }
    };
    let problem = format!("{}-problem", props.id);
    let (least, most) = (props.limits.least.to_string(), props.limits.most.to_string());
    html! {
        <div class="field">
            <label for={props.id}>{ props.label }</label>
            <input
                id={props.id}
                type="text"
                inputmode="numeric"
                autocomplete="off"
                value={props.value.to_string()}
                aria-invalid={is_bad.then_some("true")}
                aria-describedby={problem.clone()}
                {onchange}
            />
            <p class="problem" id={problem} role="alert">
                if *is_bad {
                    { fill(texts.number_problem, &[("least", &least), ("most", &most)]) }
                }
            </p>
        </div>
    }
}
