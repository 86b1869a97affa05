//! The settings: loaded from the browser's storage, applied to the document, and stored again.

use yew::prelude::*;

use crate::page;
use crate::state::language::Language;
use crate::state::settings::{Settings, Theme};
use crate::storage::{self, use_stored_elsewhere};

const NAME: &str = "settings";

/// The settings, and the action that changes them.
pub struct SettingsHandle {
    pub settings: Settings,
    /// Language of the page: the setting, or the browser's preference.
    pub language: Language,
    /// True if the browser stores the settings.
    pub kept: bool,
    /// Called with the changed settings.
    pub change: Callback<Settings>,
}

/// Loads the settings of the page.
#[hook]
pub fn use_settings() -> SettingsHandle {
    let settings = use_state_eq(read);
    let kept = use_state_eq(|| true);
    let preferred = use_memo((), |()| page::language());
    let language = settings.language.unwrap_or(*preferred);

    use_stored_elsewhere(NAME, {
        let settings = settings.setter();
        Callback::from(move |()| settings.set(read()))
    });

    use_effect_with((language, settings.theme), |(language, theme)| {
        page::set_root_attribute("lang", Some(language.tag()));
        page::set_root_attribute("data-theme", (*theme != Theme::System).then(|| theme.id()));
    });

    let change = use_callback((settings.setter(), kept.setter()), |next: Settings, (settings, kept)| {
        kept.set(storage::write(NAME, &next.to_json()));
        settings.set(next);
    });
    SettingsHandle { settings: (*settings).clone(), language, kept: *kept, change }
}

fn read() -> Settings {
    storage::read(NAME).as_deref().map(Settings::parse).unwrap_or_default()
}
