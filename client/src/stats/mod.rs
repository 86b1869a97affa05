//! The stats of the session, in a tab, and without cost while it is not selected.

pub mod charts;
pub mod model;
pub mod numbers;
mod use_sampled;

use yew::prelude::*;

use charts::{distribution, time_line};
use numbers::{round_trip_table, traffic_table};
use use_sampled::use_sampled;

use crate::common::format::clock_step_us;
use crate::stats::model::VersionedStats;
use crate::ui::child::child;
use crate::ui::controls::quiet;
use crate::ui::tabs::Tab;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StatsPanelProps {
    pub stats: VersionedStats,
    pub reset: Callback<()>,
    pub is_shown: bool,
}

/// The tab's tools and contents, which are empty while another tab is selected.
#[component]
pub fn StatsPanel(props: &StatsPanelProps) -> Html {
    let texts = &use_texts().stats;
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
                    { child::<Live>(LiveProps { stats: props.stats.clone() }) }
                }
            </div>
        </>
    })
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct LiveProps {
    stats: VersionedStats,
}

/// Refreshes the stats a few times a second, as long as they change.
#[component]
fn Live(props: &LiveProps) -> Html {
    let at_ms = use_sampled(&props.stats);
    child::<Sampled>(SampledProps { stats: props.stats.clone(), at_ms })
}

#[derive(Clone, Properties)]
struct SampledProps {
    stats: VersionedStats,
    /// Time of this refresh, in milliseconds since 1970.
    at_ms: f64,
}

impl PartialEq for SampledProps {
    /// Compares the times only: the stats change far more often than they are refreshed.
    fn eq(&self, other: &Self) -> bool {
        self.at_ms == other.at_ms
    }
}

#[component]
fn Sampled(props: &SampledProps) -> Html {
    let texts = &use_texts().stats;
    let stats = props.stats.borrow();
    let (sent, received) = stats.rates(props.at_ms);
    translatable(html! {
        <div class="parts">
            <div class="numbers">
                { traffic_table(texts, &stats.traffic, sent, received) }
                { round_trip_table(texts, stats.round_trips.summary()) }
            </div>
            { distribution(texts, &stats.round_trips, clock_step_us()) }
            { time_line(texts, &stats.columns(props.at_ms)) }
        </div>
    })
}
