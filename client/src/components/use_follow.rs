//! A list that follows its end as long as its reader stays there.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::state::follow::Follow;

/// Keeps the end of what `view` holds in sight when `len` or the size of the view changes, unless its reader went up.
///
/// Gives the handler for the view's scroll events.
#[hook]
pub fn use_follow(view: NodeRef, len: usize) -> Callback<Event> {
    let follow = use_mut_ref(Follow::default);

    let to_end = use_callback(view.clone(), {
        let follow = follow.clone();
        move |(), view| {
            if let Some(view) = view.cast::<Element>().filter(|_| follow.borrow().at_end) {
                view.set_scroll_top(view.scroll_height());
            }
        }
    });

    use_effect_with((len, to_end.clone()), |(_, to_end)| to_end.emit(()));

    use_effect_with((view, to_end), |(view, to_end)| {
        let resized = Closure::<dyn FnMut()>::new({
            let to_end = to_end.clone();
            move || to_end.emit(())
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(view)) = (&observer, view.cast::<Element>()) {
            observer.observe(&view);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(resized);
        }
    });

    use_callback((), move |event: Event, ()| {
        let view: Element = event.target_unchecked_into();
        follow.borrow_mut().scrolled(view.scroll_top(), view.scroll_height() - view.client_height());
    })
}
