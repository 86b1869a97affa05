//! The tools beside the send button.

use yew::prelude::*;

use super::file_panel::file_panel;
use super::repeat_fields::repeat_fields;
use super::snippet_panel::snippet_panel;
use super::use_field::Field;
use super::use_repeat::RepeatHandle;
use super::use_snippets::SnippetsHandle;
use super::use_transfer::{Chosen, TransferHandle};
use crate::common::bytes_input::Mode;
use crate::common::line_end::LineEnd;
use crate::texts::{Texts, fill};
use crate::ui::controls::{chosen, handling, pick};

/// Shows the choices of mode and line end, the file button, the snippets, and the repetition.
pub fn tools(
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
    let is_busy = transfer.state.borrow().is_running();
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
