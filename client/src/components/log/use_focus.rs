//! Moves the focus to an element that opens.

use web_sys::HtmlElement;
use yew::prelude::*;

/// Returns a reference for an element that takes the focus when it is first shown.
#[hook]
pub fn use_focus() -> NodeRef {
    let element = use_node_ref();
    use_effect_with(element.clone(), |element| {
        // Fails only for an element that cannot take the focus.
        let _ = element.cast::<HtmlElement>().map(|element| element.focus());
    });
    element
}
