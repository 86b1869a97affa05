//! What is said about the numbers.

texts! {
    /// What is said about the numbers.
    FiguresTexts {
        /// The disclosure.
        figures: "Figures", "统计";
        /// A button: all begins anew.
        reset: "reset", "重置";
        /// A table: what goes over the wire.
        traffic: "Traffic", "流量";
        /// A column, and a line.
        sent: "sent", "已发送";
        /// A column, and bars.
        received: "received", "已接收";
        /// A row.
        messages: "messages", "消息数";
        /// A row.
        bytes: "bytes", "字节数";
        /// A row: over the last few seconds.
        messages_now: "messages/s now", "当前消息数/秒";
        /// A row: over the last few seconds.
        bytes_now: "bytes/s now", "当前字节数/秒";
        /// A table and charts: the time from sending a message to its echo.
        round_trip: "Round trip", "往返时间";
        /// There was no round trip.
        no_echo: "No echo yet.", "暂无回显。";
        /// The median.
        p50: "p50", "p50";
        /// A percentile.
        p95: "p95", "p95";
        /// A percentile.
        p99: "p99", "p99";
        /// A row.
        least: "shortest", "最短";
        /// A row.
        most: "longest", "最长";
        /// A row.
        mean: "mean", "平均";
        /// A row: how many round trips there were.
        echoes: "echoes", "回显数";
        /// A chart.
        distribution: "Round trips by length", "往返时间分布";
        /// The chart in words.
        distribution_words: "From {least} to {most}. Half took {p50} or less, 95 of 100 {p95} or less, 99 of 100 {p99} or less.",
            "从 {least} 到 {most}。一半不超过 {p50}，95% 不超过 {p95}，99% 不超过 {p99}。";
        /// A chart.
        rate: "Messages a second", "每秒消息数";
        /// The chart in words.
        rate_words: "Over {time}: at most {received} received and {sent} sent a second.",
            "共 {time}：每秒最多接收 {received} 条、发送 {sent} 条。";
        /// A chart.
        drift: "Round trip over time", "往返时间变化";
        /// The chart in words.
        drift_words: "Over {time}: the median was {first} at first and {last} at last, at most {most}.",
            "共 {time}：中位数最初 {first}，最近 {last}，最大 {most}。";
    }
}
