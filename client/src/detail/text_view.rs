//! The exact text of a message.

use std::ops::Range;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::find_bar::{Sought, marked, use_finding, use_scroll_to_hit};
use super::model::text_chunks::TextChunks;
use crate::browser::direction::direction;
use crate::browser::use_live::use_live;
use crate::common::format::size;
use crate::connection::model::message::Place;
use crate::texts::fill;
use crate::ui::child::keyed_child;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, Properties)]
pub struct TextViewProps {
    pub text: Rc<str>,
    pub sought: Sought,
}

impl PartialEq for TextViewProps {
    /// Texts never change, and may be too long to compare.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.text, &other.text) && self.sought == other.sought
    }
}

/// The beginning of the text, with a button that doubles the shown length.
#[component]
pub fn TextView(props: &TextViewProps) -> Html {
    let texts = use_texts();
    let text = &props.text;
    let parts = use_live(|| TextChunks::of(text));
    let view = use_node_ref();
    let finding = use_finding(&props.sought, text.as_bytes(), false);
    use_scroll_to_hit(&view, &finding);
    if let Some(place) = finding.moved_to {
        parts.update(|parts| parts.show(text, place.end as usize));
    }
    let more = {
        let (view, text) = (view.clone(), text.clone());
        parts.callback(move |parts, _| {
            parts.more(&text);
            if let Some(view) = view.cast::<HtmlElement>().filter(|_| parts.hidden() == 0) {
                // The button disappears, so the focus moves to the view, which can take it.
                let _ = view.focus();
            }
        })
    };
    let parts = parts.borrow();
    let shown = [("shown", size(parts.shown())), ("all", size(text.len()))];
    let shown = shown.each_ref().map(|(name, size)| (*name, size.as_str()));

    translatable(html! {
        <>
            if text.is_empty() {
                <p class="nothing">{ texts.log.empty }</p>
            }
            { finding.bar(&props.sought, &view, texts) }
            <pre
                id="detail-text"
                translate="no"
                ref={view.clone()}
                dir={direction(text)}
                tabindex="0"
                role="region"
                aria-label={texts.detail.text}
            >
                { for parts.ranges().map(|range| part(text, finding.within(range.start, range.end), range)) }
            </pre>
            if parts.hidden() > 0 {
                <p id="detail-part" class="line">
                    <span>{ fill(texts.detail.part, &shown) }</span>
                    <button type="button" class="quiet" onclick={more}>{ texts.detail.more }</button>
                </p>
            }
        </>
    })
}

fn part(text: &Rc<str>, hits: Vec<(Place, bool)>, range: Range<usize>) -> Html {
    let key = range.start;
    keyed_child::<Part>(PartProps { text: text.clone(), range, hits }, &key.to_string())
}

#[derive(Clone, Properties)]
struct PartProps {
    text: Rc<str>,
    range: Range<usize>,
    /// Hits in the part, and true for the current one.
    hits: Vec<(Place, bool)>,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.text, &other.text) && self.range == other.range && self.hits == other.hits
    }
}

/// A separate element for each part, so that the style sheet lets browsers lay out only the visible ones.
#[component]
fn Part(props: &PartProps) -> Html {
    let part = props.text.get(props.range.clone()).unwrap_or_default();
    html! { <span class="part">{ for marked(part, props.range.start, &props.hits) }</span> }
}
