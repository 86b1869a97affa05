//! The form and the progress of a repetition.

use yew::prelude::*;

use super::model::repeat::RepeatProblem;
use super::use_repeat::{End, Look, RepeatHandle, Repeating};
use crate::common::format::{fixed, grouped};
use crate::texts::{ComposerTexts, Texts, fill};
use crate::ui::controls::{acting, handling, progress, quiet, typed};
use crate::ui::overlay::{opener, popover};

/// Shows the button, and the popover with the number and the interval, the start and stop button, and the progress.
pub fn repeat_fields(repeat: &RepeatHandle, all_texts: &Texts) -> Html {
    let texts = &all_texts.composer;
    let Repeating { times, every, problem, look, .. } = &*repeat.state.borrow();
    let is_running = repeat.state.borrow().is_running();

    let onsubmit = handling(repeat, |repeat, event: SubmitEvent| {
        event.prevent_default();
        // Enter in a field starts a repetition, but never stops one, which would be a surprise.
        repeat.start();
    });
    let field = |id: &'static str, label: &'static str, value: &AttrValue, which: RepeatProblem| {
        let oninput = repeat.state.callback(move |state, event: InputEvent| match which {
            RepeatProblem::Times => state.times = typed(&event).into(),
            RepeatProblem::Every => state.every = typed(&event).into(),
        });
        html! {
            <div class="field">
                <label for={id}>{ label }</label>
                <input
                    {id}
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    value={value.clone()}
                    {oninput}
                    aria-invalid={(*problem == Some(which)).then_some("true")}
                    aria-describedby="repeat-problem"
                />
            </div>
        }
    };
    let (word, action) =
        if is_running { (texts.repeating, texts.stop) } else { (texts.repeat_button, texts.start) };

    let body = html! {
        <>
            <form class="fields" {onsubmit}>
                { field("repeat-times", texts.times, times, RepeatProblem::Times) }
                { field("repeat-every", texts.every, every, RepeatProblem::Every) }
                { quiet("repeat-toggle", action, acting(repeat, RepeatHandle::toggle)) }
            </form>
            <p id="repeat-problem" class="problem" role="alert">
                { problem.map(|problem| problem.text(all_texts)) }
            </p>
            if let Some(look) = look {
                <div class="line">
                    if let Some(times) = look.run.times() {
                        { progress("repeat-progress", texts.progress, look.run.sent().to_string(), times.to_string().into()) }
                    }
                    <span id="repeat-figures" translate="no">{ figures(look, texts) }</span>
                </div>
            }
            <p id="repeat-status" class="note" role="status">
                { look.as_ref().and_then(|look| look.end).map(|end| end_text(end, texts)) }
            </p>
        </>
    };

    html! {
        <>
            { opener("repeat", word, None) }
            { popover("repeat", texts.repeat, all_texts, body) }
        </>
    }
}

fn figures(look: &Look, texts: &ComposerTexts) -> String {
    let number = |number: u32| grouped(usize::try_from(number).unwrap_or(usize::MAX));
    let sent = number(look.run.sent());
    let sent = match look.run.times() {
        Some(times) => fill(texts.sent_of, &[("sent", &sent), ("all", &number(times))]),
        None => fill(texts.sent, &[("sent", &sent)]),
    };
    match look.run.rate(look.now) {
        // The cast is lossless: rates are far below the limit.
        Some(rate) if rate >= 10.0 => {
            format!("{sent} · {}", fill(texts.rate, &[("n", &number(rate as u32))]))
        }
        Some(rate) => format!("{sent} · {}", fill(texts.rate, &[("n", &fixed(rate, 1))])),
        None => sent,
    }
}

const fn end_text(end: End, texts: &ComposerTexts) -> &'static str {
    match end {
        End::Done => texts.done,
        End::Stopped => texts.stopped,
        End::Cut => texts.cut,
    }
}
