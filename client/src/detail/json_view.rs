//! A formatted JSON text with collapsible blocks.

use yew::prelude::*;

use super::model::fold::{Fold, Row, RowBlock};
use super::text_view::TextViewProps;
use super::use_lines::{lines, use_lines};
use crate::browser::use_live::use_live;
use crate::common::format::{grouped, size};
use crate::common::json;
use crate::texts::{DetailTexts, fill, plural};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Height of a line in rem, as in the style sheet: large enough to touch its button.
const LINE_REM: f64 = 1.5;

/// Maximum number of characters shown of a line: longer lines make browsers slow, and are not readable here.
const LINE_CHARACTERS: usize = 1_000;

/// The visible lines of the text, or its fault if it is not JSON.
#[component]
pub fn JsonView(props: &TextViewProps) -> Html {
    let texts = use_texts();
    let fold = use_live(|| json::pretty(&props.text).map(|pretty| Fold::of(pretty.into())));
    let view = use_node_ref();
    let count = fold.borrow().as_ref().map_or(0, |fold| fold.as_ref().map_or(0, Fold::visible));
    let window = use_lines(view.clone(), count, LINE_REM);

    let change = |change: fn(&mut Fold, usize)| {
        fold.callback(move |fold, line| {
            if let Ok(Some(fold)) = fold {
                change(fold, line);
            }
        })
    };
    let toggle = change(Fold::toggle);
    let open_all = change(|fold, _| fold.open_all()).reform(|_| 0);
    let close_all = change(|fold, _| fold.close_all()).reform(|_| 0);

    match &*fold.borrow() {
        Ok(Some(fold)) => {
            let rows =
                window.range.clone().filter_map(|index| Some(line(fold.row(index)?, &toggle, &texts.detail)));
            let rows = rows.collect();
            translatable(html! {
                <>
                    if fold.has_blocks() {
                        <div class="line">
                            <button id="open-all" type="button" class="quiet" onclick={open_all}>{ texts.detail.open_all }</button>
                            <button id="close-all" type="button" class="quiet" onclick={close_all}>{ texts.detail.close_all }</button>
                        </div>
                    }
                    { lines(("detail-json", "JSON"), view, window, Html::default(), rows) }
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
fn line(row: Row<'_>, toggle: &Callback<usize>, texts: &DetailTexts) -> Html {
    let key = row.line;
    let end = row.text.char_indices().nth(LINE_CHARACTERS).map_or(row.text.len(), |(end, _)| end);
    let (shown, hidden) = row.text.split_at_checked(end).unwrap_or((row.text, ""));
    let content = shown.trim_start_matches(' ');
    let indent = " ".repeat(shown.len() - content.len());
    html! {
        <div {key} class="json-line">
            { indent }
            if let Some(block) = row.block {
                { fold_button(key, content, block, toggle, texts) }
            } else {
                { content.to_owned() }
            }
            if !hidden.is_empty() {
                <span class="aside">{ fill(texts.line_goes_on, &[("size", &size(hidden.len()))]) }</span>
            }
        </div>
    }
}

fn fold_button(
    line: usize,
    content: &str,
    block: RowBlock<'_>,
    toggle: &Callback<usize>,
    texts: &DetailTexts,
) -> Html {
    let expanded = if block.closed { "false" } else { "true" };
    html! {
        <>
            <button type="button" class="fold" aria-expanded={expanded} onclick={toggle.reform(move |_| line)}>
                { content.to_owned() }
            </button>
            if block.closed {
                <span class="aside">{ plural(texts.items, block.items) }</span>
                { block.end.to_owned() }
            }
        </>
    }
}
