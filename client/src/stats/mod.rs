//! The figures of the session, in a tab, and without cost while it is not selected.

pub mod histogram;
pub mod model;
pub mod numbers;
pub mod plot;
pub mod time_line;
mod use_sampled;

use yew::prelude::*;

use histogram::distribution;
use numbers::{round_trip_table, traffic_table};
use time_line::time_line;
use use_sampled::use_glance;

use crate::browser::page;
use crate::stats::model::{RoundTrips, SharedFigures};
use crate::ui::controls::quiet;
use crate::ui::tabs::Tab;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FiguresPanelProps {
    pub figures: SharedFigures,
    /// Resets the figures.
    pub reset: Callback<()>,
    /// True if the tab is selected.
    pub is_shown: bool,
}

/// The tab's tools and contents, which are empty while another tab is selected.
#[component]
pub fn FiguresPanel(props: &FiguresPanelProps) -> Html {
    let texts = &use_texts().figures;
    let is_shown = props.is_shown;
    translatable(html! {
        <>
            if is_shown {
                <div class="tab-tools">
                    { quiet("reset-figures", texts.reset, props.reset.reform(|_| ())) }
                </div>
            }
            <div
                id={Tab::Stats.panel()}
                class="tab-panel"
                role="tabpanel"
                tabindex="0"
                aria-labelledby={Tab::Stats.id()}
                data-hidden={(!is_shown).then_some("")}
            >
                if is_shown {
                    <Live figures={props.figures.clone()} />
                }
            </div>
        </>
    })
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct LiveProps {
    figures: SharedFigures,
}

/// Refreshes the figures a few times a second, as long as they change.
#[component]
fn Live(props: &LiveProps) -> Html {
    let at_ms = use_glance(&props.figures);
    html! { <Glance figures={props.figures.clone()} {at_ms} /> }
}

#[derive(Clone, Properties)]
struct GlanceProps {
    figures: SharedFigures,
    /// Time of this refresh, in milliseconds since 1970.
    at_ms: f64,
}

impl PartialEq for GlanceProps {
    /// Compares the times only: the figures change far more often than they are refreshed.
    fn eq(&self, other: &Self) -> bool {
        self.at_ms == other.at_ms
    }
}

/// The figures at one point in time.
#[component]
fn Glance(props: &GlanceProps) -> Html {
    let texts = &use_texts().figures;
    let step_us = *use_memo((), |()| page::clock_step_us());
    let figures = props.figures.borrow();
    let (sent, received) = figures.rates(props.at_ms);
    translatable(html! {
        <div class="parts">
            <div class="numbers">
                { traffic_table(texts, &figures.traffic(), sent, received) }
                { round_trip_table(texts, RoundTrips::of(figures.round_trips())) }
            </div>
            { distribution(texts, figures.round_trips(), step_us) }
            { time_line(texts, &figures.columns(props.at_ms)) }
        </div>
    })
}
