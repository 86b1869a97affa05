//! How long round trips take: one hill, or two?

use yew::prelude::*;

use super::plot::Plot;
use crate::state::figures::quantiles::Histogram;
use crate::state::figures::{RoundTrips, chart, units};
use crate::state::texts::fill;
use crate::use_texts::use_texts;

/// What the chart shows.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DistributionProps {
    /// The round trips.
    pub round_trips: Histogram,
    /// The step of the clock that measured them, in microseconds.
    pub step_us: f64,
}

/// The histogram of the round trips, with their percentiles; nothing before the first echo.
#[component]
pub fn Distribution(props: &DistributionProps) -> Html {
    let texts = &use_texts().figures;
    let figures = RoundTrips::of(&props.round_trips);
    let Some((figures, chart)) = figures.zip(chart::distribution(&props.round_trips, props.step_us)) else {
        return Html::default();
    };
    let time = |us: u64| units::time(us as f64);
    let values = [
        ("least", time(figures.min)),
        ("most", time(figures.max)),
        ("p50", time(figures.p50)),
        ("p95", time(figures.p95)),
        ("p99", time(figures.p99)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    html! {
        <figure>
            <figcaption>{ texts.distribution }</figcaption>
            <Plot
                id="distribution"
                title={texts.distribution}
                description={fill(texts.distribution_words, &values)}
                {chart}
            />
        </figure>
    }
}
