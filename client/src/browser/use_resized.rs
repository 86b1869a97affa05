//! Observer for the size of an element.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::browser::use_effect::use_effect_with;

/// Calls `notify` with the element when it is first laid out, and at every change of its size. Later values of `notify` are ignored.
#[hook]
pub fn use_resized(element: NodeRef, notify: Callback<Element>) {
    use_effect_with(element, move |element| {
        let element = element.cast::<Element>();
        let resized = Closure::<dyn FnMut()>::new({
            let element = element.clone();
            move || element.iter().for_each(|element| notify.emit(element.clone()))
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(resized);
        }
    });
}
