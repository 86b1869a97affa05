//! Texts of the page as a whole, its settings, and its keyboard shortcuts.

texts! {
    PageTexts {
        /// Subtitle below the page's name.
        claim: "Every message comes back as it was sent.", "每条消息都原样返回。";
        close: "close", "关闭";
    }
}

texts! {
    SettingsTexts {
        settings: "Settings", "设置";
        language: "Language", "语言";
        /// Choice that follows the browser's preference.
        browser: "Browser default", "跟随浏览器";
        /// Name of the language in the language itself.
        english: "English", "English";
        /// Name of the language in the language itself.
        chinese: "简体中文", "简体中文";
        theme: "Theme", "主题";
        system: "System default", "跟随系统";
        light: "light", "浅色";
        dark: "dark", "深色";
        times: "Times", "时间显示";
        clock: "time of day", "时钟时间";
        since_start: "since the first message", "自首条消息起";
        max_messages: "Message limit", "消息数上限";
        max_mebibytes: "Memory limit (MiB)", "内存上限（MiB）";
        number_problem: "A whole number from {least} to {most}.", "请输入 {least} 到 {most} 之间的整数。";
        /// The browser refuses to store settings.
        not_kept: "This browser keeps no settings for the page: they hold until it is closed.",
            "此浏览器不为该页面保存设置：关闭页面后失效。";
        since_previous: "since the row above", "距上一行";
    }
}

texts! {
    ShortcutsTexts {
        keys: "Shortcuts", "快捷键";
        title: "Keyboard shortcuts", "键盘快捷键";
        connect: "connect, in the URL field", "连接（在 URL 栏中）";
        send: "send, in the message field", "发送（在消息框中）";
        /// Up and Down, on the first and the last line of the message field.
        recall: "previous or next sent message, in the message field", "上一条/下一条已发送消息（在消息框中）";
        /// Anywhere except in a field.
        filter: "filter the messages", "筛选消息";
        move_by: "previous or next message, in the list", "上一条或下一条消息（在列表中）";
        ends: "oldest or newest message, in the list", "最旧或最新消息（在列表中）";
        open: "open or close a message, in the list", "打开或关闭消息（在列表中）";
        act: "copy, edit, or send again, in the list", "复制、编辑、重新发送（在列表中）";
        next_hit: "next match, in the filter", "下一条匹配（在筛选框中）";
        close: "close what is open, clear the filter", "关闭已打开的面板，清除筛选";
        /// Anywhere except in a field.
        help: "show this list", "显示此列表";
        undo: "undo clear", "撤销清空";
        note: "In a field, / and ? are written as usual.", "在输入框中，/ 和 ? 照常输入。";
    }
}
