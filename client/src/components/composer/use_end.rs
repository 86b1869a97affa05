//! The end of a connection, for what cannot go on without it.

use yew::prelude::*;

/// Calls when there is no open connection, at first and whenever one ends.
#[hook]
pub fn use_end(is_open: bool, cut: Callback<()>) {
    use_effect_with(is_open, move |is_open| {
        if !is_open {
            cut.emit(());
        }
    });
}
