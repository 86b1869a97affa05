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
        remember: "Remember URLs and what was sent", "记住 URL 和已发送的内容";
        /// While it is on.
        remember_note: "Recent URLs, the history of the message field, and its draft over a reload.", "最近的 URL、消息框的发送历史，以及刷新后的草稿。";
        /// While it is off.
        forgets: "Nothing of it is stored, and what was stored is removed.", "不再保存这些内容，已保存的均已删除。";
        keep_log: "Keep the log over a reload", "刷新后保留记录";
        keep_log_note: "In this browser, for each tab, the newest 64 MiB. Removed by clear, and when this is turned off.",
            "保存在此浏览器中，每个标签页保留最新的 64 MiB。清空列表或关闭此项时会删除。";
        /// Notice: the browser refuses to store the log.
        log_not_kept: "log not kept", "记录未保存";
        log_not_kept_hint: "The browser does not store it: its disk is full, or the window private. Nothing is lost until the page is left.",
            "浏览器未能保存：磁盘已满或处于无痕窗口。离开页面前不会丢失任何内容。";
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
        act: "copy, edit, send again, or pin, in the list", "复制、编辑、重新发送、固定（在列表中）";
        next_hit: "next match, in the filter", "下一条匹配（在筛选框中）";
        close: "close what is open, clear the filter", "关闭已打开的面板，清除筛选";
        /// Anywhere except in a field.
        help: "show this list", "显示此列表";
        undo: "undo clear", "撤销清空";
        note: "In a field, / and ? are written as usual.", "在输入框中，/ 和 ? 照常输入。";
        find: "find, in the open message", "查找（在打开的消息中）";
        /// `c` copies the value, `p` the path.
        json: "copy value or path, in JSON", "复制值或路径（在 JSON 视图中）";
    }
}
