//! Hex dump of a payload.

use web_sys::Element;
use yew::prelude::*;

use super::model::hexdump::{self, Line};
use super::use_lines::{lines, use_lines};
use crate::browser::use_resized::use_resized;
use crate::connection::model::message::Body;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Height of a line in rem; the same as in the style sheet.
const LINE_REM: f64 = 1.25;

/// Number of characters in the ruler: enough to measure fractions of a pixel.
const RULER: usize = 50;

#[derive(Debug, Clone, Properties)]
pub struct HexViewProps {
    pub body: Body,
}

impl PartialEq for HexViewProps {
    /// Payloads never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.body.as_bytes(), other.body.as_bytes())
    }
}

/// The visible lines of the dump. Their length follows the width of the view.
#[component]
pub fn HexView(props: &HexViewProps) -> Html {
    let texts = use_texts();
    let bytes = props.body.as_bytes();
    let view = use_node_ref();
    let columns = use_columns(view.clone());
    let window = use_lines(view.clone(), bytes.len().div_ceil(columns), LINE_REM);
    let rows =
        window.range.clone().filter_map(|index| Some(row(index, hexdump::line(bytes, columns, index)?)));
    let rows = rows.collect();
    let ruler = html! { <span class="ruler" aria-hidden="true">{ str::repeat("0", RULER) }</span> };

    translatable(html! {
        <>
            if bytes.is_empty() {
                <p class="nothing">{ texts.log.empty }</p>
            }
            { lines(("detail-hex", texts.detail.hex), view, window, ruler, rows) }
        </>
    })
}

fn row(key: usize, line: Line) -> Html {
    html! {
        <div {key} class="hex-line">
            <span class="aside">{ line.offset }</span>{ "  " }{ line.hex }{ "  " }<span class="ascii">{ line.ascii }</span>
        </div>
    }
}

/// Returns the number of bytes in a line that fit the view, and follows changes of its width.
#[hook]
fn use_columns(view: NodeRef) -> usize {
    let columns = use_state_eq(|| hexdump::USUAL);
    let setter = columns.setter();
    use_resized(
        view,
        Callback::from(move |view| fitting(&view).iter().for_each(|fitting| setter.set(*fitting))),
    );
    *columns
}

fn fitting(view: &Element) -> Option<usize> {
    let ruler = view.query_selector(".ruler").ok()??.get_bounding_client_rect().width();
    let lines = view.query_selector(".ruler + div").ok()??.get_bounding_client_rect().width();
    // The cast is lossless: neither width is negative, and the result is far below the limit.
    (ruler > 0.0).then(|| hexdump::fitting((lines / ruler * RULER as f64) as usize))
}
