//! Texts of the page as a whole.

texts! {
    PageTexts {
        /// Subtitle below the page's name.
        claim: "Every message comes back as it was sent.", "每条消息都原样返回。";
        /// Button that closes a panel.
        close: "close", "关闭";
    }
}
