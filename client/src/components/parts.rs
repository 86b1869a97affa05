//! What many parts of the page are made of.

use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A small muted button.
pub fn quiet(id: &'static str, text: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button {id} type="button" class="quiet" {onclick}>{ text }</button> }
}

/// A listener that acts on something.
pub fn acting<T: Clone + 'static, E>(on: &T, act: fn(&T)) -> Callback<E> {
    let on = on.clone();
    Callback::from(move |_| act(&on))
}

/// What stands in the field that an event is of.
pub fn typed(event: &Event) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}

/// The value of the option that was chosen in the list that an event is of.
pub fn chosen(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}

/// A field for a file, and its label. `accept` is what the browser offers; empty is all.
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
        // So that the same file can be chosen again.
        input.set_value("");
    };
    html! {
        <div class="pick">
            <input {id} type="file" {accept} {disabled} {onchange} />
            <label for={id}>{ text }</label>
        </div>
    }
}

/// How far something is, of `max`.
pub fn progress(id: &'static str, label: &'static str, value: String, max: AttrValue) -> Html {
    html! { <progress {id} aria-label={label} {max} {value} /> }
}
