//! A formatted JSON text with collapsible blocks.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

use super::actions::{Done, copy};
use super::find_bar::{Finding, Sought, marked, use_finding, use_scroll_to_hit};
use super::model::fold::{Fold, Row, RowBlock};
use super::model::tokens::{Token, tokens};
use super::use_lines::{lines, use_lines};
use crate::browser::page;
use crate::browser::use_live::use_live;
use crate::common::format::{grouped, size};
use crate::common::json::{self, JsonProblem};
use crate::texts::{DetailTexts, fill, plural};
use crate::ui::element::element;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Height of a line in rem, as in the style sheet: large enough to touch its button.
const LINE_REM: f64 = 1.5;

/// Maximum number of characters shown of a line: longer lines make browsers slow, and are not readable here.
const LINE_CHARACTERS: usize = 1_000;

/// Number of bytes that are shown in front of a hit in the middle of a long line.
const HIT_BYTES: usize = 100;

#[derive(Clone, Properties)]
pub struct JsonViewProps {
    pub text: Rc<str>,
    pub sought: Sought,
    /// Says what was copied.
    pub say: Callback<Option<Done>>,
}

impl PartialEq for JsonViewProps {
    /// Texts never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.text, &other.text) && self.sought == other.sought && self.say == other.say
    }
}

/// The formatted text, and the line under the cursor.
struct State {
    fold: Result<Option<Fold>, JsonProblem>,
    line: Option<usize>,
}

impl State {
    fn fold(&self) -> Option<&Fold> {
        self.fold.as_ref().ok()?.as_ref()
    }

    fn change(&mut self, change: impl FnOnce(&mut Fold)) {
        if let Ok(Some(fold)) = &mut self.fold {
            change(fold);
        }
    }

    /// Moves the cursor. Returns the index of its line among the visible ones.
    fn step(&mut self, by: isize) -> usize {
        let Some(fold) = self.fold() else { return 0 };
        let at = self.line.map_or(0, |line| fold.index_of(line).saturating_add_signed(by));
        let at = at.min(fold.visible().saturating_sub(1));
        self.line = fold.row(at).map(|row| row.line);
        at
    }
}

/// The visible lines of the text, or its fault if it is not JSON. A click on a key copies its path, one on a value the value. `p` and
/// `c` do it for the line under the cursor, which the arrow keys move.
#[component]
pub fn JsonView(props: &JsonViewProps) -> Html {
    let texts = use_texts();
    let state = use_live(|| State {
        fold: json::pretty(&props.text).map(|pretty| Fold::of(pretty.into())),
        line: None,
    });
    let view = use_node_ref();
    let text = state.borrow().fold().map(Fold::text);
    let finding = use_finding(&props.sought, text.as_deref().unwrap_or_default().as_bytes(), false);
    let centred = finding.moved_to.map(|place| {
        state.update(|state| {
            state.change(|fold| _ = fold.open_around(place.start as usize));
            state.line = state.fold().map(|fold| fold.line_of(place.start as usize));
            state.step(0)
        })
    });
    let count = state.borrow().fold().map_or(0, Fold::visible);
    let window = use_lines(view.clone(), count, LINE_REM, centred);
    use_scroll_to_hit(&view, &finding);

    let toggle = state.callback(|state, line| state.change(|fold| fold.toggle(line)));
    let open_all = state.callback(|state, _| state.change(Fold::open_all));
    let close_all = state.callback(|state, _| state.change(Fold::close_all));
    let copy = {
        let (state, say) = (state.clone(), props.say.clone());
        move |line: usize, is_path: bool| {
            let text =
                state.borrow().fold().map(|fold| if is_path { fold.path(line) } else { fold.value(line) });
            let done = if is_path { Done::CopiedPath } else { Done::CopiedValue };
            text.into_iter().for_each(|text| copy(text, done, &say));
        }
    };
    let onclick = {
        let (state, copy) = (state.clone(), copy.clone());
        move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let near = |css: &str| target.as_ref().and_then(|target| target.closest(css).ok()?);
            let line = near(".json-line").and_then(|line| line.get_attribute("data-line")?.parse().ok());
            let Some(line) = line.filter(|_| !page::has_selection()) else { return };
            state.change(|state| state.line = Some(line));
            // A button that opens a block is for that alone.
            let is_path = near(".key").is_some();
            if near(".fold").is_none() && (is_path || near(".string, .number, .literal").is_some()) {
                copy(line, is_path);
            }
        }
    };
    let onkeydown = {
        let (state, reveal) = (state.clone(), window.reveal.clone());
        move |event: KeyboardEvent| {
            let line = state.borrow().line;
            let go = |by| {
                let at = state.change(|state| state.step(by));
                reveal.emit(at);
            };
            match (event.key().as_str(), line) {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                ("ArrowDown", _) => go(1),
                ("ArrowUp", _) => go(-1),
                ("c", Some(line)) => copy(line, false),
                ("p", Some(line)) => copy(line, true),
                _ => return,
            }
            event.prevent_default();
        }
    };

    let State { fold, line: current } = &*state.borrow();
    match fold {
        Ok(Some(fold)) => {
            let rows = window.range.clone().filter_map(|index| {
                let row = fold.row(index)?;
                Some(line(row, *current == Some(row.line), &finding, &toggle, &texts.detail))
            });
            let rows = rows.collect();
            translatable(html! {
                <>
                    { finding.bar(&props.sought, &view, texts) }
                    if fold.has_blocks() {
                        <div class="line">
                            <button id="open-all" type="button" class="quiet" onclick={open_all}>{ texts.detail.open_all }</button>
                            <button id="close-all" type="button" class="quiet" onclick={close_all}>{ texts.detail.close_all }</button>
                        </div>
                    }
                    <div class="json" {onclick} {onkeydown}>
                        { lines(("detail-json", "JSON"), view, window, Html::default(), rows) }
                    </div>
                </>
            })
        }
        Ok(None) => html! {},
        Err(problem) => {
            let (line, column) = (grouped(problem.position.line), grouped(problem.position.column));
            let place = [("line", line.as_str()), ("column", column.as_str())];
            translatable(
                html! { <p id="detail-problem" class="problem">{ fill(texts.detail.not_json, &place) }</p> },
            )
        }
    }
}

