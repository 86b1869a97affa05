//! The session in time: did the rate stall, does the round trip drift?

use yew::prelude::*;

use super::plot::Plot;
use crate::state::figures::timeline::{Column, Extent};
use crate::state::figures::{chart, units};
use crate::state::texts::fill;
use crate::use_texts::use_texts;

/// What the charts show.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TimeLineProps {
    /// The session in time.
    pub columns: Vec<Column>,
}

/// The rate, and below it the round trip, over the same time; nothing before the first message.
#[component]
pub fn TimeLine(props: &TimeLineProps) -> Html {
    let texts = &use_texts().figures;
    let (columns, extent) = (&props.columns, Extent::of(&props.columns));
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
                <Plot id="rate" title={texts.rate} description={rate_words} {chart} lines={["sent", ""]} />
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
                <Plot
                    id="drift"
                    title={texts.drift}
                    description={fill(texts.drift_words, &values)}
                    {chart}
                    lines={["median", "upper"]}
                />
            </figure>
        }
    });
    html! { <div class="time-line">{ for rate }{ for drift }</div> }
}
