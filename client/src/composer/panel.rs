//! The textarea, and the row with the send button and the tools.

use yew::prelude::*;

use super::known::{Known, Remark};
use super::model::validation::Validation;
use super::outgoing::Outgoing;
use super::tools::tools;
use super::use_drop::use_drop;
use super::use_field::{Field, use_field};
use super::use_height::use_height;
use super::use_history::{HistoryHandle, use_history};
use super::use_repeat::{self, use_repeat};
use super::use_snippets::use_snippets;
use super::use_transfer::{self, use_transfer};
use crate::browser::page;
use crate::common::bytes_input::Mode;
use crate::ui::controls::{acting, handling, quiet};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ComposerProps {
    pub outgoing: Outgoing,
}

/// The textarea, the send button, and the tools below.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.composer;
    let outgoing = &props.outgoing;
    let writing = Writing { outgoing: outgoing.clone(), field: use_field(), history: use_history() };
    let Writing { field, history, .. } = &writing;
    let transfer = use_transfer(outgoing);
    let snippets = use_snippets(field, history);
    let repeat = use_repeat(outgoing, field, history);
    // Transfers and repetitions end with the connection.
    use_effect_with(outgoing.is_open, {
        let (transfer, repeat) = (transfer.clone(), repeat.clone());
        move |is_open| {
            if !is_open {
                transfer.end(use_transfer::End::Cut);
                repeat.end(use_repeat::End::Cut);
            }
        }
    });
    use_height(field.textarea.clone());
    let drop = use_drop(transfer.clone());
    let onkeydown = handling(&writing, |writing, event: KeyboardEvent| writing.key(&event));
    let has_command_key = *use_memo((), |()| page::has_command_key());
    let known = field.known();
    let Known { mode, line_end, direction, validation, remark } = known;
    let is_wrong = matches!(validation, Validation::Wrong(_)) || remark == Remark::NotSent;

    translatable(html! {
        <section
            class="composer"
            data-dropping={drop.is_over.then_some("")}
            aria-label={texts.region}
            ondragover={drop.over}
            ondragleave={drop.leave}
            ondrop={drop.drop}
        >
            <label for="message" class="unseen">{ texts.message }</label>
            <textarea
                id="message"
                ref={field.textarea.clone()}
                rows="3"
                dir={direction}
                autocomplete="off"
                spellcheck="false"
                aria-describedby="keys message-problem"
                aria-invalid={is_wrong.then_some("true")}
                // Read by `use_link::written`, which takes the message from the document.
                data-line-end={(mode == Mode::Text).then(|| line_end.name())}
                {onkeydown}
                oninput={acting(field, Field::edited)}
            />
            <div class="tools">
                <button
                    id="send"
                    type="button"
                    data-primary={outgoing.is_open.then_some("")}
                    onclick={acting(&writing, Writing::send)}
                >
                    { texts.send }
                </button>
                { tools(field, &transfer, &snippets, &repeat, all_texts) }
                <p id="message-problem" data-wrong={is_wrong.then_some("")} role="status" title={known.text(all_texts)}>
                    { known.text(all_texts) }
                </p>
                if mode == Mode::Text && validation.is_json() {
                    { quiet("pretty", texts.pretty, acting(field, Field::pretty)) }
                }
                <p id="keys">
                    <kbd>{ if has_command_key { "⌘" } else { "Ctrl" } }</kbd>{ "+" }<kbd>{ "Enter" }</kbd>
                    <span class="unseen">{ texts.sends_too }</span>
                </p>
            </div>
            if drop.is_over {
                <p class="drop">{ texts.drop }</p>
            }
        </section>
    })
}

/// Actions on the message in the field.
#[derive(Clone)]
struct Writing {
    outgoing: Outgoing,
    field: Field,
    history: HistoryHandle,
}

impl Writing {
    fn send(&self) {
        if let Some((body, draft)) = self.field.message()
            && self.outgoing.send.emit(body)
        {
            self.history.push(draft);
        }
    }

    fn key(&self, event: &KeyboardEvent) {
        let has_command = event.ctrl_key() || event.meta_key();
        if event.is_composing() {
            // The key belongs to the input method.
        } else if event.key() == "Enter" && has_command {
            event.prevent_default();
            self.send();
        } else if !(has_command || event.shift_key() || event.alt_key()) && self.recall(&event.key()) {
            event.prevent_default();
        }
    }

    /// Recalls a sent message with Up or Down at the edge of the text. Returns true if the key was used.
    fn recall(&self, key: &str) -> bool {
        let is_up = match key {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return false,
        };
        if !self.field.is_at_edge(is_up) {
            return false;
        }
        let draft = self.history.step(is_up, &self.field.draft());
        draft.iter().for_each(|draft| self.field.put(draft, is_up));
        draft.is_some()
    }
}
