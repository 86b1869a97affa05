//! One message, in one line.

use yew::prelude::*;

use crate::state::format::{relative_time, short_time, size, time_of_day};
use crate::state::message::{Entry, Kind, Way};
use crate::state::settings::Times;
use crate::state::texts::LogTexts;

/// How the time of a row is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    /// Of day, or since the first message.
    pub times: Times,
    /// By how many minutes local time is behind UTC.
    pub behind_utc_minutes: f64,
    /// When the first message was, in milliseconds since 1970.
    pub start_ms: f64,
}

impl Clock {
    fn show(&self, at_ms: f64) -> String {
        match self.times {
            Times::Clock => time_of_day(at_ms, self.behind_utc_minutes),
            Times::Relative => relative_time(at_ms - self.start_ms),
        }
    }
}

/// What a row shows.
pub struct Shown<'a> {
    /// The message.
    pub entry: &'a Entry,
    /// Its place among the rows, from 0.
    pub row: usize,
    /// How many rows there are.
    pub rows: usize,
    /// Whether the cursor is on it.
    pub is_current: bool,
    /// Whether it is shown whole beside the list.
    pub is_open: bool,
    /// How its time is shown.
    pub clock: Clock,
}

/// The `li` of a message. No component: a fast scroll makes all rows anew in every frame, and components take twice the time.
pub fn row(shown: &Shown<'_>, texts: &LogTexts) -> Html {
    let entry = shown.entry;
    let (way, arrow, word) = match entry.way {
        Way::Sent => ("sent", "↑", texts.way_sent),
        Way::Received => ("received", "↓", texts.way_received),
    };
    let kind = match entry.body.kind() {
        Kind::Text => "text",
        Kind::Binary => "binary",
    };
    let preview = entry.body.row();

    html! {
        <li
            key={entry.id}
            id={format!("row-{}", entry.id)}
            role="option"
            data-id={entry.id.to_string()}
            data-way={way}
            data-kind={kind}
            aria-selected={if shown.is_open { "true" } else { "false" }}
            aria-posinset={(shown.row + 1).to_string()}
            aria-setsize={shown.rows.to_string()}
            data-current={shown.is_current.then_some("")}
        >
            <span class="way"><span aria-hidden="true">{ arrow }</span><span class="unseen">{ word }</span></span>
            <time>{ shown.clock.show(entry.at_ms) }</time>
            if preview.is_empty() {
                <span class="body empty">{ texts.empty }</span>
            } else {
                <span class="body" dir="auto">{ preview }</span>
            }
            if kind == "binary" {
                <span class="kind">{ texts.binary }</span>
            }
            <span class="size">{ size(entry.body.bytes()) }</span>
            <span class="trip">{ for entry.round_trip_ms.map(short_time) }</span>
        </li>
    }
}
