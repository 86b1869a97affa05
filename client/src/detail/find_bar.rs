//! Find within a message: the field, the marks, and the search, which runs in steps.

use gloo_timers::callback::Timeout;
use js_sys::JsString;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::model::find::{Hits, MOST};
use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::common::format::grouped;
use crate::connection::model::message::Place;
use crate::texts::{DetailTexts, Texts, fill};
use crate::ui::controls::typed;
use crate::ui::element::{element, text};
use crate::ui::icons::{CHEVRON, CHEVRON_UP, CLOSE, Icon, icon};

/// Maximum time that a search works without a pause, in milliseconds: half a frame.
const STRETCH_MS: f64 = 8.0;

/// The typed text, which all views of the pane share; `None` while the field is not shown.
pub type Sought = UseStateHandle<Option<AttrValue>>;

/// Shows the field and gives it the focus.
pub fn open(sought: &Sought) {
    if sought.is_none() {
        sought.set(Some(AttrValue::default()));
    }
    // The field can take the focus only once it is there.
    Timeout::new(0, || page::focus("find")).forget();
}

#[derive(Default)]
struct State {
    sought: Option<AttrValue>,
    hits: Hits,
    /// Number of times that another hit became the current one.
    moves: u32,
    /// Moves that the view has followed.
    followed: u32,
    timer: Option<Timeout>,
}

/// The hits in a view.
pub struct Finding {
    state: Live<State>,
    /// The current hit, if the view must move to it.
    pub moved_to: Option<Place>,
    moves: u32,
    is_searching: bool,
}

/// Searches the bytes of a view, which may not change. Each render does a limited part and schedules the next one.
#[hook]
pub fn use_finding(sought: &Sought, bytes: &[u8], is_hex: bool) -> Finding {
    let state = use_live(State::default);
    let again = state.clone();
    let (moved_to, moves, is_searching) = state.update(|state| {
        if state.sought != **sought {
            state.sought.clone_from(sought);
            state.hits = Hits::new(&spellings(sought.as_deref().unwrap_or_default()), is_hex);
        }
        let is_first = state.hits.count() == 0;
        let until = page::now() + STRETCH_MS;
        state.hits.step(bytes, || page::now() >= until);
        state.moves += u32::from(is_first && state.hits.count() > 0);
        let is_searching = state.hits.is_searching(bytes.len());
        state.timer = is_searching.then(|| Timeout::new(0, move || again.render()));
        let moved = std::mem::replace(&mut state.followed, state.moves) != state.moves;
        (state.hits.place().filter(|_| moved), state.moves, is_searching)
    });
    Finding { state, moved_to, moves, is_searching }
}

/// Scrolls to the mark of the current hit where it has changed. Called behind the hook of the view's window.
#[hook]
pub fn use_scroll_to_hit(view: &NodeRef, finding: &Finding) {
    use_effect_with((view.clone(), finding.moves), |(view, _)| {
        let mark = view.cast::<Element>().and_then(|view| view.query_selector("mark[data-current]").ok()?);
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        options.set_inline(ScrollLogicalPosition::Nearest);
        mark.iter().for_each(|mark| mark.scroll_into_view_with_scroll_into_view_options(&options));
    });
}

/// Returns the spellings of a typed text. The search ignores case in ASCII alone, and the browser has the tables of all scripts.
fn spellings(typed: &str) -> Vec<String> {
    let script = JsString::from(typed);
    vec![typed.to_owned(), script.to_lower_case().into(), script.to_upper_case().into()]
}

impl Finding {
    /// Returns the hits that have a byte between two places, each with true for the current one.
    pub fn within(&self, start: usize, end: usize) -> Vec<(Place, bool)> {
        let hits = &self.state.borrow().hits;
        hits.within(start..end).iter().map(|place| (*place, hits.place() == Some(*place))).collect()
    }

    /// Shows the field, if it is open. `view` takes the focus when it closes.
    pub fn bar(&self, sought: &Sought, view: &NodeRef, all_texts: &Texts) -> Html {
        let texts = &all_texts.detail;
        let Some(value) = (**sought).clone() else { return Html::default() };
        let go = self.state.callback(|state, is_back| {
            state.hits.go(is_back);
            state.moves += 1;
        });
        let close = {
            let (sought, view) = (sought.setter(), view.clone());
            Callback::from(move |()| {
                sought.set(None);
                // Fails only for an element that cannot take the focus.
                let _ = view.cast::<HtmlElement>().map(|view| view.focus());
            })
        };
        let oninput = {
            let sought = sought.setter();
            move |event: InputEvent| sought.set(Some(typed(&event).into()))
        };
        let onkeydown = {
            let (go, close) = (go.clone(), close.clone());
            move |event: KeyboardEvent| {
                match event.key().as_str() {
                    // The key belongs to the input method.
                    _ if event.is_composing() => return,
                    "Enter" => go.emit(event.shift_key()),
                    "Escape" => {
                        // Not for the pane, which would close.
                        event.stop_propagation();
                        close.emit(());
                    }
                    _ => return,
                }
                event.prevent_default();
            }
        };
        let tool = |id: &'static str, name: &'static str, outline: Icon, act: Callback<MouseEvent>| {
            html! {
                <button {id} type="button" class="tool" aria-label={name} title={name} onclick={act}>{ icon(outline) }</button>
            }
        };
        html! {
            <div class="line find" role="search">
                <input
                    id="find"
                    type="search"
                    aria-label={texts.find_label}
                    placeholder={texts.find}
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    {value}
                    {oninput}
                    {onkeydown}
                />
                { tool("find-previous", texts.find_previous, CHEVRON_UP, go.reform(|_| true)) }
                { tool("find-next", texts.find_next, CHEVRON, go.reform(|_| false)) }
                { tool("find-close", all_texts.page.close, CLOSE, close.reform(|_| ())) }
                <p id="find-result" role="status">{ self.result(texts) }</p>
            </div>
        }
    }

    fn result(&self, texts: &DetailTexts) -> String {
        let State { hits, sought, .. } = &*self.state.borrow();
        let numbers = [("at", &*grouped(hits.current() + 1)), ("all", &grouped(hits.count()))];
        match hits.count() {
            0 if self.is_searching => "…".to_owned(),
            0 if sought.as_ref().is_none_or(|sought| sought.is_empty()) => String::new(),
            0 => texts.find_none.to_owned(),
            MOST => fill(texts.find_most, &numbers),
            _ => fill(texts.find_hits, &numbers),
        }
    }
}

/// Returns a text with its hits marked. `start` is the position of its first byte.
pub fn marked(shown: &str, start: usize, hits: &[(Place, bool)]) -> Vec<Html> {
    let mut out = Vec::new();
    let mut from = 0;
    let plain = |from: usize, to: usize| shown.get(from..to).filter(|part| !part.is_empty()).map(text);
    for (place, is_current) in hits {
        let within = |byte: u32| (byte as usize).saturating_sub(start).min(shown.len());
        let (first, behind) = (within(place.start), within(place.end));
        if first < behind {
            out.extend(plain(from, first));
            let attributes: &[_] = if *is_current { &[("data-current", "")] } else { &[] };
            out.push(element("mark", attributes, plain(first, behind).into_iter().collect()));
            from = behind;
        }
    }
    out.extend(plain(from, shown.len()));
    out
}
