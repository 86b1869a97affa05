//! Two messages and their differences.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::find_bar::marked;
use super::model::difference::{Difference, Line, input};
use super::use_lines::{lines, use_lines};
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::use_live;
use crate::browser::viewers::{Outcome, Task, TaskProblem};
use crate::common::format::grouped;
use crate::connection::model::message::{Body, Place};
use crate::texts::{DetailTexts, fill};
use crate::ui::controls::{giving, quiet};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Height of a line in rem, as in the style sheet.
const LINE_REM: f64 = 1.25;

#[derive(Clone, Properties)]
pub struct CompareProps {
    /// Shown numbers of the messages, which identify them, and their payloads.
    pub numbers: [u64; 2],
    pub bodies: [Body; 2],
    /// Exchanges the messages.
    pub swap: Callback<()>,
    /// Unpins both.
    pub unpin: Callback<()>,
    pub close: Callback<()>,
}

impl PartialEq for CompareProps {
    /// Payloads never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
            && self.swap == other.swap
            && self.unpin == other.unpin
            && self.close == other.close
    }
}

/// A dialog over the page. The messages are compared in a worker, which ends with the dialog. Escape closes it.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.detail;
    let state = use_live(|| None::<Result<Difference, Option<TaskProblem>>>);
    let (dialog, view) = (use_node_ref(), use_node_ref());
    let count = state.borrow().as_ref().map_or(0, |state| state.as_ref().map_or(0, Difference::count));
    let window = use_lines(view.clone(), count, LINE_REM, None);
    use_effect_with((), {
        let (dialog, state, bodies) = (dialog.clone(), state.clone(), props.bodies.clone());
        move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // Fails only for a dialog that is already open.
                let _ = dialog.show_modal();
            }
            let done = state.callback(|state, outcome: Outcome| {
                *state = Some(outcome.map(Difference::read).map_err(Some));
            });
            let input = input(&bodies);
            let task = input.as_ref().and_then(|input| Task::start("diff", input.as_bytes(), done));
            if task.is_none() {
                let problem = input.map(|_| TaskProblem::NoModule);
                state.change(|state| *state = Some(Err(problem)));
            }
            move || drop(task)
        }
    });
    let [left, right] = props.numbers.map(|number| grouped(usize::try_from(number).unwrap_or(usize::MAX)));
    let numbers = [("left", left.as_str()), ("right", right.as_str())];
    let state = state.borrow();
    let result = match &*state {
        None => texts.comparing.to_owned(),
        Some(Err(None)) => texts.not_compared.to_owned(),
        Some(Err(Some(_))) => texts.no_module.to_owned(),
        Some(Ok(difference)) => said(difference, &numbers, texts),
    };
    let shown = state.as_ref().and_then(|state| state.as_ref().ok());
    let rows = window.range.clone().filter_map(|index| Some(row(index, &shown?.line(index)?))).collect();
    translatable(html! {
        <dialog id="compare" ref={dialog} aria-labelledby="compare-title" onclose={props.close.reform(|_| ())}>
            <div class="line">
                <h2 id="compare-title">{ fill(texts.compare, &numbers) }</h2>
                { quiet("compare-swap", texts.swap, giving(&props.swap, &())) }
                { quiet("compare-unpin", texts.unpin, giving(&props.unpin, &())) }
                { quiet("compare-close", all_texts.page.close, giving(&props.close, &())) }
            </div>
            <p id="compare-result" role="status">{ result }</p>
            { lines(("compare-lines", texts.differences), view, window, Html::default(), rows) }
        </dialog>
    })
}

fn said(difference: &Difference, numbers: &[(&str, &str); 2], texts: &DetailTexts) -> String {
    let [first, second] = difference.only_in.map(grouped);
    if difference.only_in == [0, 0] {
        return texts.equal.to_owned();
    }
    fill(texts.differ, &[numbers[0], numbers[1], ("first", &first), ("second", &second)])
}

/// Shows a line with its sign, so that colour is not alone.
fn row(key: usize, line: &Line<'_>) -> Html {
    let places: Vec<(Place, bool)> = line.places.iter().map(|place| (*place, false)).collect();
    html! {
        <div {key} class="diff-line" data-sign={line.sign.to_string()}>
            { format!("{} ", line.sign) }
            { for marked(line.text, 0, &places) }
        </div>
    }
}
