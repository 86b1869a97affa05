//! The pane of one entry.

use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::actions::{Feedback, Outlets, actions, saying};
use super::decoded_view::{DecodedView, DecodedViewProps};
use super::event_view::event_view;
use super::find_bar;
use super::hex_view::{HexView, HexViewProps};
use super::json_view::{JsonView, JsonViewProps};
use super::model::view::{self, View};
use super::text_view::{TextView, TextViewProps};
use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_media::use_media;
use crate::common::format::{grouped, short_time, time_of_day};
use crate::connection::model::message::{Content, Direction, Entry, Message};
use crate::texts::{Texts, fill, plural};
use crate::ui::child::keyed_child;
use crate::ui::controls::{acting, giving, quiet};
use crate::ui::icons::{CHEVRON, CHEVRON_UP, CLOSE, Icon, icon};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Windows that have room for the list and a message beside each other. The same as in the style sheet.
pub const WIDE: &str = "(min-width: 60rem)";

#[derive(Clone, Properties)]
pub struct PaneProps {
    pub entry: Entry,
    /// Shown number of the entry.
    pub number: u64,
    pub outlets: Outlets,
    /// Result of the last action.
    pub done: UseStateHandle<Feedback>,
    /// Opens the entry that is this many rows further down; negative is upward.
    pub step: Callback<isize>,
    /// True if there is an entry before this one, and behind it.
    pub has_beside: [bool; 2],
    pub close: Callback<()>,
    pub is_pinned: bool,
    /// Pins the entry for a comparison, or unpins it.
    pub pin: Callback<()>,
}

impl PartialEq for PaneProps {
    /// An entry never changes, and its payload may be long to compare; its number identifies it.
    fn eq(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id
            && self.outlets == other.outlets
            && self.done == other.done
            && self.step == other.step
            && self.has_beside == other.has_beside
            && self.close == other.close
            && self.is_pinned == other.is_pinned
            && self.pin == other.pin
    }
}

