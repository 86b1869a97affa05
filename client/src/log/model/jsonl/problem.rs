//! Messages for the faults of a log file.

use yew::AttrValue;

use super::{Field, Problem, ProblemKind};
use crate::common::format::grouped;
use crate::texts::{Texts, fill};

impl Problem {
    /// Describes the fault and its remedy in a sentence.
    pub fn text(self, texts: &Texts) -> AttrValue {
        let texts = &texts.detail;
        let line = grouped(self.line);
        let with_line = |text| fill(text, &[("line", &line)]).into();
        match self.kind {
            ProblemKind::NotText => with_line(texts.not_text),
            ProblemKind::NotJson => with_line(texts.not_an_object),
            ProblemKind::TooLong => with_line(texts.too_long),
            ProblemKind::Version => with_line(texts.other_version),
            ProblemKind::Empty => texts.empty_file.into(),
            ProblemKind::Field(field) => {
                let right = match field {
                    Field::Direction => texts.field_way,
                    Field::Time => texts.field_time,
                    Field::Kind => texts.field_kind,
                    Field::Text | Field::Words(_) => texts.field_text,
                    Field::Base64 => texts.field_base64,
                    Field::RoundTrip => texts.field_round_trip,
                    Field::Event => texts.field_event,
                    Field::Flag(_) => texts.field_flag,
                    Field::Number(_) => texts.field_number,
                    Field::Code => texts.field_code,
                };
                fill(texts.field, &[("line", &line), ("field", field.name()), ("right", right)]).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::EN;

    #[test]
    fn a_sentence_says_where_and_what_would_be_right() {
        let problem = Problem { line: 1_234, kind: ProblemKind::Field(Field::Direction) };
        assert_eq!(problem.text(&EN), "Line 1,234: “way” must be “sent” or “received”.");
        let problem = Problem { line: 2, kind: ProblemKind::NotJson };
        assert_eq!(problem.text(&EN), "Line 2 is not a JSON object: each line has one.");
    }
}
