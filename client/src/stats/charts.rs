//! The charts, drawn as SVG.

use yew::prelude::*;

use super::model::chart::{self, Bar, Chart, Flag, HEIGHT, Line, Mark, WIDTH};
use super::model::quantiles::Histogram;
use super::model::timeline::{Column, Extent};
use super::model::units;
use crate::common::format::fixed;
use crate::texts::{StatsTexts, fill};

/// Shows the histogram of the round trips with their percentiles, which shows if they form one group or several; nothing before
/// the first echo. `step_us` is the resolution of the clock in microseconds.
pub fn distribution(texts: &StatsTexts, round_trips: &Histogram, step_us: f64) -> Html {
    let stats = round_trips.summary();
    let Some((stats, chart)) = stats.zip(chart::distribution(round_trips, step_us)) else {
        return Html::default();
    };
    let values = [
        ("least", stats.min),
        ("most", stats.max),
        ("p50", stats.p50),
        ("p95", stats.p95),
        ("p99", stats.p99),
    ];
    let values = values.map(|(name, us)| (name, units::time(us as f64)));
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let words = fill(texts.distribution_words, &values);
    figure("distribution", texts.distribution, Html::default(), words, &chart, [""; 2])
}

/// Shows the rate, and below it the round trip, on the same time axis: a stalled rate, or a drifting round trip. Nothing before
/// the first message.
pub fn time_line(texts: &StatsTexts, columns: &[Column]) -> Html {
    let extent = Extent::of(columns);
    let time = units::clock(extent.seconds);
    let rate = chart::traffic(columns).map(|chart| {
        let [received, sent] = [extent.received, extent.sent].map(units::significant);
        let values = [("time", time.as_str()), ("received", &received), ("sent", &sent)];
        let legend = html! { <><span class="bars">{ texts.received }</span><span>{ texts.sent }</span></> };
        figure("rate", texts.rate, legend, fill(texts.rate_words, &values), &chart, ["sent", ""])
    });
    let drift = extent.medians.zip(chart::drift(columns)).map(|(medians, chart)| {
        let [first, last, longest] = medians.map(|us| units::time(us as f64));
        let values = [("time", time.as_str()), ("first", &first), ("last", &last), ("most", &longest)];
        let legend = html! { <><span>{ texts.p50 }</span><span class="upper">{ texts.p95 }</span></> };
        figure("drift", texts.drift, legend, fill(texts.drift_words, &values), &chart, ["median", "upper"])
    });
    html! { <div class="time-line">{ for rate }{ for drift }</div> }
}

/// Draws a chart over the available width, with its title above. Shapes are stretched with it; labels are positioned in percent
/// and keep the font size.
///
/// `id` is the id of the chart and the prefix for its title and description. `words` describes it, and `lines` names its lines
/// for the style sheet.
fn figure(
    id: &'static str,
    title: &'static str,
    legend: Html,
    words: String,
    chart: &Chart,
    lines: [&'static str; 2],
) -> Html {
    let (title_id, words_id) = (format!("{id}-title"), format!("{id}-words"));
    let lines = chart
        .lines
        .iter()
        .zip(lines)
        .flat_map(|(parts, name)| parts.iter().map(move |part| line(part, name)));
    let box_of_shapes = format!("0 0 {} {}", fixed(WIDTH, 0), fixed(HEIGHT, 0));
    html! {
        <figure>
            <figcaption>
                { title }
                if legend != Html::default() {
                    <span class="legend">{ legend }</span>
                }
            </figcaption>
            <svg {id} class="plot" role="img" aria-labelledby={title_id.clone()} aria-describedby={words_id.clone()}>
                <title id={title_id}>{ title }</title>
                <desc id={words_id}>{ words }</desc>
                <svg viewBox={box_of_shapes} preserveAspectRatio="none" width="100%" height="100%">
                    { for chart.y_marks.iter().map(level) }
                    { for chart.bars.iter().map(bar) }
                    { for lines }
                </svg>
                { for chart.y_marks.iter().filter(|mark| mark.label != "0").map(beside) }
                { for chart.x_marks.iter().map(below) }
                { for chart.flags.iter().map(pole) }
                { for chart.flags.iter().map(label) }
            </svg>
        </figure>
    }
}

fn level(mark: &Mark) -> Html {
    let y = fixed(mark.at, 1);
    html! { <line class="level" x1="0" x2={fixed(WIDTH, 0)} y1={y.clone()} y2={y} /> }
}

fn bar(bar: &Bar) -> Html {
    html! {
        <rect
            x={fixed(bar.x, 1)}
            y={fixed(HEIGHT - bar.height, 1)}
            width={fixed(bar.width, 1)}
            height={fixed(bar.height, 1)}
        />
    }
}

fn line(line: &Line, name: &'static str) -> Html {
    html! { <polyline data-line={name} points={chart::points(line)} /> }
}

/// Draws a tick's label above its level line, at the left edge.
fn beside(mark: &Mark) -> Html {
    html! { <text x="0" y={percent(mark.at, HEIGHT)} dy="-0.3em">{ &mark.label }</text> }
}

/// Draws a tick's label under the chart, within its edges.
fn below(mark: &Mark) -> Html {
    let anchor = match mark.at / WIDTH {
        at if at < 0.08 => "start",
        at if at > 0.92 => "end",
        _ => "middle",
    };
    html! { <text x={percent(mark.at, WIDTH)} y="100%" dy="1.3em" text-anchor={anchor}>{ &mark.label }</text> }
}

/// Draws the line of a flag, from the row of its label down to the axis.
fn pole(flag: &Flag) -> Html {
    let x = percent(flag.at, WIDTH);
    html! { <line class="mark" x1={x.clone()} x2={x} y1={em(height(flag.row) - 0.9)} y2="100%" /> }
}

/// Draws the label of a flag in its row, as flags may stand close together.
fn label(flag: &Flag) -> Html {
    let (anchor, dx) = if flag.leftward { ("end", "-0.3em") } else { ("start", "0.3em") };
    html! {
        <text x={percent(flag.at, WIDTH)} y={em(height(flag.row))} {dx} text-anchor={anchor}>{ &flag.label }</text>
    }
}

/// Returns the base line of a row of labels, in ems. Row 0 is at the top.
fn height(row: usize) -> f64 {
    -4.0 + row as f64 * 1.2
}

fn em(height: f64) -> String {
    format!("{}em", fixed(height, 1))
}

fn percent(at: f64, whole: f64) -> String {
    format!("{}%", fixed(at / whole * 100.0, 2))
}
