//! Child components, all as one component of Yew.
//!
//! Yew generates its lifecycle for each component type: several kilobytes of the page, thirty times. Here it is generated once. A function
//! with `#[component]` is written as always, and placed by [`child`] instead of by its tag.

use std::any::Any;
use std::rc::Rc;

use yew::functional::{FunctionProvider, Hook, HookContext};
use yew::prelude::*;
use yew::virtual_dom::{Key, VComp};

/// Places the component `T`.
pub fn child<T: FunctionProvider + 'static>(props: T::Properties) -> Html {
    keyed_child::<T>(props, "")
}

/// Places the component `T` with a key, which makes another instance of it where it changes.
pub fn keyed_child<T: FunctionProvider + 'static>(props: T::Properties, key: &str) -> Html {
    // Components differ by their functions, so that none takes over the state of another one.
    place(Rc::new(Given::<T>(props)), T::run as *const () as usize, key)
}

fn place(given: Rc<dyn Renders>, function: usize, key: &str) -> Html {
    let key = Key::from(format!("{function}{key}"));
    VComp::new::<Child>(Rc::new(ChildProps { given }), Some(key)).into()
}

/// The properties of a component, and its function.
trait Renders {
    fn render(&self, context: &mut HookContext) -> HtmlResult;
    fn is_same(&self, other: &dyn Renders) -> bool;
    fn as_any(&self) -> &dyn Any;
}

struct Given<T: FunctionProvider>(T::Properties);

impl<T: FunctionProvider + 'static> Renders for Given<T> {
    fn render(&self, context: &mut HookContext) -> HtmlResult {
        T::run(context, &self.0)
    }

    fn is_same(&self, other: &dyn Renders) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone, Properties)]
struct ChildProps {
    given: Rc<dyn Renders>,
}

impl PartialEq for ChildProps {
    fn eq(&self, other: &Self) -> bool {
        self.given.is_same(&*other.given)
    }
}

#[component]
fn Child(props: &ChildProps) -> HtmlResult {
    use_given(&*props.given)
}

/// Runs the hooks of the component that is placed.
fn use_given(given: &dyn Renders) -> impl Hook<Output = HtmlResult> {
    Rendering(given)
}

struct Rendering<'a>(&'a dyn Renders);

impl Hook for Rendering<'_> {
    type Output = HtmlResult;

    fn run(self, context: &mut HookContext) -> HtmlResult {
        self.0.render(context)
    }
}
