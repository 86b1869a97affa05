//! The settings, applied to the document, and their fields in a popover.

pub mod model;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::storage::{self, Change, StoredHandle, use_stored};
use crate::browser::use_effect::use_effect_with;
use crate::browser::{fetch, page};
use crate::texts::fill;
use crate::texts::language::Language;
use crate::ui::controls::{check, chosen, typed};
use crate::ui::icons::SETTINGS;
use crate::ui::overlay::tool;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;
use model::{Limits, MEBIBYTES, MESSAGES, Settings, Theme, Times};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SettingsHandle {
    pub settings: Settings,
    /// Language of the page: the setting, or the browser's preference.
    pub language: Language,
    pub is_stored: bool,
    /// True if the texts of the chosen language could not be loaded.
    pub is_missing: bool,
    pub change: Callback<Change<Settings>>,
}

#[hook]
pub fn use_settings() -> SettingsHandle {
    let StoredHandle { value: settings, is_stored, change } = use_stored::<Settings>("settings");
    let preferred = use_memo((), |()| page::language());
    let Loaded { language, is_missing } = use_loaded(settings.language.unwrap_or(*preferred));

    use_effect_with((language, settings.theme), |(language, theme)| {
        page::set_root_attribute("lang", Some(language.tag()));
        page::set_root_attribute("data-theme", (*theme != Theme::System).then(|| theme.id()));
    });
    use_effect_with(settings.remember, |remember| storage::remember(*remember));
    SettingsHandle { settings, language, is_stored, is_missing, change }
}

#[derive(Clone, Copy, PartialEq)]
struct Loaded {
    language: Language,
    is_missing: bool,
}

/// Loads the texts in a language. Returns the language that was loaded last until they are there.
#[hook]
fn use_loaded(wanted: Language) -> Loaded {
    let last = use_state_eq(|| Loaded { language: page::root_language(), is_missing: false });
    use_effect_with(wanted, {
        let (last, before) = (last.setter(), last.language);
        move |wanted: &Language| {
            let wanted = *wanted;
            spawn_local(async move {
                let is_missing = !fetch::texts(wanted).await;
                last.set(Loaded { language: if is_missing { before } else { wanted }, is_missing });
            });
        }
    });
    *last
}

/// The button, and the fields for language, colours, times and limits of the log.
#[component]
pub fn SettingFields(props: &SettingsHandle) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.settings;
    let SettingsHandle { settings, change, .. } = props;
    let (bad_messages, bad_mebibytes) = (use_state_eq(|| false), use_state_eq(|| false));

    let choice =
        |id, label, value, options: &[(&'static str, &'static str)], set: fn(&mut Settings, &str)| {
            let onchange = change.reform(move |event: Event| -> Change<Settings> {
                let choice = chosen(&event);
                Box::new(move |settings| set(settings, &choice))
            });
            let option = |(this, text): &(&'static str, &'static str)| {
                html! { <option value={*this} selected={*this == value}>{ *text }</option> }
            };
            html! {
                <div class="field">
                    <label for={id}>{ label }</label>
                    <select {id} {onchange}>{ for options.iter().map(option) }</select>
                </div>
            }
        };
    // An invalid number is reported and not used.
    let amount = |id,
                  label,
                  value: usize,
                  limits: Limits,
                  bad: UseStateHandle<bool>,
                  set: fn(&mut Settings, usize)| {
        let (problem, is_bad) = (format!("{id}-problem"), *bad);
        let (least, most) = (limits.least.to_string(), limits.most.to_string());
        let change = change.clone();
        let onchange = move |event: Event| {
            let number = limits.parse(&typed(&event));
            bad.set(number.is_none());
            if let Some(number) = number {
                change.emit(Box::new(move |settings| set(settings, number)));
            }
        };
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
                    if is_bad {
                        { fill(texts.number_problem, &[("least", &least), ("most", &most)]) }
                    }
                </p>
            </div>
        }
    };

    let set = |set: fn(&mut Settings, bool)| {
        change.reform(move |is_on| -> Change<Settings> { Box::new(move |settings| set(settings, is_on)) })
    };

    let (english, chinese) = (Language::English.tag(), Language::Chinese.tag());
    let languages = [("", texts.browser), (english, texts.english), (chinese, texts.chinese)];
    let themes = [
        (Theme::System.id(), texts.system),
        (Theme::Light.id(), texts.light),
        (Theme::Dark.id(), texts.dark),
    ];
    let clocks = [
        (Times::Clock.id(), texts.clock),
        (Times::Relative.id(), texts.since_start),
        (Times::Previous.id(), texts.since_previous),
    ];
    let language = settings.language.map_or("", Language::tag);
    let body = html! {
        <>
            <div class="fields">
                { choice("language", texts.language, language, &languages, |it, tag| it.language = Language::from_tag(tag)) }
                { choice("theme", texts.theme, settings.theme.id(), &themes, |it, id| it.theme = Theme::from_id(id)) }
                { choice("times", texts.times, settings.times.id(), &clocks, |it, id| it.times = Times::from_id(id)) }
                { amount("max-messages", texts.max_messages, settings.max_messages, MESSAGES, bad_messages,
                    |it, n| it.max_messages = n) }
                { amount("max-mebibytes", texts.max_mebibytes, settings.max_mebibytes, MEBIBYTES, bad_mebibytes,
                    |it, n| it.max_mebibytes = n) }
            </div>
            if props.is_missing {
                <p id="language-problem" class="problem" role="alert">{ texts.not_loaded }</p>
            }
            { check("remember", texts.remember, if settings.remember { texts.remember_note } else { texts.forgets },
                (settings.remember, false), &set(|it, is_on| (it.remember, it.keep_log) = (is_on, is_on && it.keep_log))) }
            { check("keep-log", texts.keep_log, texts.keep_log_note,
                (settings.keep_log, !settings.remember), &set(|it, is_on| it.keep_log = is_on)) }
            if !props.is_stored {
                <p class="note" role="status">{ texts.not_kept }</p>
            }
        </>
    };

    translatable(tool("settings", Some(SETTINGS), texts.settings, texts.settings, all_texts, body))
}
