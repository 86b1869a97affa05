//! The field: the textarea, the properties of its text, and the history of sent messages.
//!
//! The text is stored only in the textarea: it may be megabytes long, and must not be copied at every keystroke.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::model::history::{Draft, History};
use super::model::validation::{Validation, looks_like_json};
use super::textarea::{self, use_inserted};
use crate::browser::direction::direction;
use crate::browser::storage::Stored;
use crate::browser::use_live::{Live, use_live};
use crate::common::bytes_input::{Mode, Unconvertible};
use crate::common::json;
use crate::common::line_end::{LineEnd, LineEnds, for_field};
use crate::connection::model::message::Body;
use crate::session::use_session::Callbacks;
use crate::texts::{Texts, fill};
use crate::ui::controls::handling;

/// Number of UTF-16 units at the beginning that are examined for the direction and for JSON.
const BEGINNING: u32 = 256;

/// Maximum length of a text that is examined at every keystroke, in UTF-16 units. A longer one is examined when the user pauses.
const AT_ONCE: u32 = 1 << 16;
const PAUSE_MS: u32 = 300;

/// Maximum length of a text that is examined while it is written, in UTF-16 units. A longer one is examined when it is sent.
const LIVE: u32 = 4 << 20;

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

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    pub mode: Mode,
    /// Line end of a text message when it is sent. The textarea itself has only line feeds.
    pub line_end: LineEnd,
    /// Base direction of the text, for the attribute `dir`.
    pub direction: &'static str,
    pub validation: Validation,
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

/// The field. Clones refer to the same field.
#[derive(Clone, PartialEq)]
pub struct Field {
    pub textarea: NodeRef,
    state: Live<State>,
    history: Live<Stored<History>>,
    pub can: Rc<Callbacks>,
}

/// Place for the field, which other parts of the page may read.
pub type FieldSlot = Rc<RefCell<Option<Field>>>;

#[derive(Default)]
struct State {
    known: Known,
    /// Remark on the text that is about to be inserted.
    arriving: Remark,
    /// Timer for a text that will be examined soon.
    reading: Option<Timeout>,
}

#[hook]
pub fn use_field(can: &Rc<Callbacks>) -> Field {
    let (state, history) = (use_live(State::default), use_live(|| Stored::new("sent")));
    let field = Field { textarea: use_node_ref(), state, history, can: can.clone() };
    use_inserted(field.textarea.clone(), handling(&field, |field, text: String| field.inserting(&text)));
    field
}

impl Field {
    pub fn known(&self) -> Known {
        self.state.borrow().known
    }

    fn set(&self, known: Known) {
        if known != self.known() {
            self.state.change(|state| state.known = known);
        }
    }

    /// Returns a copy of the text, with the chosen line ends.
    pub fn draft(&self) -> Draft {
        let Known { mode, line_end, .. } = self.known();
        let text = self.element().map(|element| element.value()).unwrap_or_default();
        Draft::new(mode, if mode == Mode::Text { line_end.write(text) } else { text })
    }

    /// Returns the message in the field, and its draft for the history. If the text is invalid, returns `None` and shows the
    /// fault.
    pub fn message(&self) -> Option<(Body, Draft)> {
        let draft = self.draft();
        match draft.body() {
            Ok(body) => Some((body, draft)),
            Err(problem) => {
                self.state.update(|state| state.reading = None);
                let (validation, remark) = (Validation::Wrong(problem), Remark::NotSent);
                self.set(Known { validation, remark, ..self.known() });
                None
            }
        }
    }

    /// Handles a change of the text.
    pub fn edited(&self) {
        let remark = self.state.update(|state| std::mem::take(&mut state.arriving));
        self.judge(self.known().mode, remark);
    }

    /// Changes the line end with which a text message is sent.
    pub fn end_lines(&self, line_end: LineEnd) {
        self.set(Known { line_end, remark: Remark::None, ..self.known() });
    }

    /// Handles a text that the browser is about to insert, which will lose its line ends. The message takes them over if the
    /// field has no others.
    pub fn inserting(&self, text: &str) {
        let Known { mode, line_end, .. } = self.known();
        let has_others = || self.element().is_some_and(|it| textarea::has_lines_beside_selection(&it));
        match LineEnds::of(text) {
            _ if mode != Mode::Text || !text.contains('\r') => {}
            LineEnds::Same(end) if end == line_end => {}
            LineEnds::Same(end) if !has_others() => self.end_lines(end),
            _ => self.state.update(|state| state.arriving = Remark::MixedText),
        }
    }

