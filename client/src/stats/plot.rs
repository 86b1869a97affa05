//! Draws a chart as SVG.

use yew::prelude::*;

use super::model::chart::{self, Bar, Chart, Flag, HEIGHT, Line, Mark, WIDTH};
use crate::common::format::fixed;

/// Draws a chart over the available width. Shapes are stretched with it; labels are positioned in percent and keep the font size.
///
/// `id` is the id of the element and the prefix for its title and description. `title` names the chart, `description` summarizes
/// it in words, and `lines` names the lines for the style sheet.
pub fn plot(
    id: &'static str,
    title: &'static str,
    description: String,
    chart: &Chart,
    lines: [&'static str; 2],
) -> Html {
    let (name, words) = (format!("{id}-title"), format!("{id}-words"));
    let lines = chart
        .lines
        .iter()
        .zip(lines)
        .flat_map(|(parts, name)| parts.iter().map(move |part| line(part, name)));
    html! {
        <svg {id} class="plot" role="img" aria-labelledby={name.clone()} aria-describedby={words.clone()}>
            <title id={name}>{ title }</title>
            <desc id={words}>{ description }</desc>
            <svg viewBox={format!("0 0 {} {}", fixed(WIDTH, 0), fixed(HEIGHT, 0))} preserveAspectRatio="none" width="100%" height="100%">
                { for chart.y_marks.iter().map(level) }
                { for chart.bars.iter().map(bar) }
                { for lines }
            </svg>
            { for chart.y_marks.iter().filter(|mark| mark.label != "0").map(beside) }
            { for chart.x_marks.iter().map(below) }
            { for chart.flags.iter().map(pole) }
            { for chart.flags.iter().map(label) }
        </svg>
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
