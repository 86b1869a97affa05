//! Texts of the settings.

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
        /// The number is out of range.
        number_problem: "A whole number from {least} to {most}.", "请输入 {least} 到 {most} 之间的整数。";
        /// The browser refuses to store settings.
        not_kept: "This browser keeps no settings for the page: they hold until it is closed.",
            "此浏览器不为该页面保存设置：关闭页面后失效。";
    }
}
