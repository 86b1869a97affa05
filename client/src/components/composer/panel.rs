//! The textarea, the button, and what belongs to them.

use yew::prelude::*;

use super::file_panel::FilePanel;
use super::outgoing::Outgoing;
use super::tools::Tools;
use super::use_drop::use_drop;
use super::use_field::{Field, Remark, use_field};
use super::use_history::{HistoryHandle, use_history};
use super::use_transfer::use_transfer;
use crate::state::bytes_input::Mode;
use crate::state::history::Draft;
use crate::state::texts::{Texts, fill};
use crate::state::verdict::Verdict;
use crate::use_texts::use_texts;

/// What the composer does.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ComposerProps {
    /// The connection.
    pub outgoing: Outgoing,
}

/// The textarea and the button, and small tools below.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.composer;
    let field = use_field();
    let history = use_history();
    let transfer = use_transfer(&props.outgoing);
    let drop = use_drop(transfer.choose.clone());

    let send = {
        let (outgoing, field, history) = (props.outgoing.clone(), field.clone(), history.clone());
        Callback::from(move |()| {
            if let Some((body, draft)) = field.message()
                && outgoing.send.emit(body)
            {
                history.push(draft);
            }
        })
    };
    let onkeydown = {
        let (send, field, history) = (send.clone(), field.clone(), history.clone());
        move |event: KeyboardEvent| {
            let has_command = event.ctrl_key() || event.meta_key();
            if event.is_composing() {
                // The key is the input method's.
            } else if event.key() == "Enter" && has_command {
                event.prevent_default();
                send.emit(());
            } else if !(has_command || event.shift_key() || event.alt_key())
                && recall(&event.key(), &field, &history)
            {
                event.prevent_default();
            }
        }
    };
    let load = {
        let (field, history) = (field.clone(), history.clone());
        Callback::from(move |draft: Draft| {
            // So that Up brings back what is replaced.
            history.push(field.draft());
            field.put(&draft, false);
        })
    };
    let oninput = {
        let field = field.clone();
        move |_: InputEvent| field.edited()
    };
    let pretty = {
        let field = field.clone();
        move |_: MouseEvent| field.pretty()
    };
    let (mode, verdict, remark) = (field.mode(), field.verdict(), field.remark());
    let is_wrong = matches!(verdict, Verdict::Wrong(_)) || remark == Remark::NotSent;

    html! {
        <section
            class={classes!("composer", drop.is_over.then_some("dropping"))}
            aria-label={texts.region}
            ondragover={drop.over}
            ondragleave={drop.leave}
            ondrop={drop.drop}
        >
            <label for="message">{ texts.message }</label>
            // `dir="auto"` would do the same, but then Chromium's time to lay out a text grows with the square of its
            // length: 28 s for 1 MiB.
            <textarea
                id="message"
                ref={field.textarea.clone()}
                rows="3"
                dir={field.direction().dir()}
                autocomplete="off"
                spellcheck="false"
                aria-describedby="keys message-problem"
                aria-invalid={is_wrong.then_some("true")}
                {onkeydown}
                {oninput}
            />
            <div class="line">
                <button id="send" type="button" onclick={send.reform(|_| ())}>{ texts.send }</button>
                <p id="keys">
                    <kbd>{ "Ctrl" }</kbd>{ " " }{ texts.or }{ " " }<kbd>{ "⌘" }</kbd>{ " + " }<kbd>{ "Enter" }</kbd>
                    { " " }{ texts.sends_too }
                </p>
                <p id="message-problem" class={is_wrong.then_some("wrong")} role="status">
                    { for said(verdict, remark, all_texts) }
                </p>
                if mode == Mode::Text && verdict.is_json() {
                    <button id="pretty" type="button" class="quiet" onclick={pretty}>{ texts.pretty }</button>
                }
            </div>
            <Tools
                outgoing={props.outgoing.clone()}
                {field}
                {history}
                {load}
                choose={transfer.choose.clone()}
                is_busy={transfer.is_running()}
            />
            if drop.is_over {
                <p class="drop">{ texts.drop }</p>
            }
            <FilePanel {transfer} outgoing={props.outgoing.clone()} />
        </section>
    }
}

/// Up and Down at the edge of the text bring what was sent. True if the key is used up.
fn recall(key: &str, field: &Field, history: &HistoryHandle) -> bool {
    let is_up = match key {
        "ArrowUp" => true,
        "ArrowDown" => false,
        _ => return false,
    };
    let draft = field.is_at_edge(is_up).then(|| history.step(is_up, &field.draft())).flatten();
    draft.iter().for_each(|draft| field.put(draft, is_up));
    draft.is_some()
}

/// What there is to say of the message, in one line.
fn said(verdict: Verdict, remark: Remark, texts: &Texts) -> Option<AttrValue> {
    let text = verdict.text(texts);
    match remark {
        Remark::None => text,
        Remark::NotSent => text.map(|problem| fill(texts.composer.not_sent, &[("problem", &problem)]).into()),
        Remark::NoText => Some(AttrValue::Static(texts.composer.no_text)),
    }
}
