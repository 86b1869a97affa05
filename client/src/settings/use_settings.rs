//! The settings, applied to the document.

use yew::prelude::*;

use super::model::{Settings, Theme};
use crate::browser::page;
use crate::browser::storage::{Change, StoredHandle, use_stored};
use crate::texts::language::Language;

/// The settings, and the action that changes them.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SettingsHandle {
    pub settings: Settings,
    /// Language of the page: the setting, or the browser's preference.
    pub language: Language,
    /// True if the browser stores the settings.
    pub is_stored: bool,
    /// Called with a change.
    pub change: Callback<Change<Settings>>,
}

/// Loads the settings of the page.
#[hook]
pub fn use_settings() -> SettingsHandle {
    let StoredHandle { value: settings, is_stored, change } = use_stored::<Settings>("settings");
    let preferred = use_memo((), |()| page::language());
    let language = settings.language.unwrap_or(*preferred);

    use_effect_with((language, settings.theme), |(language, theme)| {
        page::set_root_attribute("lang", Some(language.tag()));
        page::set_root_attribute("data-theme", (*theme != Theme::System).then(|| theme.id()));
    });
    SettingsHandle { settings, language, is_stored, change }
}
