//! What the list of messages says.

texts! {
    /// What the list of messages says.
    LogTexts {
        /// The heading.
        messages: "Messages", "消息";
        /// How many there were.
        received: "{n} message received|{n} messages received", "收到 {n} 条消息";
        /// How many there were.
        sent: "{n} sent|{n} sent", "发送 {n} 条";
        /// An empty list.
        nothing: "Nothing yet.", "暂无消息。";
        /// An empty row.
        empty: "(empty message)", "（空消息）";
        /// A way, for who hears the row.
        way_sent: "sent", "已发送";
        /// A way, for who hears the row.
        way_received: "received", "已收到";
        /// A kind.
        text: "text", "文本";
        /// A kind.
        binary: "binary", "二进制";
        /// A size.
        bytes: "{n} byte|{n} bytes", "{n} 字节";
        /// A round trip, `{ms}` milliseconds.
        round_trip: "round trip {ms}", "往返 {ms}";
        /// The field that filters.
        filter: "Filter", "筛选";
        /// What goes into it.
        filter_hint: "text, or /regular expression/", "文本，或 /正则表达式/";
        /// The choice of ways.
        way: "Direction", "方向";
        /// The choice of kinds.
        kind: "Kind", "类型";
        /// Every way.
        any_way: "sent and received", "全部方向";
        /// Every kind.
        any_kind: "text and binary", "全部类型";
        /// How many rows the filter lets through, of how many.
        hits: "{hits} of {all} match", "{all} 条中匹配 {hits} 条";
        /// The filter is under way.
        filtering: "filtering: {percent} %", "正在筛选：{percent} %";
        /// A bad regular expression, in the browser's words.
        bad_pattern: "The regular expression does not do: {reason}", "正则表达式有误：{reason}";
        /// A regular expression that took longer than `{seconds}`.
        slow_pattern: "The regular expression was stopped: one part of the messages took it over {seconds} s. Nested repetition, as in (a+)+, does that.",
            "正则表达式已停止：匹配一部分消息超过了 {seconds} 秒。嵌套的重复（例如 (a+)+）会导致这种情况。";
        /// A regular expression that the browser gave up, in its words.
        failed_pattern: "The regular expression could not be matched: {reason}", "正则表达式无法匹配：{reason}";
        /// The script that matches did not load.
        no_matcher: "The filter cannot be applied: the page's file filter-worker.js could not be loaded. Is its server still there?",
            "无法应用筛选：未能加载此页面的文件 filter-worker.js。页面的服务器是否仍在运行？";
        /// A button that holds the list still.
        pause: "pause", "暂停";
        /// The button, while the list is held still.
        resume: "resume", "继续";
        /// How many came while the list was held still.
        behind: "{n} new message since|{n} new messages since", "此后 {n} 条新消息";
        /// A button.
        clear: "clear", "清空";
        /// A button that goes to the end.
        newest: "newest ↓", "最新 ↓";
        /// The oldest ones are gone.
        let_go: "{n} message, the oldest, was let go to keep to the limit.|{n} messages, the oldest, were let go to keep to the limit.",
            "为遵守上限，已丢弃最旧的 {n} 条消息。";
        /// How to use the list by keyboard.
        keys: "Arrow keys move, Enter opens a message.", "方向键移动，回车键打开消息。";
    }
}
