//! What is said about one message, and about the log as a file.

texts! {
    /// What is said about one message, and about the log as a file.
    DetailTexts {
        /// The heading of a message with the number `{id}`.
        sent: "Message {id}, sent", "消息 {id}（已发送）";
        /// The heading of a message with the number `{id}`.
        received: "Message {id}, received", "消息 {id}（已收到）";
        /// The choice of views, for who hears it.
        views: "View", "视图";
        /// A view.
        text: "text", "文本";
        /// A view.
        json: "JSON", "JSON";
        /// A view.
        hex: "hex", "十六进制";
        /// How much of a long text is shown: `{shown}` and `{all}` are sizes.
        part: "{shown} of {all} shown", "已显示 {shown}，共 {all}";
        /// A button.
        more: "show more", "显示更多";
        /// A button that opens every block.
        open_all: "open all", "全部展开";
        /// A button that closes every block.
        close_all: "close all", "全部折叠";
        /// What a closed block has.
        items: "… {n} item|… {n} items", "… {n} 项";
        /// Behind the beginning of a long line; `{size}` is what is missing.
        line_goes_on: "… {size} more in this line", "… 此行还有 {size}";
        /// A long text that began like JSON.
        not_json: "This is not JSON after all: line {line}, character {column} cannot be there. The text view shows it as it is.",
            "这不是有效的 JSON：第 {line} 行第 {column} 个字符有误。可在文本视图中查看原文。";
        /// A button.
        copy: "copy", "复制";
        /// A button.
        resend: "send again", "重新发送";
        /// A button that makes a file of the message.
        save: "save", "保存";
        /// What came of it.
        copied: "copied", "已复制";
        /// What came of it: `{size}` of a longer dump.
        copied_beginning: "copied the first {size}", "已复制前 {size}";
        /// What came of it.
        not_copied: "The browser does not allow it: select the text and copy it.", "浏览器不允许复制：请选中文本后手动复制。";
        /// What came of it.
        resent: "sent", "已发送";
        /// What came of it.
        not_saved: "The browser could not make the file.", "浏览器无法创建文件。";

        /// A button that makes a file of the log.
        export: "export", "导出";
        /// A button that shows a log from a file.
        open_log: "open a log", "打开日志";
        /// The export is under way.
        exporting: "exporting …", "正在导出…";
        /// What came of it.
        exported: "{n} message exported|{n} messages exported", "已导出 {n} 条消息";
        /// The file is being read.
        reading: "reading {name} …", "正在读取 {name}…";
        /// What came of it.
        opened: "{n} message opened|{n} messages opened", "已打开 {n} 条消息";
        /// The question before a log goes away. How many there are now.
        replace_question: "This takes the {n} message of the list away.|This takes the {n} messages of the list away.",
            "列表中的 {n} 条消息将被移除。";
        /// The answer: how many come instead.
        replace: "replace by the {n} message of the file|replace by the {n} messages of the file",
            "替换为文件中的 {n} 条消息";
        /// The other answer.
        keep: "keep the list", "保留列表";
        /// A file that was not taken. `{name}` is the file's; what is wrong follows.
        refused: "{name} was not opened, and the list is as it was.", "未打开 {name}，列表保持不变。";
        /// The browser could not read the file.
        unreadable: "The browser cannot read the file.", "浏览器无法读取该文件。";
        /// A file with nothing in it.
        empty_file: "It has no line with a message.", "文件中没有任何消息。";
        /// No text file.
        not_text: "Line {line} is not text in UTF-8: this is no exported log.", "第 {line} 行不是 UTF-8 文本：这不是导出的日志。";
        /// No JSON.
        not_an_object: "Line {line} is not a JSON object: each line has one.", "第 {line} 行不是 JSON 对象：每行应为一个对象。";
        /// An endless line.
        too_long: "Line {line} is longer than that of any message.", "第 {line} 行过长，超过任何消息的长度。";
        /// Another format.
        other_version: "Line {line} says that the file has another version; this page reads version 1.",
            "第 {line} 行表明文件为其他版本；此页面只能读取版本 1。";
        /// A field, `{right}` being what would do.
        field: "Line {line}: “{field}” must be {right}.", "第 {line} 行：“{field}”必须是{right}。";
        /// What would do.
        field_way: "“sent” or “received”", "“sent”或“received”";
        /// What would do.
        field_time: "a time such as 2026-11-22T18:20:28.123Z", "形如 2026-11-22T18:20:28.123Z 的时间";
        /// What would do.
        field_kind: "“text” or “binary”", "“text”或“binary”";
        /// What would do.
        field_text: "a string", "字符串";
        /// What would do.
        field_base64: "bytes in Base64", "Base64 编码的字节";
        /// What would do.
        field_round_trip: "a number of milliseconds", "毫秒数";
    }
}
