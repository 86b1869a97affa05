//! Base direction of a text.
//!
//! `dir="auto"` would do the same, but Chromium then searches the whole text at every change, and its layout time grows with the
//! square of a textarea's length: 28 s for 1 MiB.

use js_sys::RegExp;

/// Number of characters at the beginning that are examined.
const BEGINNING: usize = 256;

/// Text whose first letter is of a script that runs from right to left.
const RTL: &str = concat!(
    r"^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}",
    r"\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Hanifi_Rohingya}\p{Script=Adlam}]"
);

/// Returns the direction of the first letter, for a `dir` attribute.
pub fn direction(text: &str) -> &'static str {
    let beginning: String = text.chars().take(BEGINNING).collect();
    if RegExp::new(RTL, "u").test(&beginning) { "rtl" } else { "ltr" }
}
