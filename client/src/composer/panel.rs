//! The textarea, and the row with the send button and the tools.

use std::rc::Rc;

use yew::prelude::*;

use super::field::{Field, FieldSlot, Known, Remark, use_field};
use super::file::{self, Chosen, TransferHandle, file_panel, use_transfer};
use super::model::history::Draft;
use super::model::validation::Validation;
use super::repeat::{self, RepeatHandle, repeat_fields, use_repeat};
use super::snippets::{SnippetsHandle, snippet_panel, use_snippets};
use super::textarea::use_height;
use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::common::bytes_input::Mode;
use crate::common::line_end::LineEnd;
use crate::session::use_session::Callbacks;
use crate::texts::{Texts, fill};
use crate::ui::controls::{acting, chosen, handling, pick, quiet};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, PartialEq, Properties)]
pub struct ComposerProps {
    pub can: Rc<Callbacks>,
    pub is_open: bool,
    pub draft: Rc<Option<Draft>>,
    pub slot: FieldSlot,
}

/// The textarea, the send button, and the tools below.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.composer;
    let ComposerProps { can, is_open, .. } = props;
    let field = &use_field(can);
    let transfer = use_transfer(can);
    let snippets = use_snippets(field);
    let repeat = use_repeat(*is_open, field);
    // Transfers and repetitions end with the connection.
    use_effect_with(*is_open, {
        let (transfer, repeat) = (transfer.clone(), repeat.clone());
        move |is_open| {
            if !is_open {
                transfer.end(file::End::Cut);
                repeat.end(repeat::End::Cut);
            }
        }
    });
    use_height(field.textarea.clone());
    use_effect_with((), {
        let (field, slot, draft) = (field.clone(), props.slot.clone(), props.draft.clone());
        move |()| {
            draft.iter().for_each(|draft| field.fill_in(draft));
            slot.replace(Some(field));
        }
    });
    let onkeydown = handling(field, |field, event: KeyboardEvent| field.key(&event));
    let has_command_key = *use_memo((), |()| page::has_command_key());
    let known = field.known();
    let Known { mode, direction, validation, remark, .. } = known;
    let is_wrong = matches!(validation, Validation::Wrong(_)) || remark == Remark::NotSent;

    translatable(html! {
        <section
            class="composer"
            data-dropping={transfer.is_over.then_some("")}
            aria-label={texts.region}
            ondragover={handling(&transfer, |transfer, event: DragEvent| transfer.dragged_over(&event))}
            ondragleave={handling(&transfer, |transfer, event: DragEvent| transfer.dragged_away(&event))}
            ondrop={handling(&transfer, |transfer, event: DragEvent| transfer.dropped(&event))}
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
                {onkeydown}
                oninput={acting(field, Field::edited)}
            />
            <div class="tools">
                <button
                    id="send"
                    type="button"
                    data-primary={is_open.then_some("")}
                    onclick={acting(field, Field::send)}
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
            if *transfer.is_over {
                <p class="drop">{ texts.drop }</p>
            }
        </section>
    })
}

/// Shows the choices of mode and line end, the file button, the snippets, and the repetition.
fn tools(
    field: &Field,
    transfer: &TransferHandle,
    snippets: &SnippetsHandle,
    repeat: &RepeatHandle,
    all_texts: &Texts,
) -> Html {
    let texts = &all_texts.composer;
    let switch = handling(field, |field, event: Event| {
        field.switch(Mode::named(&chosen(&event)).unwrap_or_default());
    });
    let end_lines = handling(field, |field, event: Event| {
        field.end_lines(LineEnd::named(&chosen(&event)).unwrap_or_default());
    });
    // Here the attribute follows the state, unlike the modes: this list is created anew with every change to text mode.
    let line_end = |this: LineEnd| {
        let text = fill(texts.lines_end, &[("end", texts.line_end(this))]);
        html! { <option value={this.name()} selected={this == field.known().line_end}>{ text }</option> }
    };
    let choose = handling(transfer, |transfer, file| transfer.choose(Chosen { file, has_others: false }));
    let is_busy = transfer.is_running();
    // The attribute is the initial choice. Once the user has chosen, browsers ignore it, and only the property counts.
    let option = |(this, text): (Mode, &'static str)| {
        html! { <option value={this.name()} selected={this == Mode::default()}>{ text }</option> }
    };
    let modes =
        [(Mode::Text, texts.mode_text), (Mode::Hex, texts.mode_hex), (Mode::Base64, texts.mode_base64)];

    html! {
        <>
            <label for="mode" class="unseen">{ texts.mode }</label>
            <select id="mode" ~value={field.known().mode.name()} onchange={switch}>
                { for modes.into_iter().map(option) }
            </select>
            if field.known().mode == Mode::Text {
                <label for="line-end" class="unseen">{ texts.line_ends }</label>
                <select id="line-end" ~value={field.known().line_end.name()} onchange={end_lines}>
                    { for LineEnd::ALL.into_iter().map(line_end) }
                </select>
            }
            <div class="file">
                { pick("file", "", texts.file, is_busy, choose) }
                { file_panel(transfer, texts) }
            </div>
            { snippet_panel(snippets, all_texts) }
            { repeat_fields(repeat, all_texts) }
        </>
    }
}
