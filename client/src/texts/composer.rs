//! Texts of the composer.

use crate::common::line_end::LineEnd;

texts! {
    ComposerTexts {
        region: "Message to send", "要发送的消息";
        message: "Message", "消息";
        send: "send", "发送";
        /// Follows the names of the keys, for screen readers.
        sends_too: "sends", "发送";

        mode: "Send as", "发送格式";
        mode_text: "text", "文本";
        mode_hex: "hex", "十六进制";
        mode_base64: "Base64", "Base64";
        line_ends: "Line ends", "换行符";
        /// A choice of line ends; `{end}` is one of the three below.
        lines_end: "line ends: {end}", "换行：{end}";
        lf: "LF", "LF";
        crlf: "CR+LF", "CR+LF";
        cr: "CR", "CR";
        /// A text with mixed line ends was inserted; all of them are now `{end}`.
        mixed_text: "The line ends of this text differed. All of them are {end} now.", "该文本的换行符不一致，现已全部改为 {end}。";
        /// The bytes are text, but have mixed line ends.
        mixed_bytes: "The line ends of these bytes differ, so the field is left as it was.", "这些字节中的换行符不一致，输入内容保持不变。";
        /// The input cannot be converted to text.
        no_text: "These bytes are not plain text, so the field is left as it was.", "这些字节无法显示为文本，输入内容保持不变。";
        /// `{problem}` is the fault of the input.
        not_sent: "Not sent. {problem}", "未发送。{problem}";
        bytes: "binary, {n} byte|binary, {n} bytes", "二进制，{n} 字节";

        at: "Line {line}, column {column}: {what}", "第 {line} 行第 {column} 列：{what}";
        hex_character: "“{bad}” is not a hexadecimal digit.", "“{bad}”不是十六进制数字。";
        hex_odd: "a byte has two digits; write 05, not 5.", "每个字节需要两位数字；请写 05 而不是 5。";
        base64_character: "“{bad}” is not in the alphabet of Base64.", "“{bad}”不在 Base64 字母表中。";
        base64_after_padding: "nothing may follow the padding (=).", "填充符 (=) 之后不能再有内容。";
        base64_padding: "the padding (=) does not fit; it may be left out.", "填充符 (=) 的数量不对；可以省略填充。";
        base64_single: "a single character is left over, which is less than a byte.", "末尾多出一个字符，不足一个字节。";
        base64_bits: "the last character has bits that belong to no byte.", "最后一个字符含有不属于任何字节的位。";

        /// Text that looks like JSON, but is too long for a check while typing.
        json: "JSON?", "JSON?";
        json_valid: "valid JSON", "JSON 有效";
        json_invalid: "Not JSON. {problem}", "不是有效的 JSON。{problem}";
        pretty: "pretty-print", "格式化";
        json_end: "the text ends here, but more must come.", "文本在此结束，但内容不完整。";
        json_end_in_string: "the text ends within a string; a \" is missing.", "文本在字符串中结束；缺少 \"。";
        json_unexpected: "“{bad}” cannot be here.", "此处不能出现“{bad}”。";
        /// `[1,]`.
        json_trailing_comma: "there is nothing after this comma; take it out.", "此逗号之后没有内容；请删除。";
        /// `[1 2]`.
        json_missing_comma: "a comma is missing in front of this.", "此处之前缺少逗号。";
        /// `{"a" 1}`.
        json_missing_colon: "a colon is missing behind the name.", "名称之后缺少冒号。";
        /// `{a: 1}` or `'a'`.
        json_unquoted: "names and strings stand in double quotes.", "名称和字符串必须用双引号括起。";
        /// `None`.
        json_word: "the only words are true, false and null.", "只允许 true、false 和 null。";
        /// `01`.
        json_number: "this is not a number as JSON writes it.", "这不是 JSON 的数字写法。";
        /// `\x`.
        json_escape: "there is no such escape; a backslash itself is written \\\\.", "没有这种转义；反斜杠本身写作 \\\\。";
        json_control: "a control character in a string is written as an escape, such as \\n or \\t.", "字符串中的控制字符须写成转义，例如 \\n 或 \\t。";
        /// `{} {}`.
        json_more: "there is more behind the value.", "值之后还有多余内容。";
        json_too_long: "it is JSON, but laid out it would be longer than 128 MiB.", "是有效的 JSON，但格式化后会超过 128 MiB。";

        file: "send file…", "发送文件…";
        /// Shown while a file is dragged over the composer.
        drop: "Drop to choose this file", "松开以选择该文件";
        file_region: "File to send", "要发送的文件";
        /// Label for the choice of pieces.
        pieces: "Send as", "发送方式";
        whole: "one message", "一条消息";
        /// A choice; `{size}` is the size of each piece.
        in_pieces: "pieces of {size}", "每段 {size}";
        messages: "{n} message|{n} messages", "{n} 条消息";
        send_file: "send file", "发送文件";
        cancel: "cancel", "取消";
        /// Button that stops the transfer after the browser has taken the whole file.
        disconnect: "disconnect", "断开";
        /// The browser has taken the whole file.
        handed: "The browser has all of it; only disconnecting stops it now.", "浏览器已接收全部数据；现在只能通过断开连接来停止。";
        put_away: "remove", "移除";
        progress: "Progress", "进度";
        out_of: "{out} of {all}", "{out}，共 {all}";
        /// Rate; `{size}` per second.
        a_second: "{size}/s", "{size}/秒";
        file_sent: "Sent: {size} in {time}.", "已发送：{size}，用时 {time}。";
        file_cancelled: "Cancelled: {size} went out.", "已取消：已发出 {size}。";
        /// The connection ended during the transfer.
        file_cut: "The connection ended; {size} went out.", "连接已断开；已发出 {size}。";
        /// The browser could not read the file; `{reason}` is its message.
        file_unreadable: "The file could not be read: {reason} Choose it again.", "无法读取文件：{reason} 请重新选择。";
        file_too_big: "Too big for one message; send it in pieces.", "作为一条消息太大；请分段发送。";
        /// Several files were dropped.
        one_file: "One file at a time: this is the first.", "一次一个文件：这是第一个。";

        repeat: "Repeat", "循环发送";
        repeat_button: "repeat", "循环发送";
        /// Label while a repetition is in progress.
        repeating: "repeating…", "正在循环发送…";
        times: "Count (empty = until stopped)", "次数（留空 = 直到停止）";
        every: "Interval in ms (0 = as fast as possible)", "间隔（毫秒，0 = 尽可能快）";
        start: "start", "开始";
        stop: "stop", "停止";
        times_problem: "Count: write a whole number, or nothing to go on until it is stopped.", "次数：请填写整数，或留空以持续到停止。";
        /// Note in the panels of repeat and of the snippets.
        placeholders: "Repeat, and send in the list of snippets, replace {{n}}, {{now}}, {{uuid}} and {{random 16}} by new values for each message.",
            "循环发送以及在常用消息列表中直接发送时，{{n}}、{{now}}、{{uuid}} 和 {{random 16}} 会在每条消息中取新值。";
        every_problem: "Interval: write a whole number of milliseconds, at most 3600000.", "间隔：请填写整数毫秒，最大 3600000。";
        sent_of: "{sent} of {all} sent", "已发送 {sent} / {all} 条";
        sent: "{sent} sent", "已发送 {sent} 条";
        rate: "{n} a second", "每秒 {n} 条";
        stopped: "stopped", "已停止";
        done: "done", "已完成";
        /// The connection ended during the repetition.
        cut: "the connection ended", "连接已断开";

        snippets: "Snippets", "常用消息";
        snippets_button: "snippets", "常用消息";
        snippet_name: "Name", "名称";
        save: "save message", "保存消息";
        no_snippets: "Save the message under a name to use it again.", "为消息命名并保存，以便再次使用。";
        /// Label of the button with a snippet's `{name}`, for screen readers.
        load: "write “{name}” into the field", "将“{name}”填入输入框";
        rename: "rename", "重命名";
        /// Label for screen readers.
        rename_which: "rename “{name}”", "重命名“{name}”";
        delete: "delete", "删除";
        /// Label for screen readers.
        delete_which: "delete “{name}”", "删除“{name}”";
        undo: "undo", "撤销";
        import: "import", "导入";
        export: "export", "导出";
        forget: "clear history", "清除发送历史";
        saved: "“{name}” is saved.", "已保存“{name}”。";
        renamed: "Renamed to “{name}”.", "已重命名为“{name}”。";
        deleted: "“{name}” is deleted.", "已删除“{name}”。";
        imported: "{n} snippet imported.|{n} snippets imported.", "已导入 {n} 条常用消息。";
        forgotten: "History cleared.", "发送历史已清除。";
        /// The storage is full or forbidden.
        not_stored: "The browser does not store it; it is gone when the page is left.", "浏览器未能保存；离开页面后会丢失。";
        name_empty: "Give it a name.", "请输入名称。";
        name_taken: "Another snippet has this name; choose another name.", "已有同名的常用消息；请换一个名称。";
        import_not_json: "Nothing imported: the file is not JSON. {problem}", "未导入：文件不是有效的 JSON。{problem}";
        import_not_snippets: "Nothing imported: the file has no snippets; choose one that was exported here.", "未导入：文件中没有常用消息；请选择从此处导出的文件。";
        import_version: "Nothing imported: the file is from a later version of this page.", "未导入：文件来自此页面的更新版本。";
        import_snippet: "Nothing imported: snippet {n} of the file has no name, mode or text.", "未导入：文件中第 {n} 条常用消息缺少名称、格式或文本。";
        import_too_many: "Nothing imported: there would be {n} snippets, and the page keeps at most 1,000.", "未导入：将有 {n} 条常用消息，此页面最多保存 1,000 条。";
        /// The browser could not read the file; `{reason}` is its message.
        import_unreadable: "Nothing imported: the file could not be read: {reason}", "未导入：无法读取文件：{reason}";
        /// Label of the button that sends the snippet `{name}`, for screen readers.
        send_which: "send “{name}”", "发送“{name}”";
    }
}

impl ComposerTexts {
    pub const fn line_end(&self, end: LineEnd) -> &'static str {
        match end {
            LineEnd::Lf => self.lf,
            LineEnd::CrLf => self.crlf,
            LineEnd::Cr => self.cr,
        }
    }
}
