//! Actions on a message.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::model::hexdump;
use super::model::view::{self, View};
use crate::browser::clipboard;
use crate::browser::download::Download;
use crate::common::format::size;
use crate::common::json;
use crate::connection::model::message::Body;
use crate::texts::{DetailTexts, fill};

/// Maximum number of bytes that are copied as a hex dump, which is five times as long.
const DUMPED: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Copied,
    /// This many bytes of the message were copied.
    CopiedBeginning(usize),
    NotCopied,
    Sent,
    NotSaved,
}

/// Result of the last action, with the number of its message. The first number makes screen readers announce the same text again.
pub type Feedback = (u32, u64, Option<Done>);

impl Done {
    fn text(self, texts: &DetailTexts) -> AttrValue {
        match self {
            Self::Copied => texts.copied.into(),
            Self::CopiedBeginning(bytes) => fill(texts.copied_beginning, &[("size", &size(bytes))]).into(),
            Self::NotCopied => texts.not_copied.into(),
            Self::Sent => texts.resent.into(),
            Self::NotSaved => texts.not_saved.into(),
        }
    }
}

/// Shows the buttons that copy the open view, send the message again, and save it.
pub fn actions(
    send: &Callback<Body, bool>,
    (id, body): (u64, &Body),
    view: View,
    done: &UseStateHandle<Feedback>,
    texts: &DetailTexts,
) -> Html {
    let say = {
        let (number, done) = (done.0, done.setter());
        Callback::from(move |what: Option<Done>| done.set((number.wrapping_add(1), id, what)))
    };
    let copy = {
        let (body, say) = (body.clone(), say.clone());
        move |_| {
            let (text, done) = copied(&body, view);
            let say = say.clone();
            spawn_local(async move {
                let copied = clipboard::copy(&text).await;
                say.emit(Some(if copied { done } else { Done::NotCopied }));
            });
        }
    };
    let resend = {
        let (body, send, say) = (body.clone(), send.clone(), say.clone());
        move |_| say.emit(send.emit(body.clone()).then_some(Done::Sent))
    };
    let save = {
        let body = body.clone();
        move |_| say.emit((!saved(id, &body)).then_some(Done::NotSaved))
    };

    html! {
        <>
            <div class="actions">
                <button id="detail-copy" type="button" class="quiet" onclick={copy}>{ texts.copy }</button>
                <button id="detail-resend" type="button" class="quiet" onclick={resend}>{ texts.resend }</button>
                <button id="detail-save" type="button" class="quiet" onclick={save}>{ texts.save }</button>
            </div>
            <p id="detail-done" role="status">
                <span key={done.0}>{ for done.2.filter(|_| done.1 == id).map(|done| done.text(texts)) }</span>
            </p>
        </>
    }
}

/// Returns the contents of the view as text.
fn copied(body: &Body, view: View) -> (String, Done) {
    let text = view::shared_text(body).filter(|_| view != View::Hex);
    match (text, view) {
        (Some(text), View::Json) => {
            (json::pretty(&text).unwrap_or_else(|_| text.as_ref().to_owned()), Done::Copied)
        }
        (Some(text), _) => (text.as_ref().to_owned(), Done::Copied),
        (None, _) => {
            let dump = hexdump::dump(body.as_bytes(), hexdump::USUAL, DUMPED);
            let is_all = body.bytes() <= DUMPED;
            (dump, if is_all { Done::Copied } else { Done::CopiedBeginning(DUMPED) })
        }
    }
}

fn saved(id: u64, body: &Body) -> bool {
    let (ending, media_type) = match body {
        Body::Text(_) if view::fitting(body).contains(&View::Json) => ("json", "application/json"),
        Body::Text(_) => ("txt", "text/plain;charset=utf-8"),
        Body::Binary(_) => ("bin", "application/octet-stream"),
    };
    let download = Download::default();
    download.push(body.as_bytes());
    download.save(&format!("message-{id}.{ending}"), media_type)
}
