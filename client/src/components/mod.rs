//! The components of the page.

pub mod composer;
pub mod copy_link;
pub mod detail;
pub mod endpoint;
pub mod figures;
pub mod icons;
pub mod log;
pub mod options;
pub mod overlay;
pub mod panel;
pub mod parts;
pub mod question;
pub mod recent;
pub mod reconnect;
pub mod settings;
pub mod shortcuts;
pub mod status;
pub mod translation;