    /// Fills in a message, like a choice of its mode and a paste by the user.
    pub fn fill_in(&self, draft: &Draft) {
        self.switch(draft.mode);
        self.inserting(&draft.text);
        if let Some(element) = self.element() {
            element.set_value(&for_field(&draft.text));
        }
        self.edited();
    }

    /// Replaces the text by a message, and puts the caret at the end of the first or of the last line.
    pub fn put(&self, draft: &Draft, caret_in_first_line: bool) {
        let Some(element) = self.element() else { return };
        let text = for_field(&draft.text);
        element.set_value(&text);
        let first = text.split('\n').next().unwrap_or_default();
        let before = if caret_in_first_line { first } else { &text };
        let caret = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
        // Fails only for an input without a caret.
        let _ = element.set_selection_range(caret, caret);
        self.judge(draft.mode, self.take_line_ends(draft));
    }

    /// Replaces the text by a message, and takes the focus. The history keeps the text.
    pub fn edit(&self, body: &Body) {
        self.sent(self.draft());
        self.put(&Draft::of(body), false);
        // Fails only for an element that cannot take the focus.
        let _ = self.element().map(|element| element.focus());
    }

    /// Converts the text to another mode. If that is impossible, the text stays as it is.
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

    /// Formats the text as JSON, or shows the fault.
    pub fn pretty(&self) {
        let Some(element) = self.element() else { return };
        self.state.update(|state| state.reading = None);
        let validation = match json::pretty(&element.value()) {
            Ok(text) => {
                element.set_value(&text);
                Validation::Json
            }
            Err(problem) => Validation::NotJson(problem),
        };
        self.set(Known { validation, ..self.known() });
    }

    /// Sends the message in the field.
    pub fn send(&self) {
        if let Some((body, draft)) = self.message()
            && self.can.send.emit(body)
        {
            self.sent(draft);
        }
    }

    /// Handles a pressed key: sends the message, or recalls a sent one.
    pub fn key(&self, event: &KeyboardEvent) {
        let has_command = event.ctrl_key() || event.meta_key();
        let is_used = match event.key().as_str() {
            // The key belongs to the input method.
            _ if event.is_composing() => false,
            "Enter" if has_command => {
                self.send();
                true
            }
            _ if has_command || event.shift_key() || event.alt_key() => false,
            "ArrowUp" => self.recall(true),
            "ArrowDown" => self.recall(false),
            _ => false,
        };
        if is_used {
            event.prevent_default();
        }
    }

    pub fn sent(&self, draft: Draft) {
        self.history.update(|stored| stored.change(|history| history.push(draft)));
    }

    /// Recalls the previous or next sent message if the caret is at the edge of the text. Returns true if it did.
    fn recall(&self, is_up: bool) -> bool {
        if !self.element().is_some_and(|element| textarea::is_at_edge(&element, is_up)) {
            return false;
        }
        let field = self.draft();
        let draft = self.history.update(|stored| stored.unstored().step(is_up, &field));
        draft.iter().for_each(|draft| self.put(draft, is_up));
        draft.is_some()
    }

    /// Clears the history, also for other open pages.
    pub fn forget(&self) {
        self.history.update(|stored| stored.change(|history| *history = History::default()));
    }

    /// Takes over the line ends of a message. Returns a remark if they are mixed.
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
        self.state.update(|state| state.reading = None);
        let mut known = Known { mode, remark, ..self.known() };
        if let Some((element, value)) =
            self.element().and_then(|it| textarea::value(&it).map(|value| (it, value)))
        {
            let (length, beginning) = (value.length(), String::from(value.slice(0, BEGINNING)));
            known.direction = direction(&beginning);
            if mode == Mode::Text && !looks_like_json(&beginning) {
                known.validation = Validation::Plain;
            } else if length > LIVE {
                known.validation = if mode == Mode::Text { Validation::Perhaps } else { Validation::Plain };
            } else if length <= AT_ONCE {
                known.validation = Validation::of(mode, &element.value());
            } else {
                let field = self.clone();
                let read = move || {
                    field.set(Known { validation: Validation::of(mode, &element.value()), ..field.known() });
                };
                self.state.update(|state| state.reading = Some(Timeout::new(PAUSE_MS, read)));
            }
        }
        self.set(known);
    }
}
