//! Effects, all as one type of Yew.
//!
//! Yew generates the code of an effect anew for each type of its function and its dependencies. Here it is generated once.

use std::any::Any;
use std::rc::Rc;

use yew::functional::{Hook, TearDown};

/// Runs an effect after the first render and after each with other dependencies, as Yew's hook of this name.
pub fn use_effect_with<T: PartialEq + 'static, D: TearDown>(
    dependencies: T,
    effect: impl FnOnce(&T) -> D + 'static,
) -> impl Hook<Output = ()> {
    let dependencies = Rc::new(dependencies);
    let known = Dependencies(dependencies.clone());
    use_boxed(
        known,
        Box::new(move || {
            let end = effect(&dependencies);
            Box::new(move || end.tear_down())
        }),
    )
}

fn use_boxed(
    dependencies: Dependencies,
    effect: Box<dyn FnOnce() -> Box<dyn FnOnce()>>,
) -> impl Hook<Output = ()> {
    yew::use_effect_with(dependencies, |_| effect())
}

struct Dependencies(Rc<dyn Compared>);

trait Compared: Any {
    fn is_same(&self, other: &dyn Any) -> bool;
}

impl<T: PartialEq + 'static> Compared for T {
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

impl PartialEq for Dependencies {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(&*other.0 as &dyn Any)
    }
}
