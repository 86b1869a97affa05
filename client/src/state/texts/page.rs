//! What the page says of itself.

texts! {
    /// What the page says of itself.
    PageTexts {
        /// Below the name.
        claim: "Every message comes back as it was sent.", "每条消息都原样返回。";
        /// On a button that takes a panel away.
        close: "close", "关闭";
    }
}
