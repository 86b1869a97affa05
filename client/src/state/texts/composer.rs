//! What the composer says.

texts! {
    /// What the composer says.
    ComposerTexts {
        /// The name of the region.
        region: "Message to send", "要发送的消息";
        /// The label of the textarea.
        message: "Message", "消息";
        /// The button.
        send: "send", "发送";
        /// Between the names of two keys.
        or: "or", "或";
        /// Behind the names of the keys.
        sends_too: "sends too", "也可发送";
    }
}
