//! Texts for one message, and for the log as a file.

texts! {
    DetailTexts {
        /// Heading; `{id}` is the number of the message.
        sent: "Message {id}, sent", "消息 {id}（已发送）";
        /// Heading; `{id}` is the number of the message.
        received: "Message {id}, received", "消息 {id}（已接收）";
        /// Heading; `{id}` is the number of the event.
        event: "Event {id}", "事件 {id}";
        previous: "previous", "上一条";
        next: "next", "下一条";
        /// Label of the choice of views, for screen readers.
        views: "View", "视图";
        text: "text", "文本";
        json: "JSON", "JSON";
        hex: "hex", "十六进制";
        /// Share of a long text that is shown; `{shown}` and `{all}` are sizes.
        part: "{shown} of {all} shown", "已显示 {shown}，共 {all}";
        more: "show more", "显示更多";
        open_all: "expand all", "全部展开";
        close_all: "collapse all", "全部折叠";
        /// Contents of a closed block.
        items: "… {n} item|… {n} items", "… {n} 项";
        /// Follows the beginning of a long line; `{size}` is the size of the rest.
        line_goes_on: "… {size} more in this line", "… 此行还有 {size}";
        /// A long text that begins like JSON, but is not.
        not_json: "This is not JSON after all: line {line}, character {column} cannot be there. The text view shows it as it is.",
            "这不是有效的 JSON：第 {line} 行第 {column} 个字符有误。可在文本视图中查看原文。";
        /// Label of the boundary between the list and the message, for screen readers.
        width: "Width of the message", "消息窗格宽度";
        copy: "copy", "复制";
        edit: "edit", "编辑";
        resend: "send again", "重新发送";
        save: "save", "保存";
        copied: "copied", "已复制";
        /// `{size}` of a longer dump was copied.
        copied_beginning: "copied the first {size}", "已复制前 {size}";
        not_copied: "The browser does not allow it: select the text and copy it.", "浏览器不允许复制：请选中文本后手动复制。";
        /// `{size}` is the maximum.
        not_edited: "Too long to edit: {size} at most.", "太长，无法编辑：最多 {size}。";
        resent: "sent", "已发送";
        not_saved: "The browser could not make the file.", "浏览器无法创建文件。";

        export_all: "export all", "导出全部";
        /// Takes the entries that the filter shows.
        export_shown: "export shown", "导出所显示的";
        open_log: "open log…", "打开日志…";
        exporting: "exporting…", "正在导出…";
        exported: "{n} entry exported|{n} entries exported", "已导出 {n} 条记录";
        reading: "reading {name}…", "正在读取 {name}…";
        opened: "{n} entry opened|{n} entries opened", "已打开 {n} 条记录";
        /// Question before the list is replaced; `{n}` is the number of its entries.
        replace_question: "Replace the {n} entry in the list?|Replace the {n} entries in the list?",
            "替换列表中的 {n} 条记录吗？";
        /// Answer; `{n}` is the number of entries in the file.
        replace: "replace by the {n} entry of the file|replace by the {n} entries of the file", "替换为文件中的 {n} 条记录";
        keep: "keep the list", "保留列表";
        /// `{name}` is the file's name. The fault follows.
        refused: "{name} was not opened, and the list is as it was.", "未打开 {name}，列表保持不变。";
        unreadable: "The browser cannot read the file.", "浏览器无法读取该文件。";
        empty_file: "It has no line with an entry.", "文件中没有任何记录。";
        not_text: "Line {line} is not text in UTF-8: this is no exported log.", "第 {line} 行不是 UTF-8 文本：这不是导出的日志。";
        not_an_object: "Line {line} is not a JSON object: each line has one.", "第 {line} 行不是 JSON 对象：每行应为一个对象。";
        too_long: "Line {line} is longer than that of any message.", "第 {line} 行过长，超过任何消息的长度。";
        other_version: "Line {line} says that the file has another version; this page reads versions 1 and 2.",
            "第 {line} 行表明文件为其他版本；此页面只能读取版本 1 和 2。";
        /// An invalid field; `{right}` describes valid contents.
        field: "Line {line}: “{field}” must be {right}.", "第 {line} 行：“{field}”必须是{right}。";
        /// Value of `{right}`, like the texts below.
        field_way: "“sent” or “received”", "“sent”或“received”";
        field_time: "a time such as 2026-11-22T18:20:28.123Z", "形如 2026-11-22T18:20:28.123Z 的时间";
        field_kind: "“text” or “binary”", "“text”或“binary”";
        field_text: "a string", "字符串";
        field_base64: "bytes in Base64", "Base64 编码的字节";
        field_round_trip: "a number of milliseconds", "毫秒数";
        field_event: "the name of an event", "事件名称";
        field_flag: "true or false", "true 或 false";
        field_number: "a whole number", "整数";
        field_code: "a close code that fits the event", "与事件相符的关闭代码";

        find: "find", "查找";
        /// Name of the field, for screen readers.
        find_label: "Find in this message", "在此消息中查找";
        find_previous: "previous hit", "上一处匹配";
        find_next: "next hit", "下一处匹配";
        /// `{at}` is the number of the current hit.
        find_hits: "{at} of {all}", "第 {at} 处，共 {all} 处";
        /// There are more hits than are counted.
        find_most: "{at} of the first {all}", "第 {at} 处，仅计前 {all} 处";
        find_none: "no hit", "无匹配";
        copied_path: "path copied", "已复制路径";
        copied_value: "value copied", "已复制值";

        /// Takes what the filter shows, like the other export.
        export_har: "export as HAR", "导出为 HAR";
        /// `{place}` is the path of a value, or the number of bytes in front of the fault.
        not_har: "It is not a HAR file that this page can read: see {place}.", "这不是此页面可读取的 HAR 文件：见 {place}。";
        no_web_socket: "It has no messages of a WebSocket.", "其中没有 WebSocket 消息。";

        pin: "pin", "固定";
        unpin: "unpin", "取消固定";
        pinned: "pinned; pin another one to compare", "已固定；再固定一条即可比较";
        unpinned: "unpinned", "已取消固定";
        is_pinned: "pinned", "已固定";
        /// `{left}` and `{right}` are the numbers of the messages, also below.
        compare: "Compare {left} and {right}", "比较 {left} 与 {right}";
        swap: "swap", "交换";
        comparing: "comparing…", "正在比较…";
        equal: "equal", "相同";
        /// `{first}` and `{second}` are numbers of lines.
        differ: "− {first} only in {left}, + {second} only in {right}", "− 仅在 {left} 中：{first} 行，+ 仅在 {right} 中：{second} 行";
        not_compared: "Too long to compare: 2 MiB of text, or 400 KiB of bytes, at most.", "太长，无法比较：文本最多 2 MiB，字节最多 400 KiB。";
        differences: "Differences", "差异";

        /// While bytes of a binary format are decoded.
        decoding: "decoding…", "正在解码…";
        /// `{format}` is a format's name, and `{at}` the number of bytes in front of the fault.
        not_decoded: "This is not one value of {format}, or it is nested too deep: the fault is behind {at} bytes. The hex view shows all of them.",
            "这不是单个 {format} 值，或嵌套过深：问题出在前 {at} 个字节之后。可在十六进制视图中查看全部字节。";
        no_module: "This needs the page's file viewers-worker.js, which could not be loaded. Is its server still there?",
            "此功能需要页面文件 viewers-worker.js，但无法加载。服务器是否仍在运行？";
    }
}
