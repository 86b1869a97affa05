//! What is said about the keys.

texts! {
    /// What is said about the keys.
    ShortcutsTexts {
    }
}