/// Shows a line, with a button if it opens a block.
fn line(
    row: Row<'_>,
    is_current: bool,
    finding: &Finding,
    toggle: &Callback<usize>,
    texts: &DetailTexts,
) -> Html {
    let key = row.line;
    let hits = finding.within(row.start, row.start + row.text.len());
    // Of a long line, the part with the current hit is shown.
    let hit = hits
        .iter()
        .find(|(_, is_current)| *is_current)
        .map_or(0, |(place, _)| place.start as usize - row.start);
    let from =
        if hit > LINE_CHARACTERS - HIT_BYTES { row.text.floor_char_boundary(hit - HIT_BYTES) } else { 0 };
    let (before, rest) = row.text.split_at_checked(from).unwrap_or(("", row.text));
    let end = rest.char_indices().nth(LINE_CHARACTERS).map_or(rest.len(), |(end, _)| end);
    let (shown, hidden) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let content = shown.trim_start_matches(' ');
    let indent = " ".repeat(shown.len() - content.len());
    let mut start = row.start + from + indent.len();
    let mut pieces = Vec::new();
    let colour = if before.is_empty() { |token: Token| token } else { |_| Token::String };
    for (token, text) in tokens(content) {
        let marked = marked(text, start, &hits);
        match colour(token).class() {
            "" => pieces.extend(marked),
            class => pieces.push(element("span", &[("class", class)], marked)),
        }
        start += text.len();
    }
    html! {
        <div {key} class="json-line" data-line={key.to_string()} data-current={is_current.then_some("")}>
            { indent }
            if !before.is_empty() {
                <span class="aside">{ "…" }</span>
            }
            if let Some(block) = row.block {
                { fold_button(key, pieces, block, toggle, texts) }
            } else {
                { for pieces }
            }
            if !hidden.is_empty() {
                <span class="aside">{ fill(texts.line_goes_on, &[("size", &size(hidden.len()))]) }</span>
            }
        </div>
    }
}

fn fold_button(
    line: usize,
    content: Vec<Html>,
    block: RowBlock<'_>,
    toggle: &Callback<usize>,
    texts: &DetailTexts,
) -> Html {
    let expanded = if block.closed { "false" } else { "true" };
    html! {
        <>
            <button type="button" class="fold" aria-expanded={expanded} onclick={toggle.reform(move |_| line)}>
                { for content }
            </button>
            if block.closed {
                <span class="aside">{ plural(texts.items, block.items) }</span>
                { block.end.to_owned() }
            }
        </>
    }
}
