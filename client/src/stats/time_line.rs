//! Charts over time: show a stalled rate or a drifting round trip.

use yew::prelude::*;

use super::model::timeline::{Column, Extent};
use super::model::{chart, units};
use super::plot::plot;
use crate::texts::{StatsTexts, fill};

/// Shows the rate, and below it the round trip, on the same time axis; nothing before the first message.
pub fn time_line(texts: &StatsTexts, columns: &[Column]) -> Html {
    let extent = Extent::of(columns);
    let time = units::clock(extent.seconds);
    let most = |rate: f64| units::significant(rate);
    let rate_words = fill(
        texts.rate_words,
        &[("time", &time), ("received", &most(extent.received)), ("sent", &most(extent.sent))],
    );
    let rate = chart::traffic(columns).map(|chart| {
        html! {
            <figure>
                <figcaption>
                    { texts.rate }
                    <span class="legend">
                        <span class="bars">{ texts.received }</span>
                        <span>{ texts.sent }</span>
                    </span>
                </figcaption>
                { plot("rate", texts.rate, rate_words, &chart, ["sent", ""]) }
            </figure>
        }
    });
    let drift = extent.medians.zip(chart::drift(columns)).map(|(medians, chart)| {
        let [first, last, longest] = medians.map(|us| units::time(us as f64));
        let values = [("time", time.as_str()), ("first", &first), ("last", &last), ("most", &longest)];
        html! {
            <figure>
                <figcaption>
                    { texts.drift }
                    <span class="legend">
                        <span>{ texts.p50 }</span>
                        <span class="upper">{ texts.p95 }</span>
                    </span>
                </figcaption>
                { plot("drift", texts.drift, fill(texts.drift_words, &values), &chart, ["median", "upper"]) }
            </figure>
        }
    });
    html! { <div class="time-line">{ for rate }{ for drift }</div> }
}
