//! The rows of one chunk of messages.

use std::rc::Rc;

use yew::prelude::*;

use super::long_row::LongRow;
use crate::state::format::counted;
use crate::state::log::Chunk;
use crate::state::message::{Body, Message};

/// The chunk to show.
#[derive(Debug, Clone, Properties)]
pub struct RowsProps {
    /// Its messages.
    pub chunk: Rc<Chunk>,
}

impl PartialEq for RowsProps {
    /// A changed chunk is another chunk, so that a thousand full ones are compared in no time.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.chunk, &other.chunk)
    }
}

/// One `li` a message, without an element around them: they belong to the list.
#[component]
pub fn Rows(props: &RowsProps) -> Html {
    html! { <>{ for props.chunk.iter().map(row) }</> }
}

fn row(message: &Message) -> Html {
    let key = message.id;
    match &message.body {
        Body::Text(text) if text.is_empty() => html! { <li {key} class="empty" /> },
        Body::Text(text) => html! { <li {key} dir="auto">{ text }</li> },
        Body::Long(text) => html! { <LongRow {key} text={text} /> },
        Body::Binary(binary) => html! {
            <li {key} class="binary">
                { "binary, " }{ counted(binary.bytes, "byte") }
                if binary.bytes > 0 {
                    { " " }<code>{ &binary.beginning }</code>
                }
            </li>
        },
    }
}
