//! Texts of the lab. Those of the scenarios stand in the catalogue (`ws_echo_shared::lab`).

texts! {
    LabTexts {
        lab: "Lab", "实验室";
        loading: "Loading the scenarios…", "正在加载场景…";
        no_scenarios: "This server gives no scenarios: it does not answer, or it runs with --no-lab.",
            "此服务器未提供场景：它没有应答，或以 --no-lab 运行。";
        scenario: "Scenario", "场景";
        /// Check box that asks for a tap.
        tap: "Record the frames as the server sees them (tap)", "记录服务器所见的帧（tap）";
        /// Under a field with a bad value; `{allowed}` is in English.
        problem: "Write {allowed}.", "请输入：{allowed}。";
        /// Heading of the URL and the lines for other clients.
        lines: "For other clients", "用于其他客户端";
        /// Shown in their place.
        bad_value: "A value is not allowed, so there is no URL.", "有的值不被允许，因此没有 URL。";
        /// Name of a copy button for screen readers; `{name}` is that of the client.
        copy: "copy: {name}", "复制：{name}";
    }
}
