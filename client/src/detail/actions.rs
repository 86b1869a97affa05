//! Actions on a message.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::model::hexdump;
use super::model::view::{self, View};
use crate::browser::clipboard;
use crate::browser::download::Download;
use crate::common::format::size;
use crate::common::json;
use crate::composer::FieldSlot;
use crate::connection::model::message::{Body, Kind};
use crate::texts::{DetailTexts, fill};
use crate::ui::controls::{handling, quiet};

/// Maximum number of bytes that are copied as a hex dump, which is five times as long.
const DUMPED: usize = 1 << 20;

/// Maximum length of a message that is edited, in bytes: a textarea with more is slow.
const EDITED: usize = 4 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Copied,
    /// This many bytes of the message were copied.
    CopiedBeginning(usize),
    /// The path of a JSON value was copied, or the value.
    CopiedPath,
    CopiedValue,
    /// The message is pinned, and waits for another one.
    Pinned,
    Unpinned,
    NotCopied,
    /// The message is longer than [`EDITED`].
    NotEdited,
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
            Self::CopiedPath => texts.copied_path.into(),
            Self::CopiedValue => texts.copied_value.into(),
            Self::Pinned => texts.pinned.into(),
            Self::Unpinned => texts.unpinned.into(),
            Self::NotCopied => texts.not_copied.into(),
            Self::NotEdited => fill(texts.not_edited, &[("size", &size(EDITED))]).into(),
            Self::Sent => texts.resent.into(),
            Self::NotSaved => texts.not_saved.into(),
        }
    }
}

/// Places that a message can go to.
#[derive(Clone, PartialEq)]
pub struct Outlets {
    /// Sends a message. Returns false if it was not sent; then a notice has given the reason.
    pub send: Callback<Body, bool>,
    /// The composer's field, for editing.
    pub field: FieldSlot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Copies what a view shows.
    Copy(View),
    /// Brings the message into the composer.
    Edit,
    Resend,
}

impl Act {
    /// Returns the action of a key on a row: `c` copies the message as it is, `e` edits it, any other key sends it again.
    pub fn of_key(key: &str, body: &Body) -> Self {
        match (key, body.kind()) {
            ("c", Kind::Text) => Self::Copy(View::Text),
            ("c", Kind::Binary) => Self::Copy(View::Hex),
            ("e", _) => Self::Edit,
            _ => Self::Resend,
        }
    }

    /// Acts on a message, and says the result.
    pub fn run(self, body: &Body, to: &Outlets, say: &Callback<Option<Done>>) {
        match self {
            Self::Copy(view) => {
                let (text, done) = copied(body, view);
                copy(text, done, say);
            }
            Self::Edit if body.bytes() > EDITED => say.emit(Some(Done::NotEdited)),
            Self::Edit => {
                say.emit(None);
                to.field.borrow().iter().for_each(|field| field.edit(body));
            }
            Self::Resend => say.emit(to.send.emit(body.clone()).then_some(Done::Sent)),
        }
    }
}

/// Copies a text, and says `done` if the browser allows it.
pub fn copy(text: String, done: Done, say: &Callback<Option<Done>>) {
    let say = say.clone();
    spawn_local(async move {
        let copied = clipboard::copy(&text).await;
        say.emit(Some(if copied { done } else { Done::NotCopied }));
    });
}

/// Returns a callback that shows the result of an action on the message with a number.
pub fn saying(done: &UseStateHandle<Feedback>, id: u64) -> Callback<Option<Done>> {
    let (number, done) = (done.0, done.setter());
    Callback::from(move |what| done.set((number.wrapping_add(1), id, what)))
}

/// Shows the result of the last action if it was on this message. Without one, the element is there all the same, for screen
/// readers.
pub fn feedback(
    element: &'static str,
    (number, of, done): Feedback,
    id: Option<u64>,
    texts: &DetailTexts,
) -> Html {
    let done = done.filter(|_| id == Some(of));
    html! {
        <p id={element} role="status"><span key={number}>{ for done.map(|done| done.text(texts)) }</span></p>
    }
}

/// Shows the buttons that find in the message, copy the open view, edit the message, send it again, and save it. `leave` closes a pane that lies over the
/// composer.
pub fn actions(
    to: &Outlets,
    (id, number, body): (u64, u64, &Body),
    view: View,
    done: &UseStateHandle<Feedback>,
    leave: Option<Callback<()>>,
    find: Callback<MouseEvent>,
    texts: &DetailTexts,
) -> Html {
    let say = saying(done, id);
    let doing = |act: Act| {
        let (body, to, say) = (body.clone(), to.clone(), say.clone());
        Callback::from(move |_: MouseEvent| act.run(&body, &to, &say))
    };
    let edit = match leave {
        None => doing(Act::Edit),
        Some(leave) => handling(&doing(Act::Edit), move |edit, event| {
            leave.emit(());
            let edit = edit.clone();
            // The field can take the focus only once the pane is gone.
            Timeout::new(0, move || edit.emit(event)).forget();
        }),
    };
    let save = {
        let (body, say) = (body.clone(), say.clone());
        Callback::from(move |_| say.emit((!saved(number, &body)).then_some(Done::NotSaved)))
    };
    html! {
        <>
            <div class="actions">
                { quiet("detail-find", texts.find, find) }
                { quiet("detail-copy", texts.copy, doing(Act::Copy(view))) }
                { quiet("detail-edit", texts.edit, edit) }
                { quiet("detail-resend", texts.resend, doing(Act::Resend)) }
                { quiet("detail-save", texts.save, save) }
            </div>
            { feedback("detail-done", **done, Some(id), texts) }
        </>
    }
}

/// Returns the contents of the view as text.
fn copied(body: &Body, view: View) -> (String, Done) {
    let text = view::shared_text(body).filter(|_| matches!(view, View::Text | View::Json));
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

fn saved(number: u64, body: &Body) -> bool {
    let (ending, media_type) = match body {
        Body::Text(_) if view::fitting(body).contains(&View::Json) => ("json", "application/json"),
        Body::Text(_) => ("txt", "text/plain;charset=utf-8"),
        Body::Binary(_) => ("bin", "application/octet-stream"),
    };
    let download = Download::default();
    download.push(body.as_bytes());
    download.save(&format!("message-{number}.{ending}"), media_type)
}
