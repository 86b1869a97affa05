//! The figures of the session, collapsed at first, and without cost while collapsed.

pub mod histogram;
pub mod numbers;
pub mod plot;
pub mod time_line;
mod use_glance;

use web_sys::Element;
use yew::prelude::*;

use histogram::distribution;
use numbers::{round_trip_table, traffic_table};
use time_line::time_line;
use use_glance::use_glance;

use crate::components::translation::translatable;
use crate::page;
use crate::state::figures::{RoundTrips, SharedFigures};
use crate::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FiguresPanelProps {
    pub figures: SharedFigures,
    /// Resets the figures.
    pub reset: Callback<()>,
}

/// A disclosure that is empty while it is closed.
#[component]
pub fn FiguresPanel(props: &FiguresPanelProps) -> Html {
    let texts = &use_texts().figures;
    let is_open = use_state_eq(|| false);
    let ontoggle = {
        let is_open = is_open.clone();
        move |event: Event| is_open.set(event.target_unchecked_into::<Element>().has_attribute("open"))
    };
    translatable(html! {
        <details id="figures" {ontoggle}>
            <summary>{ texts.figures }</summary>
            if *is_open {
                <Live figures={props.figures.clone()} reset={props.reset.clone()} />
            }
        </details>
    })
}

/// Refreshes the figures a few times a second, as long as they change.
#[component]
fn Live(props: &FiguresPanelProps) -> Html {
    let at_ms = use_glance(&props.figures);
    html! { <Glance figures={props.figures.clone()} {at_ms} reset={props.reset.clone()} /> }
}

#[derive(Clone, Properties)]
struct GlanceProps {
    figures: SharedFigures,
    /// Time of this refresh, in milliseconds since 1970.
    at_ms: f64,
    reset: Callback<()>,
}

impl PartialEq for GlanceProps {
    /// Compares the times only: the figures change far more often than they are refreshed.
    fn eq(&self, other: &Self) -> bool {
        self.at_ms == other.at_ms && self.reset == other.reset
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
        <>
            <button id="reset-figures" type="button" class="quiet" onclick={props.reset.reform(|_| ())}>{ texts.reset }</button>
            <div class="parts">
                <div class="numbers">
                    { traffic_table(texts, &figures.traffic(), sent, received) }
                    { round_trip_table(texts, RoundTrips::of(figures.round_trips())) }
                </div>
                { distribution(texts, figures.round_trips(), step_us) }
                { time_line(texts, &figures.columns(props.at_ms)) }
            </div>
        </>
    })
}
