//! Texts of the log.

texts! {
    LogTexts {
        messages: "Messages", "消息";
        received: "{n} message received|{n} messages received", "已接收 {n} 条消息";
        sent: "{n} sent|{n} sent", "已发送 {n} 条";
        nothing: "Nothing yet.", "暂无消息。";
        /// Shown in a list whose filter lets no entry through.
        no_hit: "No message matches.", "没有匹配的消息。";
        clear_filter: "clear filter", "清除筛选";
        column_time: "time", "时间";
        column_message: "message", "消息";
        column_size: "size", "大小";
        column_trip: "round trip", "往返时间";
        empty: "(empty message)", "（空消息）";
        /// Direction, for screen readers.
        way_sent: "sent", "已发送";
        /// Direction, for screen readers.
        way_received: "received", "已接收";
        /// Kind of a row, for screen readers.
        event: "event", "事件";
        /// Choice of the events of the connection.
        events: "events", "事件";
        event_opened: "connected to {url}", "已连接到 {url}";
        event_failed: "could not connect to {url}", "无法连接到 {url}";
        /// `{code}` includes the name of the code.
        event_dropped: "dropped: {code}", "已中断：{code}";
        /// `{reason}` is the browser's message.
        event_not_sent: "not sent: {reason}", "未发送：{reason}";
        text: "text", "文本";
        binary: "binary", "二进制";
        bytes: "{n} byte|{n} bytes", "{n} 字节";
        /// Round trip; `{ms}` is the time with its unit.
        round_trip: "round trip {ms}", "往返 {ms}";
        filter: "Filter", "筛选";
        /// Placeholder of the filter's field.
        filter_hint: "text, or /regular expression/", "文本，或 /正则表达式/";
        /// Label of the group of buttons that choose a direction, a kind, or events, for screen readers.
        shown: "Entries shown", "显示的记录";
        all: "all", "全部";
        more: "More", "更多";
        /// Number of entries that pass the filter, and of all entries.
        hits: "{hits} of {all} entries match", "{all} 条记录中匹配 {hits} 条";
        filtering: "filtering: {percent} %", "正在筛选：{percent} %";
        /// The regular expression is invalid, with the browser's message.
        bad_pattern: "Invalid regular expression: {reason}", "正则表达式无效：{reason}";
        /// The regular expression took longer than `{seconds}`.
        slow_pattern: "The regular expression was stopped: one part of the messages took it over {seconds} s. Nested repetition, as in (a+)+, does that.",
            "正则表达式已停止：匹配一部分消息超过了 {seconds} 秒。嵌套的重复（例如 (a+)+）会导致这种情况。";
        /// The browser failed to match the regular expression, with its message.
        failed_pattern: "The regular expression could not be matched: {reason}", "正则表达式无法匹配：{reason}";
        /// The script of the worker did not load.
        no_matcher: "The filter cannot be applied: the page's file filter-worker.js could not be loaded. Is its server still there?",
            "无法应用筛选：未能加载此页面的文件 filter-worker.js。页面的服务器是否仍在运行？";
        pause: "pause", "暂停";
        resume: "resume", "继续";
        behind: "{n} new entry since|{n} new entries since", "暂停后新增 {n} 条";
        clear: "clear", "清空";
        newest: "newest ↓", "最新 ↓";
        /// The same button, with the number of rows that came since the list was at its end.
        newer: "{n} new ↓|{n} new ↓", "新增 {n} 条 ↓";
        evicted: "Dropped the {n} oldest message (limit reached)|Dropped the {n} oldest messages (limit reached)",
            "已达上限，丢弃最早的 {n} 条";
        keys: "Arrow keys move, Enter opens a row, c copies, e edits, r sends again.",
            "方向键移动，回车键打开所在行，c 复制，e 编辑，r 重新发送。";
        /// In front of the button that brings the entries back.
        /// Number of received messages since it was last said, for screen readers.
        heard: "{n} received|{n} received", "已接收 {n} 条";
        cleared: "list cleared", "列表已清空";
    }
}
