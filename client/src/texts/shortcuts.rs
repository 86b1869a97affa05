//! Texts for the keyboard shortcuts.

texts! {
    ShortcutsTexts {
        keys: "Shortcuts", "快捷键";
        title: "Keyboard shortcuts", "键盘快捷键";
        /// In the URL field.
        connect: "connect, in the URL field", "连接（在 URL 栏中）";
        /// In the message field.
        send: "send, in the message field", "发送（在消息框中）";
        /// Up and Down, on the first and the last line of the message field.
        recall: "previous or next sent message, in the message field", "上一条/下一条已发送消息（在消息框中）";
        /// Anywhere except in a field.
        filter: "filter the messages", "筛选消息";
        /// In the list of messages.
        move_by: "previous or next message, in the list", "上一条或下一条消息（在列表中）";
        /// In the list of messages.
        ends: "oldest or newest message, in the list", "最旧或最新消息（在列表中）";
        /// In the list of messages.
        open: "open or close a message, in the list", "打开或关闭消息（在列表中）";
        close: "close what is open", "关闭已打开的面板";
        /// Anywhere except in a field.
        help: "show this list", "显示此列表";
        /// Note below the list of keys.
        note: "In a field, / and ? are written as usual.", "在输入框中，/ 和 ? 照常输入。";
    }
}
