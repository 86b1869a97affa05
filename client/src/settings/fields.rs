//! The settings, in a popover.

use yew::prelude::*;

use super::model::{Limits, MEBIBYTES, MESSAGES, Settings, Theme, Times};
use crate::browser::storage::Change;
use crate::texts::language::Language;
use crate::texts::{SettingsTexts, fill};
use crate::ui::controls::{chosen, typed};
use crate::ui::icons::SETTINGS;
use crate::ui::overlay::{opener, popover};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SettingFieldsProps {
    pub settings: Settings,
    /// True if the browser stores them.
    pub kept: bool,
    /// Called with a change.
    pub change: Callback<Change<Settings>>,
}

/// The button, and the fields for language, colours, times and limits of the log.
#[component]
pub fn SettingFields(props: &SettingFieldsProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.settings;
    let settings = &props.settings;
    let (bad_messages, bad_mebibytes) = (use_state_eq(|| false), use_state_eq(|| false));
    let changing = |change: fn(&mut Settings, &str)| {
        props.change.reform(move |typed: String| -> Change<Settings> {
            Box::new(move |settings| change(settings, &typed))
        })
    };
    let language = changing(|settings, tag| settings.language = Language::from_tag(tag));
    let theme = changing(|settings, id| settings.theme = Theme::from_id(id).unwrap_or_default());
    let times = changing(|settings, id| settings.times = Times::from_id(id).unwrap_or_default());
    let messages = changing(|settings, number| {
        settings.max_messages = MESSAGES.parse(number).unwrap_or(settings.max_messages);
    });
    let mebibytes = changing(|settings, number| {
        settings.max_mebibytes = MEBIBYTES.parse(number).unwrap_or(settings.max_mebibytes);
    });
    let languages = [
        ("", texts.browser),
        (Language::English.tag(), texts.english),
        (Language::Chinese.tag(), texts.chinese),
    ];
    let themes = [
        (Theme::System.id(), texts.system),
        (Theme::Light.id(), texts.light),
        (Theme::Dark.id(), texts.dark),
    ];
    let clocks = [(Times::Clock.id(), texts.clock), (Times::Relative.id(), texts.since_start)];

    let body = html! {
        <>
            <div class="fields">
                { choice("language", texts.language, settings.language.map_or("", Language::tag), &languages, &language) }
                { choice("theme", texts.theme, settings.theme.id(), &themes, &theme) }
                { choice("times", texts.times, settings.times.id(), &clocks, &times) }
                { amount("max-messages", texts.max_messages, settings.max_messages, MESSAGES, messages, &bad_messages, texts) }
                { amount("max-mebibytes", texts.max_mebibytes, settings.max_mebibytes, MEBIBYTES, mebibytes, &bad_mebibytes, texts) }
            </div>
            if !props.kept {
                <p class="note" role="status">{ texts.not_kept }</p>
            }
        </>
    };

    translatable(html! {
        <>
            { opener("settings", texts.settings, Some(SETTINGS)) }
            { popover("settings", texts.settings, all_texts, body) }
        </>
    })
}

fn choice(
    id: &'static str,
    label: &'static str,
    value: &'static str,
    options: &[(&'static str, &'static str)],
    change: &Callback<String>,
) -> Html {
    let onchange = change.reform(|event: Event| chosen(&event));
    let option = |(this, text): &(&'static str, &'static str)| {
        html! { <option value={*this} selected={*this == value}>{ *text }</option> }
    };
    html! {
        <div class="field">
            <label for={id}>{ label }</label>
            <select {id} {onchange}>{ for options.iter().map(option) }</select>
        </div>
    }
}

/// Shows a field for a number. An invalid number is reported and not used.
fn amount(
    id: &'static str,
    label: &'static str,
    value: usize,
    limits: Limits,
    change: Callback<String>,
    is_bad: &UseStateHandle<bool>,
    texts: &SettingsTexts,
) -> Html {
    let onchange = {
        let is_bad = is_bad.clone();
        move |event: Event| {
            let number = typed(&event);
            let is_good = limits.parse(&number).is_some();
            is_bad.set(!is_good);
            if is_good {
                change.emit(number);
            }
        }
    };
    let problem = format!("{id}-problem");
    let (least, most) = (limits.least.to_string(), limits.most.to_string());
    html! {
        <div class="field">
            <label for={id}>{ label }</label>
            <input
                {id}
                type="text"
                inputmode="numeric"
                autocomplete="off"
                value={value.to_string()}
                aria-invalid={is_bad.then_some("true")}
                aria-describedby={problem.clone()}
                {onchange}
            />
            <p class="problem" id={problem} role="alert">
                if **is_bad {
                    { fill(texts.number_problem, &[("least", &least), ("most", &most)]) }
                }
            </p>
        </div>
    }
}
