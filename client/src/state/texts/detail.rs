//! What is said about one message.

texts! {
    /// What is said about one message.
    DetailTexts {
    }
}
