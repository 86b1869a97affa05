//! Texts of the tab with the frames. The names of frames and headers are the same in every language.

texts! {
    WireTexts {
        wire: "Wire", "帧";
        /// Check box.
        record: "Record the frames of the next connections as the server sees them (tap)",
            "记录之后连接中服务器所见的帧（tap）";
        /// Shown without a record.
        nothing: "Tick the box, and connect to this server: then its frames stand here, with pings, compression and lengths, and with every \
             difference (≠) from the page's own log.",
            "勾选后连接到此服务器，这里就会显示各个帧，包括 ping、压缩和长度，并标出与页面记录的每处差异（≠）。";
        waiting: "No frames yet.", "暂无帧。";
        /// Link to all entries.
        json: "as JSON", "JSON 格式";
        entries: "{n} entry|{n} entries", "{n} 项";
        beyond: "{n} more not kept", "另有 {n} 项未保留";
        column_time: "ms since 101", "101 起毫秒";
        column_frame: "frame", "帧";
        compressed: "compressed", "已压缩";
        /// Of a frame without FIN.
        goes_on: "goes on", "未完";
        masked: "masked", "有掩码";
        unmasked: "not masked", "无掩码";
        inflated: "inflated {size}", "解压后 {size}";
        tcp: "TCP ended by {by}: {how}", "TCP 由{by}结束：{how}";
        end: "end: {code}, closed by {by}", "结束：{code}，关闭方：{by}";
        client: "the client", "客户端";
        server: "the server", "服务器";
        /// In place of a side, where the connection was lost.
        nobody: "neither side", "无";
        split: "{n} frames, 1 message in the page", "{n} 帧，页面中为一条消息";
        uncompressed: "not compressed, although agreed", "已协商压缩，但未压缩";
        late: "{time} on its way", "途中耗时 {time}";
        missing: "not in the page", "页面中没有";
        /// Numbers of messages that differ.
        sent: "the page sent {n}", "页面发送了 {n} 条";
        received: "the page received {n}", "页面收到 {n} 条";
        told: "in the page: {told}", "页面中：{told}";
    }
}
