//! Elements that several parts of the page share.

use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Shows a small, muted button.
pub fn quiet(id: &'static str, text: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button {id} type="button" class="quiet" {onclick}>{ text }</button> }
}

/// Creates a listener that calls `act` on a clone of `on`.
pub fn acting<T: Clone + 'static, E>(on: &T, act: fn(&T)) -> Callback<E> {
    let on = on.clone();
    Callback::from(move |_| act(&on))
}

/// Creates a listener that calls `act` on a clone of `on` and the event.
pub fn handling<T: Clone + 'static, E, R>(on: &T, act: impl Fn(&T, E) -> R + 'static) -> Callback<E, R> {
    let on = on.clone();
    Callback::from(move |event| act(&on, event))
}

/// Creates a listener that calls back with a value.
pub fn giving<T: Clone + 'static, E>(callback: &Callback<T>, value: &T) -> Callback<E> {
    let value = value.clone();
    callback.reform(move |_| value.clone())
}

/// Returns the text of the field that caused the event.
pub fn typed(event: &Event) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}

/// Returns the selected value of the list that caused the event.
pub fn chosen(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}

/// Shows a file input with its label. `accept` filters the browser's file dialog; empty means all files.
pub fn pick(
    id: &'static str,
    accept: &'static str,
    text: &'static str,
    disabled: bool,
    take: Callback<File>,
) -> Html {
    let onchange = move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take.emit(file);
        }
        // Reset, so that choosing the same file again is a change.
        input.set_value("");
    };
    html! {
        <div class="pick">
            <input {id} type="file" {accept} {disabled} {onchange} />
            <label for={id}>{ text }</label>
        </div>
    }
}

/// Shows a check with a note below it.
pub fn check(
    id: &'static str,
    label: &'static str,
    note: &'static str,
    (checked, disabled): (bool, bool),
    set: &Callback<bool>,
) -> Html {
    let onchange = set.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    let note_id = format!("{id}-note");
    html! {
        <div class="check">
            <input {id} type="checkbox" {checked} {disabled} aria-describedby={note_id.clone()} {onchange} />
            <label for={id}>{ label }</label>
            <p class="note" id={note_id} role="status">{ note }</p>
        </div>
    }
}

pub fn progress(id: &'static str, label: &'static str, value: String, max: AttrValue) -> Html {
    html! { <progress {id} aria-label={label} {max} {value} /> }
}
