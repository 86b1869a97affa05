//! Histogram of the round trips: shows if they form one group or several.

use yew::prelude::*;

use super::model::quantiles::Histogram;
use super::model::{RoundTrips, chart, units};
use super::plot::plot;
use crate::texts::{StatsTexts, fill};

/// Shows the histogram of the round trips with their percentiles; nothing before the first echo. `step_us` is the resolution of
/// the clock in microseconds.
pub fn distribution(texts: &StatsTexts, round_trips: &Histogram, step_us: f64) -> Html {
    let stats = RoundTrips::of(round_trips);
    let Some((stats, chart)) = stats.zip(chart::distribution(round_trips, step_us)) else {
        return Html::default();
    };
    let time = |us: u64| units::time(us as f64);
    let values = [
        ("least", time(stats.min)),
        ("most", time(stats.max)),
        ("p50", time(stats.p50)),
        ("p95", time(stats.p95)),
        ("p99", time(stats.p99)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    html! {
        <figure>
            <figcaption>{ texts.distribution }</figcaption>
            { plot("distribution", texts.distribution, fill(texts.distribution_words, &values), &chart, [""; 2]) }
        </figure>
    }
}
