//! The figures of the session, out of sight until they are wanted, and without cost as long as they are not.

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

/// What the figures show and do.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FiguresPanelProps {
    /// The figures.
    pub figures: SharedFigures,
    /// Lets them begin anew.
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

/// Looks at the figures a few times a second, for as long as they change.
#[component]
fn Live(props: &FiguresPanelProps) -> Html {
    let at_ms = use_glance(&props.figures);
    html! { <Glance figures={props.figures.clone()} {at_ms} reset={props.reset.clone()} /> }
}

#[derive(Clone, Properties)]
struct GlanceProps {
    figures: SharedFigures,
    /// When they are looked at, in milliseconds since 1970.
    at_ms: f64,
    reset: Callback<()>,
}

impl PartialEq for GlanceProps {
    /// The figures change far more often than they are looked at.
    fn eq(&self, other: &Self) -> bool {
        self.at_ms == other.at_ms && self.reset == other.reset
    }
}

/// The figures at one time.
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
