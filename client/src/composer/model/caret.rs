//! Position of the caret at the first or the last line of a text field, where Up and Down cannot move it further.

/// Maximum width of an ASCII character in a fixed-width font, in ems.
const NARROW: f64 = 0.65;

/// Maximum width of any other character (an emoji), in ems.
const WIDE: f64 = 1.5;

const TAB: f64 = 8.0 * NARROW;

/// True if the caret is certainly on the first visible line. `before` is the text in front of it, `ems` the width of the field.
pub fn is_on_first_line(before: &str, ems: f64) -> bool {
    !before.contains('\n') && width(before) < ems
}

/// True if the caret is certainly on the last visible line. `before` and `after` are the text around it, `ems` is the width of
/// the field.
pub fn is_on_last_line(before: &str, after: &str, ems: f64) -> bool {
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    after.is_empty() || (!after.contains('\n') && width(line_before) + width(after) < ems)
}

fn width(text: &str) -> f64 {
    let of = |c: char| match c {
        '\t' => TAB,
        c if c.is_ascii() => NARROW,
        _ => WIDE,
    };
    text.chars().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_leaves_from_the_first_line_only() {
        for (before, first) in [("", true), ("abc", true), ("abc\n", false), ("a\nb", false)] {
            assert_eq!(is_on_first_line(before, 20.0), first, "{before:?}");
        }
        assert!(!is_on_first_line(&"x".repeat(40), 20.0), "it may have been wrapped");
        assert!(is_on_first_line(&"x".repeat(20), 20.0));
        assert!(!is_on_first_line(&"🦀".repeat(14), 20.0));
        assert!(!is_on_first_line("\t\t\t\t", 20.0));
    }

    #[test]
    fn down_leaves_from_the_last_line_only() {
        for (before, after, last) in
            [("", "", true), ("a\nb", "c", true), ("a", "\n", false), ("a", "b\nc", false), ("a\n", "", true)]
        {
            assert_eq!(is_on_last_line(before, after, 20.0), last, "{before:?} {after:?}");
        }
        let long = "x".repeat(40);
        assert!(
            !is_on_last_line("", &long, 20.0) && !is_on_last_line(&long, "y", 20.0),
            "it may have been wrapped"
        );
        assert!(is_on_last_line(&long, "", 20.0));
        assert!(is_on_last_line(&format!("{long}\na"), "b", 20.0));
    }
}
