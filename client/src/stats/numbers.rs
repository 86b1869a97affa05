//! The stats as tables.

use yew::prelude::*;

use super::model::quantiles::Summary;
use super::model::traffic::{Rate, Traffic};
use super::model::units;
use crate::texts::StatsTexts;

/// Shows the messages and bytes since the last reset, and the present rates, in both directions.
pub fn traffic_table(texts: &StatsTexts, traffic: &Traffic, sent: Rate, received: Rate) -> Html {
    let row = |id: &'static str, name: &'static str, sent: String, received: String| {
        html! {
            <tr {id}>
                <th scope="row">{ name }</th>
                <td class="sent" translate="no">{ sent }</td>
                <td class="received" translate="no">{ received }</td>
            </tr>
        }
    };
    let bytes = |count: u64| units::bytes(count as f64);
    html! {
        <table id="traffic">
            <caption>{ texts.traffic }</caption>
            <thead>
                <tr><td /><th scope="col">{ texts.sent }</th><th scope="col">{ texts.received }</th></tr>
            </thead>
            <tbody>
                { row("message-counts", texts.messages, units::whole(traffic.sent.messages), units::whole(traffic.received.messages)) }
                { row("byte-counts", texts.bytes, bytes(traffic.sent.bytes), bytes(traffic.received.bytes)) }
                { row("message-rates", texts.messages_now, units::significant(sent.messages), units::significant(received.messages)) }
                { row("byte-rates", texts.bytes_now, units::bytes(sent.bytes), units::bytes(received.bytes)) }
            </tbody>
        </table>
    }
}

/// Shows the statistics of the round trips, or a note before the first echo.
pub fn round_trip_table(texts: &StatsTexts, round_trips: Option<Summary>) -> Html {
    let Some(stats) = round_trips else {
        return html! { <p class="note">{ texts.no_echo }</p> };
    };
    let time = |us: u64| units::time(us as f64);
    let rows = [
        (texts.p50, time(stats.p50)),
        (texts.p95, time(stats.p95)),
        (texts.p99, time(stats.p99)),
        (texts.least, time(stats.min)),
        (texts.most, time(stats.max)),
        (texts.mean, units::time(stats.mean)),
        (texts.echoes, units::whole(stats.count)),
    ];
    let row = |(name, value): (&'static str, String)| html! { <tr><th scope="row">{ name }</th><td translate="no">{ value }</td></tr> };
    html! {
        <table id="round-trips">
            <caption>{ texts.round_trip }</caption>
            <tbody>{ for rows.into_iter().map(row) }</tbody>
        </table>
    }
}
