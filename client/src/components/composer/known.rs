//! What is known of the text in the field, and what there is to say of it.

use yew::AttrValue;

use crate::state::bytes_input::Mode;
use crate::state::direction::Direction;
use crate::state::line_end::LineEnd;
use crate::state::texts::{Texts, fill};
use crate::state::verdict::Verdict;

/// What happened last, beside the text itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Remark {
    /// Nothing to speak of.
    #[default]
    None,
    /// It was to be sent, and is wrong.
    NotSent,
    /// Its mode changed, and the bytes are no text.
    NoText,
    /// Its mode changed, and the bytes are a text whose line ends differ.
    MixedBytes,
    /// A text came whose line ends differ. The field gave it those that are chosen.
    MixedText,
}

/// What is known of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// How it is read.
    pub mode: Mode,
    /// With what its lines go out, if it is a text message. In the textarea they end with line feeds.
    pub line_end: LineEnd,
    /// Which way it runs.
    pub direction: Direction,
    /// What there is to say of it.
    pub verdict: Verdict,
    /// What happened last.
    pub remark: Remark,
}

impl Known {
    /// What there is to say of the message, in one line.
    pub fn text(self, texts: &Texts) -> Option<AttrValue> {
        let text = self.verdict.text(texts);
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
