//! What is said about reconnecting, remembered URLs and links.

texts! {
    /// What is said about reconnecting, remembered URLs and links.
    LinksTexts {
    }
}
