//! Protection of the page against a browser's translation.
//!
//! A translator removes text nodes from the document and puts elements with other texts in their places. Yew still refers to the
//! removed nodes: it would write new texts into nodes outside the document, could not remove the translated ones, and would panic
//! when it inserts something in front of a removed node. Therefore every translatable text gets an element of its own, which a
//! translator does not remove, and which is replaced as a whole when its text changes. Texts that need no translation are marked
//! instead, and stay unchanged.

use std::rc::Rc;

use yew::AttrValue;
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

/// Name of the element around a text.
const ELEMENT: &str = "x-text";

/// Name of the element around white space, which the style sheet hides in a row of boxes.
const SPACE: &str = "x-space";

/// Elements that contain data, numbers or names, which are the same in every language. The options of a `select` are here because
/// they cannot contain elements.
const DATA: [&str; 9] = ["bdi", "code", "h1", "kbd", "q", "select", "svg", "time", "textarea"];

const MARK: (&str, &str) = ("translate", "no");

/// Makes the output of a component safe to translate, except for its child components and the parts marked with `translate="no"`.
pub fn translatable(mut html: Html) -> Html {
    visit(&mut html, 0);
    html
}

/// Wraps the texts in a node. `place` is the index of the node among its siblings.
fn visit(node: &mut VNode, place: usize) {
    match node {
        VNode::VText(text) if !text.text.is_empty() => *node = element(text.text.clone(), place),
        VNode::VList(list) => {
            Rc::make_mut(list).iter_mut().enumerate().for_each(|(place, child)| visit(child, place));
        }
        VNode::VTag(tag)
            if [ELEMENT, SPACE].contains(&tag.tag())
                || tag.attributes.iter().any(|attribute| attribute == MARK) => {}
        VNode::VTag(tag) => {
            let tag = Rc::make_mut(tag);
            if DATA.contains(&tag.tag()) {
                tag.add_attribute(MARK.0, MARK.1);
            } else if let Some(children) = tag.children_mut() {
                visit(children, 0);
            }
        }
        _ => {}
    }
}

/// Wraps a text. The key makes a changed text a new element, and is unique among siblings.
fn element(text: AttrValue, place: usize) -> VNode {
    let is_space = text.chars().all(char::is_whitespace);
    let mut element = VTag::new(if is_space { SPACE } else { ELEMENT });
    element.key = Some(format!("{place}:{text}").into());
    element.add_child(VNode::from(yew::virtual_dom::VText::new(text)));
    element.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &'static str, place: usize) -> Html {
        element(text.into(), place)
    }

    #[test]
    fn every_text_gets_an_element_of_its_own() {
        let made = translatable(html! { <p>{ "a" }{ " " }<b>{ "a" }</b>{ "a" }</p> });
        let meant = html! { <p>{ wrapped("a", 0) }{ wrapped(" ", 1) }<b>{ wrapped("a", 0) }</b>{ wrapped("a", 3) }</p> };
        assert!(made == meant, "{made:?}");
        assert!(translatable(made.clone()) == made, "once is enough");
        assert!(translatable(html! { "a" }) == wrapped("a", 0));
        assert!(translatable(html! { <p>{ "" }</p> }) == html! { <p>{ "" }</p> });
    }

    #[test]
    fn another_text_is_another_element() {
        let key = |text: &'static str| wrapped(text, 0).key().cloned();
        assert!(key("a").is_some() && key("a") == key("a") && key("a") != key("b"));
    }

    #[test]
    fn data_is_marked_and_left_alone() {
        let made = translatable(html! { <p><code>{ "a" }</code><b translate="no">{ "b" }</b></p> });
        let VNode::VTag(made) = made else { panic!("a tag") };
        let Some(VNode::VList(children)) = made.children() else { panic!("a list") };
        for child in children.iter() {
            let VNode::VTag(tag) = child else { panic!("a tag") };
            assert!(tag.attributes.iter().any(|attribute| attribute == MARK));
            assert!(matches!(tag.children(), Some(VNode::VText(_))), "{child:?}");
        }
    }
}
