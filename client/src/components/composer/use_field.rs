//! The textarea, and what is known of its text.
//!
//! The text lives in the textarea alone: it may be megabytes long, and no key stroke should copy it.

use gloo_timers::callback::Timeout;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::known::{Known, Remark};
use super::textarea;
use super::use_inserted::use_inserted;
use super::use_live::{Live, use_live};
use crate::state::bytes_input::{Mode, Unconvertible};
use crate::state::direction::Direction;
use crate::state::history::Draft;
use crate::state::json;
use crate::state::line_end::{LineEnd, LineEnds, for_field};
use crate::state::message::Body;
use crate::state::verdict::{Verdict, looks_like_json};

/// How much of a text is looked at for its direction and for JSON, in UTF-16 units.
const BEGINNING: u32 = 256;

/// A longer text is read when its writer pauses, and not with every key stroke.
const AT_ONCE: u32 = 1 << 16;
const PAUSE_MS: u32 = 300;

/// A longer text is read when it is sent.
const LIVE: u32 = 4 << 20;

/// The field. A clone is the same.
#[derive(Clone, PartialEq)]
pub struct Field {
    /// The textarea.
    pub textarea: NodeRef,
    state: Live<State>,
}

#[derive(Default)]
struct State {
    known: Known,
    /// What is to be said of the text that is about to be inserted.
    arriving: Remark,
    /// The timer of a text that is to be read soon.
    reading: Option<Timeout>,
}

/// The field of the composer.
#[hook]
pub fn use_field() -> Field {
    let field = Field { textarea: use_node_ref(), state: use_live(State::default) };
    use_inserted(field.textarea.clone(), {
        let field = field.clone();
        Callback::from(move |text: String| field.inserting(&text))
    });
    field
}

impl Field {
    /// What is known of the text.
    pub fn known(&self) -> Known {
        self.state.borrow().known
    }

    fn set(&self, known: Known) {
        if known != self.known() {
            self.state.borrow_mut().known = known;
            self.state.show();
        }
    }

    /// A copy of what stands there, with the line ends that are chosen.
    pub fn draft(&self) -> Draft {
        let Known { mode, line_end, .. } = self.known();
        let text = self.element().map(|element| element.value()).unwrap_or_default();
        Draft::new(mode, if mode == Mode::Text { line_end.write(text) } else { text })
    }

    /// The message that stands there, and as it was typed. If it is wrong, none, and the field says why.
    pub fn message(&self) -> Option<(Body, Draft)> {
        let draft = self.draft();
        match draft.body() {
            Ok(body) => Some((body, draft)),
            Err(problem) => {
                self.state.borrow_mut().reading = None;
                let (verdict, remark) = (Verdict::Wrong(problem), Remark::NotSent);
                self.set(Known { verdict, remark, ..self.known() });
                None
            }
        }
    }

    /// The text was changed.
    pub fn edited(&self) {
        let remark = std::mem::take(&mut self.state.borrow_mut().arriving);
        self.judge(self.known().mode, remark);
    }

    /// Lines go out with another end.
    pub fn end_lines(&self, line_end: LineEnd) {
        self.set(Known { line_end, remark: Remark::None, ..self.known() });
    }

    /// The browser is about to insert a text, which loses its line ends. If no others are in the field, the message gets them.
    pub fn inserting(&self, text: &str) {
        let Known { mode, line_end, .. } = self.known();
        let has_others = || self.element().is_some_and(|it| textarea::has_lines_beside_selection(&it));
        match LineEnds::of(text) {
            _ if mode != Mode::Text || !text.contains('\r') => {}
            LineEnds::Same(end) if end == line_end => {}
            LineEnds::Same(end) if !has_others() => self.end_lines(end),
            _ => self.state.borrow_mut().arriving = Remark::MixedText,
        }
    }

    /// Puts another message in place of what stands there, with the caret at the end of the first line or of the last.
    pub fn put(&self, draft: &Draft, caret_in_first_line: bool) {
        let Some(element) = self.element() else { return };
        let text = for_field(&draft.text);
        element.set_value(&text);
        let first = text.split('\n').next().unwrap_or_default();
        let before = if caret_in_first_line { first } else { &text };
        let caret = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
        // Fails only for an input that has no caret.
        let _ = element.set_selection_range(caret, caret);
        self.judge(draft.mode, self.take_line_ends(draft));
    }

    /// Writes the same bytes in another mode. If that cannot be, the text stays as it is.
    pub fn switch(&self, to: Mode) {
        let Draft { mode, text } = self.draft();
        let remark = match (self.element(), mode.convert(&text, to)) {
            (Some(element), Ok(converted)) => {
                element.set_value(&for_field(&converted));
                self.take_line_ends(&Draft::new(to, converted))
            }
            (_, Err(Unconvertible::NoText)) => Remark::NoText,
            (_, Err(Unconvertible::MixedLineEnds)) => Remark::MixedBytes,
            _ => Remark::None,
        };
        self.judge(to, remark);
    }

    /// Lays the text out as JSON, or says why that cannot be.
    pub fn pretty(&self) {
        let Some(element) = self.element() else { return };
        self.state.borrow_mut().reading = None;
        let verdict = match json::pretty(&element.value()) {
            Ok(text) => {
                element.set_value(&text);
                Verdict::Json
            }
            Err(problem) => Verdict::NotJson(problem),
        };
        self.set(Known { verdict, ..self.known() });
    }

    /// Whether the caret has nowhere to go: above, or below.
    pub fn is_at_edge(&self, is_up: bool) -> bool {
        self.element().is_some_and(|element| textarea::is_at_edge(&element, is_up))
    }

    /// Lines go out with the ends that the message has. Gives what is to be said if they differ.
    fn take_line_ends(&self, draft: &Draft) -> Remark {
        let ends = if draft.mode == Mode::Text { LineEnds::of(&draft.text) } else { LineEnds::None };
        if let LineEnds::Same(line_end) | LineEnds::Mixed(line_end) = ends {
            self.set(Known { line_end, ..self.known() });
        }
        if matches!(ends, LineEnds::Mixed(_)) { Remark::MixedText } else { Remark::None }
    }

    fn element(&self) -> Option<HtmlTextAreaElement> {
        self.textarea.cast()
    }

    fn judge(&self, mode: Mode, remark: Remark) {
        self.state.borrow_mut().reading = None;
        let mut known = Known { mode, remark, ..self.known() };
        if let Some((element, value)) =
            self.element().and_then(|it| textarea::value(&it).map(|value| (it, value)))
        {
            let (length, beginning) = (value.length(), String::from(value.slice(0, BEGINNING)));
            known.direction = Direction::of(&beginning);
            if mode == Mode::Text && !looks_like_json(&beginning) {
                known.verdict = Verdict::Plain;
            } else if length > LIVE {
                known.verdict = if mode == Mode::Text { Verdict::Perhaps } else { Verdict::Plain };
            } else if length <= AT_ONCE {
                known.verdict = Verdict::of(mode, &element.value());
            } else {
                let field = self.clone();
                let read = move || {
                    field.set(Known { verdict: Verdict::of(mode, &element.value()), ..field.known() });
                };
                self.state.borrow_mut().reading = Some(Timeout::new(PAUSE_MS, read));
            }
        }
        self.set(known);
    }
}
