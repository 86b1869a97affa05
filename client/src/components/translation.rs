//! The page under a browser's translation.
//!
//! A translator takes text nodes out of the document and puts elements with other texts in their places. Yew still holds the nodes:
//! it would write new texts where nobody sees them, could not take the old ones away, and would panic when it is to insert something
//! in front of a node that is gone. So every text that may be translated gets an element of its own, which is no translator's to take
//! away, and which is replaced whole when its text changes. Texts that need no translation are marked instead, and stay what they are.

use std::rc::Rc;

use yew::AttrValue;
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

/// The element of a text.
const ELEMENT: &str = "x-text";

/// The element of white space, which the style sheet hides in a row of boxes.
const SPACE: &str = "x-space";

/// Elements whose content is data, numbers or a name: the same in every language. Options of a choice are here because they can have
/// no elements in them.
const DATA: [&str; 9] = ["bdi", "code", "h1", "kbd", "q", "select", "svg", "time", "textarea"];

const MARK: (&str, &str) = ("translate", "no");

/// Makes a component's output safe to translate: all of it, but for what other components put in, and what is marked with
/// `translate="no"`.
pub fn translatable(mut html: Html) -> Html {
    visit(&mut html, 0);
    html
}

/// `place` is that of the node among its siblings.
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

/// The key makes another text another element. No two siblings have the same.
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
