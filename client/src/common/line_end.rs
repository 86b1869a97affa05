//! Line ends. A text field has only line feeds (HTML Standard, "API value"), but some protocols need others: SIP and STOMP use CR
//! LF, HL7 uses CR.

use std::borrow::Cow;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineEnd {
    #[default]
    Lf,
    CrLf,
    Cr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// The text has only one line.
    None,
    Same(LineEnd),
    /// The line ends differ; this is the first.
    Mixed(LineEnd),
}

impl LineEnd {
    pub const ALL: [Self; 3] = [Self::Lf, Self::CrLf, Self::Cr];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Lf => "lf",
            Self::CrLf => "crlf",
            Self::Cr => "cr",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.name() == name)
    }

    const fn characters(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }

    /// Converts a text field's text to this line end.
    pub fn write(self, text: String) -> String {
        match self {
            Self::Lf => text,
            _ => text.replace('\n', self.characters()),
        }
    }
}

impl LineEnds {
    pub fn of(text: &str) -> Self {
        let mut ends = Self::None;
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            let (end, length) = match rest.get(at..) {
                Some([b'\r', b'\n', ..]) => (LineEnd::CrLf, 2),
                Some([b'\r', ..]) => (LineEnd::Cr, 1),
                _ => (LineEnd::Lf, 1),
            };
            match ends {
                Self::None => ends = Self::Same(end),
                Self::Same(first) if first != end => return Self::Mixed(first),
                _ => {}
            }
            rest = rest.get(at + length..).unwrap_or_default();
        }
        ends
    }
}

/// Converts every line end to a line feed, as a text field does.
pub fn for_field(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_line_ends_of_a_text_are_told() {
        for (text, ends, shown) in [
            ("", LineEnds::None, ""),
            ("one", LineEnds::None, "one"),
            ("a\nb\n", LineEnds::Same(LineEnd::Lf), "a\nb\n"),
            ("a\r\nb\r\n", LineEnds::Same(LineEnd::CrLf), "a\nb\n"),
            ("a\rb\r", LineEnds::Same(LineEnd::Cr), "a\nb\n"),
            ("\r\n\r\n", LineEnds::Same(LineEnd::CrLf), "\n\n"),
            ("a\nb\r\n", LineEnds::Mixed(LineEnd::Lf), "a\nb\n"),
            ("\r\n\r", LineEnds::Mixed(LineEnd::CrLf), "\n\n"),
            ("\r\r\n", LineEnds::Mixed(LineEnd::Cr), "\n\n"),
            ("\n\r", LineEnds::Mixed(LineEnd::Lf), "\n\n"),
        ] {
            assert_eq!((LineEnds::of(text), &*for_field(text)), (ends, shown), "{text:?}");
        }
    }

    #[test]
    fn every_line_end_has_its_name() {
        for end in LineEnd::ALL {
            assert_eq!(LineEnd::named(end.name()), Some(end));
        }
        assert_eq!(LineEnd::named("nel"), None);
    }

    proptest! {
        #[test]
        fn a_text_with_one_kind_of_line_end_outlives_the_field(
            lines in prop::collection::vec("[a-c🦀]{0,3}", 1..6), end in 0_usize..3
        ) {
            let end = LineEnd::ALL[end];
            let text = lines.join(end.characters());
            let ends = LineEnds::of(&text);
            prop_assert_eq!(ends, if lines.len() == 1 { LineEnds::None } else { LineEnds::Same(end) });
            prop_assert_eq!(end.write(for_field(&text).into_owned()), text);
        }
    }
}
