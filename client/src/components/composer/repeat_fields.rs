//! The fields of a repetition, and how far it is.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::use_repeat::{End, Look, use_repeat};
use crate::state::format::{fixed, grouped};
use crate::state::message::Body;
use crate::state::repeat::{Plan, RepeatProblem};
use crate::state::texts::{ComposerTexts, fill};
use crate::use_texts::use_texts;

/// What is repeated.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RepeatFieldsProps {
    /// The connection.
    pub outgoing: Outgoing,
    /// The message in the field; none if it is wrong, and then the field says so.
    pub message: Callback<(), Option<Body>>,
}

/// How often, how fast, start and stop.
#[component]
pub fn RepeatFields(props: &RepeatFieldsProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.composer;
    let repeat = use_repeat(&props.outgoing);
    let problem = use_state_eq(|| None::<RepeatProblem>);
    let times = use_state_eq(|| AttrValue::Static("10"));
    let every = use_state_eq(|| AttrValue::Static("100"));
    let is_running = repeat.look.as_ref().is_some_and(|look| look.end.is_none());

    let toggle = {
        let (times, every, problem) = (times.clone(), every.clone(), problem.clone());
        let (start, stop, message) = (repeat.start, repeat.stop, props.message.clone());
        Callback::from(move |()| {
            if is_running {
                stop.emit(());
                return;
            }
            let plan = Plan::parse(&times, &every);
            problem.set(plan.err());
            if let Ok(plan) = plan
                && let Some(body) = message.emit(())
            {
                start.emit((plan, body));
            }
        })
    };
    let onsubmit = {
        let toggle = toggle.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            // Enter in a field begins, and does not stop by surprise.
            if !is_running {
                toggle.emit(());
            }
        }
    };
    let field =
        |id: &'static str, label: &'static str, typed: &UseStateHandle<AttrValue>, which: RepeatProblem| {
            let value = (**typed).clone();
            let oninput = {
                let typed = typed.clone();
                move |event: InputEvent| {
                    typed.set(event.target_unchecked_into::<HtmlInputElement>().value().into());
                }
            };
            html! {
                <div class="field">
                    <label for={id}>{ label }</label>
                    <input
                        {id}
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        {value}
                        {oninput}
                        aria-invalid={(*problem == Some(which)).then_some("true")}
                        aria-describedby="repeat-problem"
                    />
                </div>
            }
        };

    html! {
        <details id="repeat">
            <summary>{ if is_running { texts.repeating } else { texts.repeat } }</summary>
            <form class="fields" {onsubmit}>
                { field("repeat-times", texts.times, &times, RepeatProblem::Times) }
                { field("repeat-every", texts.every, &every, RepeatProblem::Every) }
                <button id="repeat-toggle" type="button" class="quiet" onclick={toggle.reform(|_| ())}>
                    { if is_running { texts.stop } else { texts.start } }
                </button>
            </form>
            <p id="repeat-problem" class="problem" role="alert">
                { for problem.map(|problem| problem.text(all_texts)) }
            </p>
            if let Some(look) = &repeat.look {
                <div class="line">
                    if let Some(times) = look.run.times() {
                        <progress
                            id="repeat-progress"
                            aria-label={texts.progress}
                            max={times.to_string()}
                            value={look.run.sent().to_string()}
                        />
                    }
                    <span id="repeat-figures">{ figures(look, texts) }</span>
                </div>
            }
            <p id="repeat-status" class="note" role="status">
                { for repeat.look.and_then(|look| look.end).map(|end| end_text(end, texts)) }
            </p>
        </details>
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
        // Rates are far from the largest number.
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
