//! The list, and the open message beside it on wide windows, with a boundary that the user can drag.

use yew::prelude::*;

use web_sys::{Element, PointerEvent};

use crate::browser::storage;
use crate::browser::use_media::use_media;
use crate::common::length::Length;
use crate::detail::pane::WIDE;
use crate::ui::controls::{acting, handling};
use crate::ui::use_texts::use_texts;

const STORED: &str = "detail-width";

/// Range of the width of the open message, in CSS pixels. The style sheet also leaves room for the list.
const WIDTH: Length = Length { least: 280, most: 1_600 };

/// Width before the user has chosen one: room for sixteen bytes of a hex dump.
const FIRST: i32 = 700;

/// Change of the width by a key, in CSS pixels.
const STEP: i32 = 32;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct PanesProps {
    pub list: Html,
    pub detail: Option<Html>,
}

#[component]
pub fn Panes(props: &PanesProps) -> Html {
    let texts = &use_texts().detail;
    let is_wide = use_media(WIDE);
    let panes = use_node_ref();
    let width = use_state_eq(|| WIDTH.parse(&storage::read(STORED)).unwrap_or(FIRST));
    let is_dragged = use_state_eq(|| false);

    let set = handling(&width.setter(), |width, px: f64| {
        let px = WIDTH.nearest(px);
        width.set(px);
        // The width holds until the page is left, even if the browser does not store it.
        storage::write(STORED, &px.to_string());
    });
    let onpointerdown = handling(&is_dragged.setter(), |is_dragged, event: PointerEvent| {
        event.prevent_default();
        let boundary: Element = event.target_unchecked_into();
        // Fails only for a pointer that is already gone.
        let _ = boundary.set_pointer_capture(event.pointer_id());
        is_dragged.set(true);
    });
    let release: Callback<PointerEvent> = acting(&is_dragged.setter(), |is_dragged| is_dragged.set(false));
    let onpointermove = {
        let (set, panes, is_dragged) = (set.clone(), panes.clone(), *is_dragged);
        move |event: PointerEvent| {
            if let Some(panes) = panes.cast::<Element>().filter(|_| is_dragged) {
                set.emit(panes.get_bounding_client_rect().right() - f64::from(event.client_x()));
            }
        }
    };
    let onkeydown = {
        let width = *width;
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowLeft" => set.emit(f64::from(width + STEP)),
                "ArrowRight" => set.emit(f64::from(width - STEP)),
                _ => return,
            }
            event.prevent_default();
        }
    };

    html! {
        <div class="panes" ref={panes} ~style={format!("--detail: {}px", *width)} data-open={props.detail.is_some().then_some("")}>
            { props.list.clone() }
            if let Some(detail) = props.detail.clone() {
                if is_wide {
                    <div
                        id="boundary"
                        role="separator"
                        tabindex="0"
                        aria-orientation="vertical"
                        aria-label={texts.width}
                        aria-valuenow={width.to_string()}
                        aria-valuemin={WIDTH.least.to_string()}
                        aria-valuemax={WIDTH.most.to_string()}
                        {onpointerdown}
                        {onpointermove}
                        onpointerup={release.clone()}
                        onpointercancel={release}
                        {onkeydown}
                    />
                }
                { detail }
            }
        </div>
    }
}
