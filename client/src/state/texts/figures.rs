//! What is said about the numbers.

texts! {
    /// What is said about the numbers.
    FiguresTexts {
    }
}
