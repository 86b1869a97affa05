//! What is said about the keys.

texts! {
    /// What is said about the keys.
    ShortcutsTexts {
        /// The button.
        keys: "Keys", "快捷键";
        /// The heading of the list.
        title: "Keyboard shortcuts", "键盘快捷键";
        /// A line: in the URL field.
        connect: "connect, in the URL field", "连接（在 URL 栏中）";
        /// A line: in the textarea.
        send: "send, in the message field", "发送（在消息框中）";
        /// Up and Down, on the first and the last line of the field.
        recall: "what was sent before or after, in the message field", "上次或下次发送的内容（在消息框中）";
        /// A line: anywhere but in a field.
        filter: "filter the messages", "筛选消息";
        /// A line: in the list.
        move_by: "previous or next message, in the list", "上一条或下一条消息（在列表中）";
        /// A line: in the list.
        ends: "oldest or newest message, in the list", "最旧或最新消息（在列表中）";
        /// A line: in the list.
        open: "open or close a message, in the list", "打开或关闭消息（在列表中）";
        /// A line.
        close: "close what is open", "关闭已打开的面板";
        /// A line: anywhere but in a field.
        help: "show this list", "显示此列表";
        /// Below the lines.
        note: "In a field, / and ? are written as usual.", "在输入框中，/ 和 ? 照常输入。";
    }
}
