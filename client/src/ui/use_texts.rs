//! The catalogue in the language of the page.

use yew::prelude::*;

use crate::texts::Texts;
use crate::texts::language::Language;

#[hook]
pub fn use_texts() -> &'static Texts {
    use_context::<Language>().unwrap_or_default().texts()
}
