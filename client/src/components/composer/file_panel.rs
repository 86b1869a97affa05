//! The file that is to be sent, and how far it is.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::outgoing::Outgoing;
use super::use_transfer::{Chosen, End, Progress, Stage, TransferHandle};
use crate::browser::part::{self, Unreadable};
use crate::state::format::{amount, fixed, short_time};
use crate::state::pieces::{Split, to_float};
use crate::state::texts::{ComposerTexts, fill, plural};
use crate::use_texts::use_texts;

/// What the panel shows and does.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct FilePanelProps {
    /// The file.
    pub transfer: TransferHandle,
    /// The connection.
    pub outgoing: Outgoing,
}

/// Name, size, the choice of pieces, and progress. Nothing while no file is chosen.
#[component]
pub fn FilePanel(props: &FilePanelProps) -> Html {
    let texts = &use_texts().composer;
    let TransferHandle { chosen, stage, .. } = &props.transfer;
    let split = use_state_eq(|| None::<Split>);
    use_effect_with(chosen.clone(), {
        let split = split.clone();
        move |_| split.set(None)
    });
    let fitting = split.or_else(|| chosen.as_ref().map(|chosen| Split::fitting(part::size(&chosen.file))));
    let select = use_node_ref();
    // A choice that was made by hand stays, whatever the options say.
    use_effect_with((chosen.clone(), fitting), {
        let select = select.clone();
        move |(_, fitting)| {
            let index = Split::ALL.into_iter().position(|split| Some(split) == *fitting);
            let index = index.and_then(|index| i32::try_from(index).ok()).unwrap_or_default();
            select.cast::<HtmlSelectElement>().iter().for_each(|select| select.set_selected_index(index));
        }
    });
    let (Some(Chosen { file, has_others }), Some(fitting)) = (chosen, fitting) else {
        return Html::default();
    };
    let bytes = part::size(file);
    let running = if let Stage::Running(progress) = stage { Some(progress) } else { None };

    let onchange = {
        let split = split.clone();
        move |event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            split.set(usize::try_from(index).ok().and_then(|index| Split::ALL.get(index).copied()));
        }
    };
    let option = |this: Split| {
        html! {
            <option disabled={!this.can_take(bytes)}>{ split_text(this, texts) }</option>
        }
    };
    let all_handed = running.is_some_and(|progress| progress.transfer.all_handed());
    let (action, text) = match running {
        None => (props.transfer.start.reform(move |()| fitting), texts.send_file),
        Some(_) if all_handed => (props.outgoing.disconnect.clone(), texts.disconnect),
        Some(_) => (props.transfer.cancel.clone(), texts.cancel),
    };

    html! {
        <div id="file-panel" role="group" aria-label={texts.file_region}>
            <p class="name"><bdi>{ file.name() }</bdi>{ " · " }{ amount(to_float(bytes)) }</p>
            if *has_others {
                <p class="note">{ texts.one_file }</p>
            }
            <div class="line">
                <label for="pieces">{ texts.pieces }</label>
                <select id="pieces" ref={select} disabled={running.is_some()} {onchange}>
                    { for Split::ALL.into_iter().map(option) }
                </select>
                <span class="note" id="pieces-count">{ count_text(fitting.messages(bytes), texts) }</span>
                <button id="file-action" type="button" class="quiet" onclick={action.reform(|_| ())}>{ text }</button>
                if running.is_none() {
                    <button id="file-away" type="button" class="quiet" onclick={props.transfer.put_away.reform(|_| ())}>
                        { texts.put_away }
                    </button>
                }
            </div>
            if let Some(progress) = running {
                <div class="line">
                    <progress
                        id="file-progress"
                        aria-label={texts.progress}
                        max="1"
                        value={fixed(progress.transfer.fraction(progress.buffered), 3)}
                    />
                    <span id="file-figures">{ figures(progress, texts) }</span>
                </div>
            }
            <p id="file-status" role="status">
                if all_handed {
                    { texts.handed }
                } else if let Stage::Ended(end) = stage {
                    { end_text(end, bytes, texts) }
                }
            </p>
        </div>
    }
}

fn split_text(split: Split, texts: &ComposerTexts) -> String {
    match split {
        Split::Whole => texts.whole.to_owned(),
        Split::Pieces(bytes) => fill(texts.in_pieces, &[("size", &amount(to_float(bytes)))]),
    }
}

fn count_text(messages: u64, texts: &ComposerTexts) -> String {
    plural(texts.messages, usize::try_from(messages).unwrap_or(usize::MAX))
}

fn figures(progress: &Progress, texts: &ComposerTexts) -> String {
    let Progress { transfer, buffered, now } = progress;
    let (out, all) = (amount(transfer.out(*buffered)), amount(to_float(transfer.bytes())));
    let out = fill(texts.out_of, &[("out", &out), ("all", &all)]);
    match transfer.rate(*now, *buffered) {
        Some(rate) => format!("{out} · {}", fill(texts.a_second, &[("size", &amount(rate))])),
        None => out,
    }
}

fn end_text(end: &End, bytes: u64, texts: &ComposerTexts) -> String {
    match end {
        End::Sent(ms) => {
            fill(texts.file_sent, &[("size", &amount(to_float(bytes))), ("time", &short_time(*ms))])
        }
        End::Cancelled(out) => fill(texts.file_cancelled, &[("size", &amount(*out))]),
        End::Cut(out) => fill(texts.file_cut, &[("size", &amount(*out))]),
        End::Unreadable(Unreadable::TooBig) => texts.file_too_big.to_owned(),
        End::Unreadable(Unreadable::Refused(reason)) => fill(texts.file_unreadable, &[("reason", reason)]),
    }
}
