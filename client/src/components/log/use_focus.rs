//! The focus goes to what opens.

use web_sys::HtmlElement;
use yew::prelude::*;

/// For an element that takes the focus when it is first shown.
#[hook]
pub fn use_focus() -> NodeRef {
    let element = use_node_ref();
    use_effect_with(element.clone(), |element| {
        // Fails only for what cannot have the focus.
        let _ = element.cast::<HtmlElement>().map(|element| element.focus());
    });
    element
}
