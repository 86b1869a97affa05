//! What the settings say.

texts! {
    /// What the settings say.
    SettingsTexts {
        /// The disclosure.
        settings: "Settings", "设置";
        /// A field.
        language: "Language", "语言";
        /// The language that the browser prefers.
        browser: "as the browser", "跟随浏览器";
        /// A language, in itself.
        english: "English", "English";
        /// A language, in itself.
        chinese: "简体中文", "简体中文";
        /// A field.
        theme: "Theme", "主题";
        /// A theme.
        system: "as the system", "跟随系统";
        /// A theme.
        light: "light", "浅色";
        /// A theme.
        dark: "dark", "深色";
        /// A field.
        times: "Times", "时间";
        /// A kind of time.
        clock: "time of day", "时刻";
        /// A kind of time.
        since_start: "since the first message", "自首条消息起";
        /// A field.
        max_messages: "Messages to keep", "保留的消息数";
        /// A field.
        max_mebibytes: "MiB to keep", "保留的 MiB 数";
        /// A number that does not do.
        number_problem: "A whole number from {least} to {most}.", "请输入 {least} 到 {most} 之间的整数。";
        /// The browser keeps nothing.
        not_kept: "This browser keeps no settings for the page: they hold until it is closed.",
            "此浏览器不为该页面保存设置：关闭页面后失效。";
    }
}
