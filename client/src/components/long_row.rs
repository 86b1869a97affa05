//! The row of a message too long to show at once.

use std::rc::Rc;

use yew::prelude::*;

use crate::state::format::grouped;
use crate::state::message::LongText;

/// The text to show.
#[derive(Debug, Clone, Properties)]
pub struct LongRowProps {
    /// The whole and its beginning.
    pub text: Rc<LongText>,
}

impl PartialEq for LongRowProps {
    /// Texts never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.text, &other.text)
    }
}

/// The beginning of the text, and a button that shows all of it.
#[component]
pub fn LongRow(props: &LongRowProps) -> Html {
    let open = use_state_eq(|| false);
    let onclick = {
        let open = open.clone();
        move |_| open.set(!*open)
    };
    let shown = if *open { &props.text.whole } else { &props.text.beginning };

    html! {
        <li class="long">
            <span dir="auto">{ shown }</span>
            <button type="button" aria-expanded={if *open { "true" } else { "false" }} {onclick}>
                if *open {
                    { "show the beginning only" }
                } else {
                    { format!("show all {} characters", grouped(props.text.characters)) }
                }
            </button>
        </li>
    }
}
