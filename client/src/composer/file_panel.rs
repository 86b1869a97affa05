//! The chosen file and its transfer, over the page below the button that chooses it.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::model::file_chunks::Split;
use super::use_transfer::{Chosen, End, Progress, Stage, TransferHandle, Transferring};
use crate::browser::part::{self, Unreadable};
use crate::common::format::{amount, fixed, short_time, to_float};
use crate::texts::{ComposerTexts, fill, plural};
use crate::ui::controls::{acting, handling, progress, quiet};

/// Shows the file's name and size, the choice of pieces, and the progress. Empty if no file is chosen.
pub fn file_panel(transfer: &TransferHandle, texts: &ComposerTexts) -> Html {
    let Transferring { chosen, split, stage, .. } = &*transfer.state.borrow();
    let Some(Chosen { file, has_others }) = chosen else {
        return Html::default();
    };
    let bytes = part::size(file);
    let fitting = Split::fitting(bytes);
    let split = split.unwrap_or(fitting);
    let index = Split::ALL.into_iter().position(|other| other == split);
    let running = if let Stage::Running(progress) = stage { Some(progress) } else { None };
    let onchange = handling(transfer, |transfer, event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        transfer.divide(usize::try_from(index).ok().and_then(|index| Split::ALL.get(index).copied()));
    });
    // The attribute is the initial choice. Once the user has chosen, browsers ignore it, and only the property counts.
    let option = |this: Split| {
        html! {
            <option disabled={!this.can_take(bytes)} selected={this == fitting}>{ split_text(this, texts) }</option>
        }
    };
    let all_handed = running.is_some_and(|progress| progress.transfer.all_handed());
    let (action, text): (fn(&TransferHandle), _) = match running {
        None => (TransferHandle::start, texts.send_file),
        Some(_) if all_handed => (TransferHandle::disconnect, texts.disconnect),
        Some(_) => (TransferHandle::cancel, texts.cancel),
    };

    html! {
        <div id="file-panel" role="group" aria-label={texts.file_region}>
            <p class="name" translate="no"><bdi>{ file.name() }</bdi>{ " · " }{ amount(to_float(bytes)) }</p>
            if *has_others {
                <p class="note">{ texts.one_file }</p>
            }
            <div class="line">
                <label for="pieces">{ texts.pieces }</label>
                <select id="pieces" ~selectedIndex={index.unwrap_or_default()} disabled={running.is_some()} {onchange}>
                    { for Split::ALL.into_iter().map(option) }
                </select>
                <span class="note" id="pieces-count" translate="no">{ count_text(split.messages(bytes), texts) }</span>
                { quiet("file-action", text, acting(transfer, action)) }
                if running.is_none() {
                    { quiet("file-away", texts.put_away, acting(transfer, TransferHandle::put_away)) }
                }
            </div>
            if let Some(look) = running {
                <div class="line">
                    { progress("file-progress", texts.progress, fixed(look.transfer.fraction(look.buffered), 3), AttrValue::Static("1")) }
                    <span id="file-figures" translate="no">{ figures(look, texts) }</span>
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
