//! The messages received.

use yew::prelude::*;

use super::rows::Rows;
use super::use_follow::use_follow;
use crate::state::format::counted;
use crate::state::log::Log;

/// What the list shows.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct MessagesProps {
    /// The messages.
    pub log: Log,
}

/// How many messages there are, and the list of them, which follows its end as long as the reader stays there.
#[component]
pub fn Messages(props: &MessagesProps) -> Html {
    let view = use_node_ref();
    let onscroll = use_follow(view.clone(), props.log.len());

    // One keyed component a chunk: only the last ones have anything to do in an update.
    let rows =
        props.log.chunks().iter().enumerate().map(|(key, chunk)| html! { <Rows {key} chunk={chunk} /> });

    html! {
        <section class="received">
            <div class="line">
                <h2 id="received">{ "Received" }</h2>
                <p id="received-count">{ counted(props.log.len(), "message") }{ " received" }</p>
            </div>
            <div id="view" ref={view} role="region" tabindex="0" aria-labelledby="received" {onscroll}>
                if props.log.is_empty() {
                    <p>{ "Nothing yet." }</p>
                }
                <ul id="messages" role="list" aria-labelledby="received">{ for rows }</ul>
            </div>
        </section>
    }
}
