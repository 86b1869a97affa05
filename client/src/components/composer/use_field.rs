//! The textarea, and what is known of its text.
//!
//! The text lives in the textarea alone: it may be megabytes long, and no key stroke should copy it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::textarea;
use crate::state::bytes_input::{Mode, Unconvertible};
use crate::state::direction::Direction;
use crate::state::history::Draft;
use crate::state::json;
use crate::state::message::Body;
use crate::state::verdict::{Verdict, looks_like_json};

/// How much of a text is looked at for its direction and for JSON, in UTF-16 units.
const BEGINNING: u32 = 256;

/// A longer text is read when its writer pauses, and not with every key stroke.
const AT_ONCE: u32 = 1 << 16;
const PAUSE_MS: u32 = 300;

/// A longer text is read when it is sent.
const LIVE: u32 = 4 << 20;

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
}

/// The field.
#[derive(Clone, PartialEq)]
pub struct Field {
    /// The textarea.
    pub textarea: NodeRef,
    mode: UseStateHandle<Mode>,
    direction: UseStateHandle<Direction>,
    verdict: UseStateHandle<Verdict>,
    remark: UseStateHandle<Remark>,
    reading: Reading,
}

/// The timer of a text that is to be read soon.
#[derive(Clone)]
struct Reading(Rc<RefCell<Option<Timeout>>>);

impl PartialEq for Reading {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The field of the composer.
#[hook]
pub fn use_field() -> Field {
    Field {
        textarea: use_node_ref(),
        mode: use_state_eq(Mode::default),
        direction: use_state_eq(Direction::default),
        verdict: use_state_eq(Verdict::default),
        remark: use_state_eq(Remark::default),
        reading: Reading(use_mut_ref(|| None)),
    }
}

impl Field {
    /// How the text is read.
    pub fn mode(&self) -> Mode {
        *self.mode
    }

    /// Which way the text runs.
    pub fn direction(&self) -> Direction {
        *self.direction
    }

    /// What there is to say of the text.
    pub fn verdict(&self) -> Verdict {
        *self.verdict
    }

    /// What happened last.
    pub fn remark(&self) -> Remark {
        *self.remark
    }

    /// A copy of what stands there.
    pub fn draft(&self) -> Draft {
        Draft::new(*self.mode, self.element().map(|element| element.value()).unwrap_or_default())
    }

    /// The message that stands there, and as it was typed. If it is wrong, none, and the field says why.
    pub fn message(&self) -> Option<(Body, Draft)> {
        let draft = self.draft();
        match draft.body() {
            Ok(body) => Some((body, draft)),
            Err(problem) => {
                self.reading.0.take();
                self.verdict.set(Verdict::Wrong(problem));
                self.remark.set(Remark::NotSent);
                None
            }
        }
    }

    /// The text was changed.
    pub fn edited(&self) {
        self.remark.set(Remark::None);
        self.judge(*self.mode);
    }

    /// Puts another message in place of what stands there, with the caret at the end of the first line or of the last.
    pub fn put(&self, draft: &Draft, caret_in_first_line: bool) {
        let Some(element) = self.element() else { return };
        element.set_value(&draft.text);
        let first = draft.text.split('\n').next().unwrap_or_default();
        let before = if caret_in_first_line { first } else { &draft.text };
        let caret = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
        // Fails only for an input that has no caret.
        let _ = element.set_selection_range(caret, caret);
        self.remark.set(Remark::None);
        self.mode.set(draft.mode);
        self.judge(draft.mode);
    }

    /// Writes the same bytes in another mode. If that cannot be, the text stays as it is.
    pub fn switch(&self, to: Mode) {
        let Draft { mode, text } = self.draft();
        let converted = mode.convert(&text, to);
        self.mode.set(to);
        self.remark.set(if converted == Err(Unconvertible::NoText) { Remark::NoText } else { Remark::None });
        if let (Some(element), Ok(converted)) = (self.element(), converted) {
            element.set_value(&converted);
        }
        self.judge(to);
    }

    /// Lays the text out as JSON, or says why that cannot be.
    pub fn pretty(&self) {
        let Some(element) = self.element() else { return };
        self.reading.0.take();
        self.verdict.set(match json::pretty(&element.value()) {
            Ok(text) => {
                element.set_value(&text);
                Verdict::Json
            }
            Err(problem) => Verdict::NotJson(problem),
        });
    }

    /// Whether the caret has nowhere to go: above, or below.
    pub fn is_at_edge(&self, is_up: bool) -> bool {
        self.element().is_some_and(|element| textarea::is_at_edge(&element, is_up))
    }

    fn element(&self) -> Option<HtmlTextAreaElement> {
        self.textarea.cast()
    }

    fn judge(&self, mode: Mode) {
        self.reading.0.take();
        let Some(element) = self.element() else { return };
        let Some(value) = textarea::value(&element) else { return };
        let (length, beginning) = (value.length(), String::from(value.slice(0, BEGINNING)));
        self.direction.set(Direction::of(&beginning));
        if mode == Mode::Text && !looks_like_json(&beginning) {
            self.verdict.set(Verdict::Plain);
        } else if length > LIVE {
            self.verdict.set(if mode == Mode::Text { Verdict::Perhaps } else { Verdict::Plain });
        } else if length <= AT_ONCE {
            self.verdict.set(Verdict::of(mode, &element.value()));
        } else {
            let verdict = self.verdict.clone();
            let read = move || verdict.set(Verdict::of(mode, &element.value()));
            self.reading.0.replace(Some(Timeout::new(PAUSE_MS, read)));
        }
    }
}
