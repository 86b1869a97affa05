//! Everything that is known about an event of the connection.

use yew::prelude::*;

use crate::connection::model::event::ConnectionEvent;
use crate::connection::status::explain;
use crate::texts::Texts;

/// Shows the name of an event, its explanation, and the values that a user may want to copy.
pub fn event_view(event: &ConnectionEvent, texts: &Texts) -> Html {
    let connection = &texts.connection;
    let facts = match event {
        ConnectionEvent::Opened { url, protocol, extensions } => vec![
            (connection.url, url),
            (connection.agreed_protocol, protocol),
            (connection.agreed_extensions, extensions),
        ],
        ConnectionEvent::Closed { url, .. } => vec![(connection.url, url)],
        _ => Vec::new(),
    };
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    html! {
        <div id="detail-event">
            <p class="title">{ title(event, texts) }</p>
            if let ConnectionEvent::Closed { closed, .. } = event {
                { explain(closed, texts) }
            }
            <dl>
                { for facts.map(|(name, value)| html! { <><dt>{ name }</dt><dd translate="no">{ value }</dd></> }) }
            </dl>
        </div>
    }
}

fn title(event: &ConnectionEvent, texts: &Texts) -> AttrValue {
    match event {
        ConnectionEvent::Opened { .. } => texts.connection.opened.into(),
        ConnectionEvent::Closed { closed, .. } => closed.title(texts),
        _ => event.sentence(texts).into(),
    }
}
