//! The catalogue in the language of the page.

use yew::prelude::*;

use crate::state::language::Language;
use crate::state::texts::Texts;

/// Every string that a component shows.
#[hook]
pub fn use_texts() -> &'static Texts {
    use_context::<Language>().unwrap_or_default().texts()
}
