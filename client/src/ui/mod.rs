//! Elements and hooks that several features use.

pub mod child;
pub mod controls;
pub mod element;
pub mod icons;
pub mod overlay;
pub mod tabs;
pub mod translation;
pub mod use_texts;
pub mod use_window;
