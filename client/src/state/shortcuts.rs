//! Keys that mean something on the whole page, and the list of all keys.

use super::texts::ShortcutsTexts;

/// A line of the list of keys.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The alternatives, each of them keys to press together.
    pub keys: &'static [&'static [&'static str]],
    /// What they do.
    pub meaning: fn(&ShortcutsTexts) -> &'static str,
}

/// All keys that the page knows beside those of the browser.
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

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// To show what keys there are.
    Help,
    /// To write into the filter.
    Filter,
}

/// A key, and where it was pressed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Press<'a> {
    /// The key by the name of the browser, which is the character that it writes. Shift is a part of that: `?` and `/` need it
    /// on some keyboards.
    pub key: &'a str,
    /// Whether Ctrl, Alt or Meta was held: then it belongs to the browser or to the system.
    pub modified: bool,
    /// Whether it would be written somewhere.
    pub typing: bool,
    /// Whether it is held down and comes again.
    pub repeated: bool,
    /// Whether a dialog is open, and all behind it out of reach.
    pub in_dialog: bool,
}

impl Press<'_> {
    /// What the page does for it; `None` if the key is not the page's.
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

/// Whether a key that is pressed in such an element is written into it: the element's name in any case, and the type if it is
/// an `input`. An unknown type is a text field, as in a browser.
pub fn takes_text(element: &str, input_type: &str) -> bool {
    const SILENT: [&str; 10] =
        ["button", "checkbox", "color", "file", "hidden", "image", "radio", "range", "reset", "submit"];
    match element.to_ascii_lowercase().as_str() {
        // A list jumps to what begins with the key.
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
