//! Bytes of a binary format, decoded and shown as JSON.

use std::rc::Rc;

use yew::prelude::*;

use super::actions::Done;
use super::find_bar::Sought;
use super::json_view::{JsonView, JsonViewProps};
use crate::browser::use_effect::use_effect_with;
use crate::browser::viewers::{Outcome, Task, TaskProblem};
use crate::common::format::grouped;
use crate::connection::model::message::Body;
use crate::texts::fill;
use crate::ui::child::child;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, Properties)]
pub struct DecodedViewProps {
    pub body: Body,
    /// Name of the task that decodes the format.
    pub task: &'static str,
    /// Name of the format.
    pub format: &'static str,
    pub sought: Sought,
    /// Says what was copied.
    pub say: Callback<Option<Done>>,
}

impl PartialEq for DecodedViewProps {
    /// Payloads never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.body.as_bytes(), other.body.as_bytes())
            && self.sought == other.sought
            && self.say == other.say
    }
}

/// The JSON of the decoded bytes, or their fault. The bytes are decoded in a worker, which ends with the view.
#[component]
pub fn DecodedView(props: &DecodedViewProps) -> Html {
    let texts = use_texts();
    let decoded = use_state(|| None);
    use_effect_with((), {
        let (props, decoded) = (props.clone(), decoded.setter());
        move |()| {
            let failed = decoded.clone();
            let done =
                Callback::from(move |outcome: Outcome| decoded.set(Some(outcome.map(Rc::<str>::from))));
            let task = Task::start(props.task, props.body.as_bytes(), done);
            if task.is_none() {
                failed.set(Some(Err(TaskProblem::NoModule)));
            }
            move || drop(task)
        }
    });
    let problem = |text: String| translatable(html! { <p id="detail-problem" class="problem">{ text }</p> });
    match &*decoded {
        None => translatable(html! { <p class="nothing" role="status">{ texts.detail.decoding }</p> }),
        Some(Ok(text)) => child::<JsonView>(JsonViewProps {
            text: text.clone(),
            sought: props.sought.clone(),
            say: props.say.clone(),
        }),
        Some(Err(TaskProblem::At(at))) => {
            problem(fill(texts.detail.not_decoded, &[("format", props.format), ("at", &grouped(*at))]))
        }
        Some(Err(TaskProblem::NoModule)) => problem(texts.detail.no_module.to_owned()),
    }
}
