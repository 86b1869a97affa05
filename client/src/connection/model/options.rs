//! Optional settings for connecting and disconnecting.

use yew::AttrValue;

use super::close_form::CloseForm;

/// Contents of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub protocols: AttrValue,
    pub close: CloseForm,
}
