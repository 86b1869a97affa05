//! Elements with many variants, without the code that `html!` makes for each.

use yew::AttrValue;
use yew::prelude::*;
use yew::virtual_dom::{VTag, VText};

/// Creates an element. Its listeners are those of an element around it.
pub fn element(tag: &'static str, attributes: &[(&'static str, &str)], children: Vec<Html>) -> Html {
    let mut element = VTag::new(tag);
    for (name, value) in attributes {
        element.add_attribute(name, AttrValue::from((*value).to_owned()));
    }
    element.add_children(children);
    element.into()
}

/// Creates a text.
pub fn text(text: &str) -> Html {
    VText::new(text.to_owned()).into()
}