/// An event with its details, or a message in the view that suits it best, with a choice of the others. A chosen view stays for the
/// next messages that it fits. Beside the list, the focus stays where it is, so that the keys of the list go on. Escape closes the pane.
#[component]
pub fn Pane(props: &PaneProps) -> Html {
    let texts = use_texts();
    let message = props.entry.message();
    let id = props.entry.id;
    let read = use_memo(id, |_| {
        message.map(|message| (view::fitting(&message.body), view::shared_text(&message.body)))
    });
    let (views, text) = (*read).as_ref().map_or((&[][..], None), |(views, text)| (&**views, text.as_ref()));
    let chosen = use_state_eq(|| None);
    let view = chosen.filter(|view| views.contains(view)).or(views.first().copied()).unwrap_or(View::Hex);
    let is_wide = use_media(WIDE);
    let section = use_node_ref();
    use_effect_with((section.clone(), is_wide), |(section, is_wide)| {
        if let Some(dialog) = section.cast::<HtmlDialogElement>().filter(|_| !is_wide) {
            // Fails only for a dialog that is already open.
            let _ = dialog.show_modal();
        } else if !page::is_focus_lost() {
            return;
        }
        // Fails only for an element that cannot take the focus.
        let _ = section.cast::<HtmlElement>().map(|section| section.focus());
    });
    let sought = use_state(|| None);
    let onkeydown = {
        let (close, sought) = (props.close.clone(), sought.clone());
        let is_message = message.is_some();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                // Escape closes a dialog without this.
                "Escape" if is_wide => {
                    event.stop_propagation();
                    close.emit(());
                }
                "f" if is_message && (event.ctrl_key() || event.meta_key()) => find_bar::open(&sought),
                "F3" if sought.is_some() => {
                    page::click(if event.shift_key() { "find-previous" } else { "find-next" });
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let shut = {
        let (section, close) = (section.clone(), props.close.clone());
        move |_: MouseEvent| match section.cast::<HtmlDialogElement>().filter(|_| !is_wide) {
            // The dialog tells by an event that it has closed.
            Some(dialog) => dialog.close(),
            None => close.emit(()),
        }
    };
    let leave = (!is_wide).then(|| props.close.clone());
    let key = id.to_string();
    let contents = match &props.entry.content {
        Content::Message(Message { body, .. }) => {
            let say = saying(&props.done, id);
            let decoded = |task: &'static str, format: &'static str| {
                let (body, sought, say) = (body.clone(), sought.clone(), say.clone());
                let props = DecodedViewProps { body, task, format, sought, say };
                keyed_child::<DecodedView>(props, &format!("{key}{task}"))
            };
            html! {
                <>
                    <div class="line">
                        if views.len() > 1 {
                            <div class="choices" role="group" aria-label={texts.detail.views}>
                                { for views.iter().map(|each| choice(*each, view, &chosen, texts)) }
                            </div>
                        }
                        { quiet("detail-pin", if props.is_pinned { texts.detail.unpin } else { texts.detail.pin }, giving(&props.pin, &())) }
                        { actions(&props.outlets, (id, props.number, body), view, &props.done, leave, acting(&sought, find_bar::open), &texts.detail) }
                    </div>
                    // The key makes another message start with a new view.
                    { match (view, text) {
                        (View::Text, Some(text)) => keyed_child::<TextView>(TextViewProps { text: text.clone(), sought: sought.clone() }, &key),
                        (View::Json, Some(text)) => keyed_child::<JsonView>(JsonViewProps { text: text.clone(), sought: sought.clone(), say: say.clone() }, &key),
                        (View::MessagePack, _) => decoded("msgpack", "MessagePack"),
                        (View::Cbor, _) => decoded("cbor", "CBOR"),
                        _ => keyed_child::<HexView>(HexViewProps { body: body.clone(), sought: sought.clone() }, &key),
                    } }
                </>
            }
        }
        Content::Event(event) => event_view(event, texts),
    };
    let step = |id: &'static str, name: &'static str, outline: Icon, by: isize| {
        let is_there = props.has_beside[usize::from(by > 0)];
        html! {
            <button
                {id}
                type="button"
                class="tool"
                aria-label={name}
                title={name}
                aria-disabled={(!is_there).then_some("true")}
                onclick={props.step.reform(move |_| by)}
            >
                { icon(outline) }
            </button>
        }
    };
    let contents = html! {
        <>
            <div class="line">
                { heading(props, texts) }
                { step("detail-previous", texts.detail.previous, CHEVRON_UP, -1) }
                { step("detail-next", texts.detail.next, CHEVRON, 1) }
                <button
                    id="detail-close"
                    type="button"
                    class="tool"
                    aria-label={texts.page.close}
                    onclick={shut}
                >
                    { icon(CLOSE) }
                </button>
            </div>
            { contents }
        </>
    };
    // Over the list where there is no room beside it.
    translatable(if is_wide {
        html! {
            <section key="beside" id="detail" ref={section} tabindex="-1" aria-labelledby="detail-title" {onkeydown}>
                { contents }
            </section>
        }
    } else {
        html! {
            <dialog
                key="over"
                id="detail"
                ref={section}
                tabindex="-1"
                aria-labelledby="detail-title"
                {onkeydown}
                onclose={props.close.reform(|_| ())}
            >
                { contents }
            </dialog>
        }
    })
}

fn heading(props: &PaneProps, texts: &Texts) -> Html {
    let entry = &props.entry;
    let message = entry.message();
    let title = match message.map(|message| message.direction) {
        Some(Direction::Sent) => texts.detail.sent,
        Some(Direction::Received) => texts.detail.received,
        None => texts.detail.event,
    };
    let number = usize::try_from(props.number).unwrap_or(usize::MAX);
    html! {
        <>
            <h2 id="detail-title">{ fill(title, &[("id", &grouped(number))]) }</h2>
            <p id="detail-facts" translate="no">
                <time>{ time_of_day(entry.at_ms, page::timezone_offset_minutes()) }</time>
                if let Some(message) = message {
                    <span>{ plural(texts.log.bytes, message.body.bytes()) }</span>
                }
                if let Some(ms) = message.and_then(|message| message.round_trip_ms) {
                    <span>{ fill(texts.log.round_trip, &[("ms", &short_time(ms))]) }</span>
                }
            </p>
        </>
    }
}

fn choice(view: View, shown: View, chosen: &UseStateHandle<Option<View>>, texts: &Texts) -> Html {
    let (name, word) = match view {
        View::Text => ("text", texts.detail.text),
        View::Json => ("json", texts.detail.json),
        View::Hex => ("hex", texts.detail.hex),
        View::MessagePack => ("msgpack", "MessagePack"),
        View::Cbor => ("cbor", "CBOR"),
    };
    let pressed = if view == shown { "true" } else { "false" };
    let onclick = {
        let chosen = chosen.clone();
        move |_| chosen.set(Some(view))
    };
    html! {
        <button key={name} type="button" data-view={name} aria-pressed={pressed} {onclick}>{ word }</button>
    }
}
