//! Keyboard shortcuts of the whole page, and the list of all keys.

use crate::texts::ShortcutsTexts;

/// A line in the list of keys.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Alternatives, each of which is a combination of keys.
    pub keys: &'static [&'static [&'static str]],
    /// Description of the effect.
    pub meaning: fn(&ShortcutsTexts) -> &'static str,
}

/// All keys that the page handles, beside those of the browser.
pub const LINES: [Line; 9] = [
    Line { keys: &[&["Enter"]], meaning: |texts| texts.connect },
    Line { keys: &[&["Ctrl", "Enter"], &["⌘", "Enter"]], meaning: |texts| texts.send },
    Line { keys: &[&["↑"], &["↓"]], meaning: |texts| texts.recall },
    Line { keys: &[&["/"]], meaning: |texts| texts.filter },
    Line { keys: &[&["↑"], &["↓"]], meaning: |texts| texts.move_by },
    Line { keys: &[&["Home"], &["End"]], meaning: |texts| texts.ends },
    Line { keys: &[&["Enter"], &["␣"]], meaning: |texts| texts.open },
    Line { keys: &[&["Esc"]], meaning: |texts| texts.close },
    Line { keys: &[&["?"]], meaning: |texts| texts.help },
];

/// Effect of a shortcut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Show the list of keys.
    Help,
    /// Move the focus to the filter.
    Filter,
}

/// A key press and its context.
#[derive(Debug, Clone, Copy, Default)]
pub struct Press<'a> {
    /// Name of the key in the browser: the character that it writes. This includes Shift, which `?` and `/` need on some
    /// keyboards.
    pub key: &'a str,
    /// True if Ctrl, Alt or Meta is held. The key then belongs to the browser or the system.
    pub modified: bool,
    /// True if the focused element would take the key as text.
    pub typing: bool,
    /// True for an automatic repetition while the key is held down.
    pub repeated: bool,
    /// True if a dialog is open, which makes the rest of the page inert.
    pub in_dialog: bool,
}

impl Press<'_> {
    /// Returns the effect of the key, or `None` if the page does not handle it.
    pub fn meaning(&self) -> Option<Shortcut> {
        if self.modified || self.typing || self.repeated || self.in_dialog {
            return None;
        }
        match self.key {
            "?" => Some(Shortcut::Help),
            "/" => Some(Shortcut::Filter),
            _ => None,
        }
    }
}

/// True if an element takes a pressed key as text. `element` is its name in any case, `input_type` the type of an `input`. An
/// unknown type is a text field, as in browsers.
pub fn takes_text(element: &str, input_type: &str) -> bool {
    const SILENT: [&str; 10] =
        ["button", "checkbox", "color", "file", "hidden", "image", "radio", "range", "reset", "submit"];
    match element.to_ascii_lowercase().as_str() {
        // A `select` jumps to the option that begins with the key.
        "textarea" | "select" => true,
        "input" => !SILENT.contains(&input_type.to_ascii_lowercase().as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_keys_have_a_meaning_and_others_have_none() {
        for (key, meaning) in [
            ("?", Some(Shortcut::Help)),
            ("/", Some(Shortcut::Filter)),
            ("a", None),
            ("Enter", None),
            ("Escape", None),
            ("", None),
        ] {
            assert_eq!(Press { key, ..Press::default() }.meaning(), meaning, "{key}");
        }
    }

    #[test]
    fn a_key_that_belongs_elsewhere_is_left_alone() {
        for key in ["?", "/"] {
            for press in [
                Press { key, modified: true, ..Press::default() },
                Press { key, typing: true, ..Press::default() },
                Press { key, repeated: true, ..Press::default() },
                Press { key, in_dialog: true, ..Press::default() },
            ] {
                assert_eq!(press.meaning(), None, "{press:?}");
            }
        }
    }

    #[test]
    fn fields_take_text_and_buttons_do_not() {
        for (element, input_type) in
            [("TEXTAREA", ""), ("select", ""), ("INPUT", "text"), ("INPUT", "search"), ("INPUT", "novel")]
        {
            assert!(takes_text(element, input_type), "{element} {input_type}");
        }
        for (element, input_type) in
            [("INPUT", "checkbox"), ("INPUT", "RADIO"), ("BUTTON", "submit"), ("BODY", "")]
        {
            assert!(!takes_text(element, input_type), "{element} {input_type}");
        }
    }
}
