//! Texts for the stats.

texts! {
    StatsTexts {
        stats: "Stats", "统计";
        reset: "reset", "重置";
        traffic: "Traffic", "流量";
        /// Label of a column, and of a line in a chart.
        sent: "sent", "已发送";
        /// Label of a column, and of the bars in a chart.
        received: "received", "已接收";
        messages: "messages", "消息数";
        bytes: "bytes", "字节数";
        /// Rate over the last few seconds.
        messages_now: "messages/s now", "速率（条/秒）";
        /// Rate over the last few seconds.
        bytes_now: "bytes/s now", "速率（字节/秒）";
        /// Table and charts of the time from sending a message to its echo.
        round_trip: "Round trip", "往返时间";
        no_echo: "No echo yet.", "暂无回显。";
        p50: "p50", "p50";
        p95: "p95", "p95";
        p99: "p99", "p99";
        least: "min", "最短";
        most: "max", "最长";
        mean: "mean", "平均";
        echoes: "echoes", "回显数";
        distribution: "Round-trip distribution", "往返时间分布";
        /// Summary of the chart, for screen readers.
        distribution_words: "From {least} to {most}. Half took {p50} or less, 95 of 100 {p95} or less, 99 of 100 {p99} or less.",
            "从 {least} 到 {most}。一半不超过 {p50}，95% 不超过 {p95}，99% 不超过 {p99}。";
        rate: "Messages per second", "每秒消息数";
        /// Summary of the chart, for screen readers.
        rate_words: "Over {time}: at most {received} received and {sent} sent per second.",
            "共 {time}：每秒最多接收 {received} 条、发送 {sent} 条。";
        drift: "Round trip over time", "往返时间变化";
        /// Summary of the chart, for screen readers.
        drift_words: "Over {time}: the median was {first} at first and {last} at last, at most {most}.",
            "共 {time}：中位数最初 {first}，最近 {last}，最大 {most}。";
    }
}
