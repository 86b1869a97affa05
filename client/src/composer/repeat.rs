//! Repeated sending of a message: its form, its progress, and the sending itself.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use yew::prelude::*;

use super::field::Field;
use super::filled::numbered;
use super::model::repeat::{BURST, Plan, RepeatProblem, Run};
use super::task::Task;
use crate::browser::page;
use crate::browser::use_live::{Live, use_live};
use crate::common::format::{fixed, grouped};
use crate::connection::model::message::Body;
use crate::session::use_session::Callbacks;
use crate::texts::{ComposerTexts, Texts, fill};
use crate::ui::controls::{acting, handling, progress, quiet, typed};
use crate::ui::overlay::tool;

/// Interval between updates of the progress, in milliseconds.
const TELL_MS: f64 = 100.0;

/// Maximum time that a turn may send, in milliseconds.
const TURN_MS: f64 = 8.0;

/// Progress of a repetition, or its result.
#[derive(Debug)]
struct Look {
    run: Run,
    /// Time of this look, in milliseconds.
    now: f64,
    /// Result; `None` while the repetition is in progress.
    end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done,
    Stopped,
    /// The connection ended.
    Cut,
}

struct Repeating {
    /// Text of the field for the number of messages.
    times: AttrValue,
    /// Text of the field for the interval.
    every: AttrValue,
    problem: Option<RepeatProblem>,
    /// Progress; `None` before the first repetition.
    look: Option<Look>,
    task: Task,
}

#[derive(Clone)]
pub struct RepeatHandle {
    state: Live<Repeating>,
    is_open: bool,
    field: Field,
}

#[hook]
pub fn use_repeat(is_open: bool, field: &Field) -> RepeatHandle {
    let state = use_live(|| Repeating {
        times: AttrValue::Static("10"),
        every: AttrValue::Static("100"),
        problem: None,
        look: None,
        task: Task::default(),
    });
    RepeatHandle { state, is_open, field: field.clone() }
}

impl Repeating {
    fn is_running(&self) -> bool {
        self.look.as_ref().is_some_and(|look| look.end.is_none())
    }
}

impl RepeatHandle {
    /// Starts a repetition, unless one is in progress.
    fn start(&self) {
        if self.state.borrow().is_running() {
            return;
        }
        let plan = self.state.change(|state| {
            let plan = Plan::parse(&state.times, &state.every);
            state.problem = plan.err();
            plan
        });
        // The field shows the fault of an invalid message.
        if let Ok(plan) = plan
            && let Some((body, draft)) = self.field.message()
        {
            if self.is_open {
                self.field.sent(draft);
            }
            let work = go(plan, body, self.field.can.clone(), self.state.clone());
            self.state.update(|state| state.task.start(work));
        }
    }

    fn toggle(&self) {
        let is_running = self.state.borrow().is_running();
        if is_running { self.end(End::Stopped) } else { self.start() }
    }

    pub fn end(&self, end: End) {
        if self.state.borrow().is_running() {
            self.state.change(|state| {
                state.look.iter_mut().for_each(|look| (look.now, look.end) = (page::now(), Some(end)));
                state.task.stop();
            });
        }
    }
}

async fn go(plan: Plan, body: Body, can: Rc<Callbacks>, state: Live<Repeating>) {
    let mut run = Run::new(plan, page::now());
    let mut shown = f64::MIN;
    let end = loop {
        let turn = page::now();
        let mut was_refused = false;
        for _ in 0..BURST {
            let now = page::now();
            if now - turn > TURN_MS || run.due(now, can.buffered.emit(())) == 0 {
                break;
            }
            let due = page::time() + run.next_due() - now;
            if !can.send_at.emit((numbered(&body, run.sent.saturating_add(1), due), due)) {
                was_refused = true;
                break;
            }
            run.sent_one(now);
        }
        if was_refused {
            break End::Cut;
        }
        if run.is_done() {
            break End::Done;
        }
        let now = page::now();
        state.update(|state| state.look = Some(Look { run: run.clone(), now, end: None }));
        if now - shown >= TELL_MS {
            shown = now;
            state.render();
        }
        // The cast is lossless: the wait is at most an hour.
        TimeoutFuture::new(run.wait(now, can.buffered.emit(())) as u32).await;
    };
    // If the first message was refused, a notice has given the reason, and there is no progress to show.
    state.change(|state| {
        state.look = (run.sent > 0).then(|| Look { run, now: page::now(), end: Some(end) });
    });
}

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
            <p class="note">{ texts.placeholders }</p>
            <p id="repeat-problem" class="problem" role="alert">
                { problem.map(|problem| problem.text(all_texts)) }
            </p>
            if let Some(look) = look {
                <div class="line">
                    if let Some(times) = look.run.plan.times {
                        { progress("repeat-progress", texts.progress, look.run.sent.to_string(), times.to_string().into()) }
                    }
                    <span id="repeat-figures" translate="no">{ figures(look, texts) }</span>
                </div>
            }
            <p id="repeat-status" class="note" role="status">
                { look.as_ref().and_then(|look| look.end).map(|end| end_text(end, texts)) }
            </p>
        </>
    };

    tool("repeat", None, word, texts.repeat, all_texts, body)
}

fn figures(look: &Look, texts: &ComposerTexts) -> String {
    let number = |number: u32| grouped(usize::try_from(number).unwrap_or(usize::MAX));
    let sent = number(look.run.sent);
    let sent = match look.run.plan.times {
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
