//! A row of the log: a message or an event on one line.

use yew::prelude::*;
use yew::virtual_dom::VList;

use crate::common::format::{relative_time, short_time, size, time_of_day};
use crate::connection::model::message::{Content, Direction, Entry, Kind, Place};
use crate::settings::model::Times;
use crate::texts::Texts;
use crate::ui::element::{element, text};

/// Format of the times in the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    /// Time of day, or time since the first row or the row above.
    pub times: Times,
    /// Offset of local time, in minutes behind UTC.
    pub behind_utc_minutes: f64,
    /// Time of the first row, in milliseconds since 1970.
    pub start_ms: f64,
}

impl Clock {
    /// Formats the time of a row, whose row above has the time `above_ms`.
    fn show(&self, at_ms: f64, above_ms: Option<f64>) -> String {
        match self.times {
            Times::Clock => time_of_day(at_ms, self.behind_utc_minutes),
            Times::Relative => relative_time(at_ms - self.start_ms),
            Times::Previous => relative_time(above_ms.map_or(0.0, |above_ms| at_ms - above_ms)),
        }
    }
}

pub struct Shown<'a> {
    pub entry: &'a Entry,
    /// Shown number of the entry.
    pub number: u64,
    /// Index of the row, from 0.
    pub row: usize,
    pub rows: usize,
    /// True if the cursor is on the row.
    pub is_current: bool,
    pub is_open: bool,
    pub is_pinned: bool,
    /// Place of the message that the filter found.
    pub place: Place,
    pub clock: Clock,
    /// Time of the row above, in milliseconds since 1970.
    pub above_ms: Option<f64>,
}

/// Shows a text with a marked place. Without one, it is a single text node, which is quicker.
fn marked(before: &str, found: &str, behind: String) -> Html {
    if found.is_empty() {
        return behind.into();
    }
    VList::with_children(vec![text(before), element("mark", &[], vec![text(found)]), text(&behind)], None)
        .into()
}

/// Shows the `li` of an entry. A function and not a component: fast scrolling renders all rows in every frame, and components
/// take twice the time. Without a key, so that rows that come use the elements of rows that leave: new elements would take half
/// as long again.
pub fn row(shown: &Shown<'_>, all_texts: &Texts) -> Html {
    let (entry, texts) = (shown.entry, &all_texts.log);
    let (way, mark, word, kind, event) = match &entry.content {
        Content::Message(message) => {
            let (way, arrow, word) = match message.direction {
                Direction::Sent => ("sent", "↑", texts.way_sent),
                Direction::Received => ("received", "↓", texts.way_received),
            };
            let kind = match message.body.kind() {
                Kind::Text => "text",
                Kind::Binary => "binary",
            };
            (way, arrow, word, Some(kind), None)
        }
        Content::Event(event) => {
            let (id, mark) = event.look();
            ("event", mark, texts.event, None, Some(id))
        }
    };
    let contents = match &entry.content {
        Content::Message(message) => {
            let [before, found, behind] = message.body.excerpt(shown.place);
            html! {
                <>
                    if message.body.bytes() == 0 {
                        <span class="body empty">{ texts.empty }</span>
                    } else {
                        <span class="body" dir="auto">{ marked(&before, &found, behind) }</span>
                    }
                    if kind == Some("binary") {
                        <span class="kind">{ texts.binary }</span>
                    }
                    <span class="size">{ size(message.body.bytes()) }</span>
                    <span class="trip">{ for message.round_trip_ms.map(short_time) }</span>
                </>
            }
        }
        Content::Event(event) => html! { <span class="body">{ event.sentence(all_texts) }</span> },
    };

    html! {
        <li
            id={format!("row-{}", entry.id)}
            role="option"
            data-id={entry.id.to_string()}
            data-number={shown.number.to_string()}
            data-way={way}
            data-kind={kind}
            data-event={event}
            aria-selected={if shown.is_open { "true" } else { "false" }}
            aria-posinset={(shown.row + 1).to_string()}
            aria-setsize={shown.rows.to_string()}
            data-pinned={shown.is_pinned.then_some("")}
            data-current={shown.is_current.then_some("")}
        >
            <span class="way"><span aria-hidden="true">{ mark }</span><span class="unseen">{ word }</span></span>
            if shown.is_pinned {
                <span class="pin" title={all_texts.detail.is_pinned}><span aria-hidden="true">{ "◆" }</span><span class="unseen">{ all_texts.detail.is_pinned }</span></span>
            }
            <time>{ shown.clock.show(entry.at_ms, shown.above_ms) }</time>
            { contents }
        </li>
    }
}
