//! One message, whole.

pub mod actions;
pub mod hex_view;
pub mod json_view;
pub mod pane;
pub mod text_view;
pub mod use_lines;

use yew::prelude::*;

use crate::state::message::{Body, Entry};
use pane::Pane;

/// What is shown, and what can be done about it.
#[derive(Debug, Clone, Properties)]
pub struct DetailProps {
    /// The message.
    pub entry: Entry,
    /// Sends a message. False if it was not sent, which was said already.
    pub send: Callback<Body, bool>,
    /// Takes this away.
    pub close: Callback<()>,
}

impl PartialEq for DetailProps {
    /// The message of a number never changes, and may be long to compare.
    fn eq(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id && self.send == other.send && self.close == other.close
    }
}

/// The message in the view that fits it best, with a choice of the others. It takes the focus; Escape closes it.
#[component]
pub fn Detail(props: &DetailProps) -> Html {
    // Another message begins anew.
    html! { <Pane key={props.entry.id} ..props.clone() /> }
}
