//! Differences of two texts, line by line, with the changed words of lines that resemble each other.

use similar::{ChangeTag, TextDiff};

/// Maximum number of lines of a change in which words are compared.
const WORDS_LINES: usize = 400;

/// Compares two texts. The input is the length of the first one in bytes, a line feed, and both texts.
///
/// Each line of the result is a sign (` ` in both, `-` in the first, `+` in the second), the changed places of the line in bytes as
/// `start:end` with a comma behind each, a tab, and the line.
///
/// # Errors
///
/// The input does not begin with the length.
pub fn diff(input: &str) -> Result<String, usize> {
    let (length, texts) = input.split_once('\n').ok_or(0_usize)?;
    let (old, new) = length.parse().ok().and_then(|length| texts.split_at_checked(length)).ok_or(0_usize)?;
    let diff = TextDiff::from_lines(old, new);
    let mut out = String::new();
    for op in diff.ops() {
        if op.old_range().len() + op.new_range().len() <= WORDS_LINES {
            for change in diff.iter_inline_changes_deadline(op, None) {
                line(change.tag(), change.values(), &mut out);
            }
        } else {
            for change in diff.iter_changes(op) {
                line(change.tag(), &[(false, change.value())], &mut out);
            }
        }
    }
    Ok(out)
}

fn line(tag: ChangeTag, parts: &[(bool, &str)], out: &mut String) {
    out.push(match tag {
        ChangeTag::Equal => ' ',
        ChangeTag::Delete => '-',
        ChangeTag::Insert => '+',
    });
    let mut at = 0;
    for (is_changed, part) in parts {
        let end = at + part.trim_end_matches(['\r', '\n']).len();
        if *is_changed && end > at {
            out.push_str(&format!("{at}:{end},"));
        }
        at += part.len();
    }
    out.push('\t');
    for (_, part) in parts {
        out.push_str(part.trim_end_matches(['\r', '\n']));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(old: &str, new: &str) -> String {
        diff(&format!("{}\n{old}{new}", old.len())).unwrap()
    }

    #[test]
    fn lines_and_words_that_differ_are_marked() {
        assert_eq!(
            compared("a\nthe quick é fox\nz\n", "a\nthe slow é fox\nz\nnew"),
            " \ta\n-4:9,\tthe quick é fox\n+4:8,\tthe slow é fox\n \tz\n+\tnew\n"
        );
        assert_eq!(compared("a\r\nb", "a\r\nb"), " \ta\n \tb\n");
        assert_eq!(compared("", ""), "");
    }

    #[test]
    fn the_input_has_both_texts() {
        for input in ["", "x", "9\nabc", "1\né"] {
            assert_eq!(diff(input), Err(0), "{input}");
        }
    }

    #[test]
    fn long_texts_without_a_common_line_take_no_time() {
        let long = |start: usize| (start..start + 60_000).map(|n| format!("{n}\n")).collect::<String>();
        let text = compared(&long(0), &long(1_000_000));
        assert_eq!(text.lines().count(), 120_000);
    }
}
