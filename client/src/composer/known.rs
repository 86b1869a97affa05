//! Properties of the field's text, and the feedback on it.

use yew::AttrValue;

use super::model::validation::Validation;
use crate::common::bytes_input::Mode;
use crate::common::line_end::LineEnd;
use crate::texts::{Texts, fill};

/// Remark on the last event, beside the text itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Remark {
    #[default]
    None,
    /// The text was to be sent, but is invalid.
    NotSent,
    /// The mode was changed to text, but the bytes are not UTF-8.
    NoText,
    /// The mode was changed to text, but the bytes are text with mixed line ends.
    MixedBytes,
    /// A text with mixed line ends was inserted. The field changed them all to the chosen one.
    MixedText,
}

/// Properties of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// Interpretation of the text.
    pub mode: Mode,
    /// Line end of a text message when it is sent. The textarea itself has only line feeds.
    pub line_end: LineEnd,
    /// Base direction of the text, for the attribute `dir`.
    pub direction: &'static str,
    /// Feedback on the text.
    pub validation: Validation,
    /// Remark on the last event.
    pub remark: Remark,
}

impl Known {
    /// Returns the feedback and the remark in one line.
    pub fn text(self, texts: &Texts) -> Option<AttrValue> {
        let text = self.validation.text(texts);
        match self.remark {
            Remark::None => text,
            Remark::NotSent => {
                text.map(|problem| fill(texts.composer.not_sent, &[("problem", &problem)]).into())
            }
            Remark::NoText => Some(AttrValue::Static(texts.composer.no_text)),
            Remark::MixedBytes => Some(AttrValue::Static(texts.composer.mixed_bytes)),
            Remark::MixedText => Some(
                fill(texts.composer.mixed_text, &[("end", texts.composer.line_end(self.line_end))]).into(),
            ),
        }
    }
}
