//! Hex dump of a payload.

use web_sys::Element;
use yew::prelude::*;

use super::find_bar::{Sought, marked, use_finding, use_scroll_to_hit};
use super::model::hexdump::{self, Line};
use super::use_lines::{lines, use_lines};
use crate::browser::use_resized::use_resized;
use crate::connection::model::message::{Body, Place};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Height of a line in rem; the same as in the style sheet.
const LINE_REM: f64 = 1.25;

/// Number of characters in the ruler: enough to measure fractions of a pixel.
const RULER: usize = 50;

#[derive(Clone, Properties)]
pub struct HexViewProps {
    pub body: Body,
    pub sought: Sought,
}

impl PartialEq for HexViewProps {
    /// Payloads never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.body.as_bytes(), other.body.as_bytes()) && self.sought == other.sought
    }
}

/// The visible lines of the dump. Their length follows the width of the view.
#[component]
pub fn HexView(props: &HexViewProps) -> Html {
    let texts = use_texts();
    let bytes = props.body.as_bytes();
    let view = use_node_ref();
    let columns = use_columns(view.clone());
    let finding = use_finding(&props.sought, bytes, true);
    let centred = finding.moved_to.map(|place| place.start as usize / columns);
    let window = use_lines(view.clone(), bytes.len().div_ceil(columns), LINE_REM, centred);
    use_scroll_to_hit(&view, &finding);
    let rows = window.range.clone().filter_map(|index| {
        let (start, line) = (index * columns, hexdump::line(bytes, columns, index)?);
        Some(row(index, line, start, &finding.within(start, start + columns)))
    });
    let rows = rows.collect();
    let ruler = html! { <span class="ruler" aria-hidden="true">{ str::repeat("0", RULER) }</span> };

    translatable(html! {
        <>
            if bytes.is_empty() {
                <p class="nothing">{ texts.log.empty }</p>
            }
            { finding.bar(&props.sought, &view, texts) }
            { lines(("detail-hex", texts.detail.hex), view, window, ruler, rows) }
        </>
    })
}

/// Shows a line. `start` is the position of its first byte.
fn row(key: usize, line: Line, start: usize, hits: &[(Place, bool)]) -> Html {
    // Marks are between the first digit of the first byte and the last digit of the last one.
    let digits = hits.iter().map(|(place, is_current)| {
        let at = |byte: u32| hexdump::column((byte as usize).saturating_sub(start)) as u32;
        (Place { start: at(place.start), end: at(place.end.saturating_sub(1)) + 2 }, *is_current)
    });
    let digits: Vec<_> = digits.collect();
    html! {
        <div {key} class="hex-line">
            <span class="aside">{ line.offset }</span>{ "  " }
            { for marked(&line.hex, 0, &digits) }
            { "  " }<span class="ascii">{ for marked(&line.ascii, start, hits) }</span>
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
