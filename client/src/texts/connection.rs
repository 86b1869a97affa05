//! Texts for the URL, the options, and the state of the connection.

texts! {
    ConnectionTexts {
        region: "Connection", "连接";
        url: "URL", "URL";
        /// Link shown without a connection.
        connect: "connect", "连接";
        /// Link shown with a connection.
        disconnect: "disconnect", "断开";
        /// Heading of the close codes to choose from.
        close_with: "Disconnect with", "断开并发送";
        /// Precedes the suggested URL, which is a button.
        did_you_mean: "Did you mean", "您是否想输入";
        question_mark: "?", "?";

        url_empty: "Enter the URL of a WebSocket server.", "请输入 WebSocket 服务器的 URL。";
        /// The scheme is missing, but perhaps not the host.
        url_no_scheme: "The scheme is missing: a WebSocket URL starts with ws:// or wss://.",
            "缺少协议：WebSocket URL 以 ws:// 或 wss:// 开头。";
        /// `ws:host`.
        url_no_slashes: "Two slashes belong between the scheme and the host.", "协议与主机之间应有两个斜杠。";
        url_no_host_nor_scheme: "The scheme and the host are missing.", "缺少协议和主机。";
        /// `ws:///path`.
        url_no_host: "The host is missing: write ws://HOST/PATH or ws://HOST:PORT/PATH.",
            "缺少主机：请写成 ws://主机/路径 或 ws://主机:端口/路径。";
        /// `http://` or `https://`: `{scheme}`, with `{meant}` as its WebSocket counterpart.
        url_of_a_page: "{scheme}:// is for pages; a WebSocket URL starts with {meant}://.",
            "{scheme}:// 用于网页；WebSocket URL 以 {meant}:// 开头。";
        url_other_scheme: "A WebSocket URL starts with ws:// or wss://.", "WebSocket URL 以 ws:// 或 wss:// 开头。";
        url_space: "A URL has no spaces: take them out, or write %20 for a space in the path.",
            "URL 中不能有空格：请删除，或在路径中写成 %20。";
        /// An invisible character; `{code}` is for example `U+200B`.
        url_invisible: "The URL has an invisible character, {code}: copied texts may have one. Take it out.",
            "URL 中有不可见字符 {code}，可能是随复制的文本带入的。请将其删除。";
        /// `{character}` is in the URL or around it; `{code}` is its percent-encoding for a path.
        url_character: "A URL has no {character}: take it out, or write {code} for one in the path.",
            "URL 中不能有 {character}：请删除，或在路径中写成 {code}。";
        /// `{character}` is not allowed in a host.
        url_host_character: "A host has no “{character}”: check what stands between :// and the path.",
            "主机中不能有“{character}”：请检查 :// 与路径之间的内容。";
        /// `{host}` is in brackets, or begins with a bracket.
        url_not_ipv6: "“{host}” is not a valid IPv6 address: write it like ws://[2001:db8::1]:8080/, without a zone.",
            "“{host}”不是 IPv6 地址：请写成 ws://[2001:db8::1]:8080/ 的形式，不带区域标识。";
        url_bare_ipv6: "An IPv6 address stands in brackets, so that its colons are not taken for that of the port.",
            "IPv6 地址要写在方括号中，以免其中的冒号被当作端口前的冒号。";
        url_port: "“{port}” is not a valid port: a port is a number from 1 to 65535.", "“{port}”不是端口：端口是 1 到 65535 的数字。";
        /// `{port}` belongs to another protocol.
        url_blocked_port: "Browsers connect to nothing on port {port}: it belongs to another protocol. Let the server listen on another port.",
            "浏览器不允许连接端口 {port}：它属于其他协议。请让服务器监听其他端口。";
        /// The URL contains `#`.
        url_fragment: "A WebSocket URL has no fragment: leave out the # and what follows it, or write %23 for a # in the path.",
            "WebSocket URL 没有片段：请去掉 # 及其后的内容，或在路径中将 # 写成 %23。";
        /// `ws:` on a page loaded by `https:`.
        url_mixed: "This page came by https, and from such a page browsers allow no plain ws:// (mixed content). Use wss://, or open the page by http.",
            "此页面通过 https 打开，浏览器不允许其使用明文 ws://（混合内容）。请使用 wss://，或通过 http 打开页面。";
        /// `{reason}` is the browser's message.
        url_refused: "The browser refuses this URL: {reason}. Check host, port and path.",
            "浏览器拒绝此 URL：{reason}。请检查主机、端口和路径。";
        /// `--connect-src` lists the servers that the page may connect to.
        url_forbidden: "This page may not connect to this server: its Content-Security-Policy does not list it. Set --connect-src on the page's own server.",
            "此页面不得连接该服务器：其 Content-Security-Policy 未列出它。请在页面所属的服务器上设置 --connect-src。";
        no_worker: "The page cannot connect: its file socket-worker.js could not be loaded. Is its server still there?",
            "页面无法连接：未能加载其文件 socket-worker.js。页面的服务器是否仍在运行？";

        options: "Options", "选项";
        options_button: "options", "选项";
        protocols: "Subprotocols", "子协议";
        /// `{name}` is not a token.
        protocol_not_a_token: "“{name}” is not a valid subprotocol name: it may have letters, digits and !#$%&'*+-.^_`|~.",
            "“{name}”不是子协议名称：只能包含字母、数字和 !#$%&'*+-.^_`|~。";
        /// `{name}` occurs twice.
        protocol_twice: "“{name}” is there twice: each subprotocol is offered once.", "“{name}”出现了两次：每个子协议只提供一次。";
        close_code: "Close code", "关闭代码";
        close_reason: "Close reason", "关闭原因";
        reason_bytes: "{bytes} of {most} bytes", "{bytes} / {most} 字节";
        /// The code is not one that a page may send.
        close_code_problem: "Browsers allow only 1000 or 3000–4999.", "浏览器只允许 1000 或 3000–4999。";
        /// The reason is `{n}` bytes too long.
        close_reason_problem: "The reason is {n} byte too long: 123 are allowed.|The reason is {n} bytes too long: 123 are allowed.",
            "原因超出 {n} 字节：最多 123 字节。";

        state: "State", "状态";
        details: "Connection details", "连接详情";
        idle: "not connected yet", "尚未连接";
        connecting: "connecting…", "正在连接…";
        open: "open", "已连接";
        closing: "closing…", "正在关闭…";
        /// In place of a close code, where the handshake failed.
        failed: "could not connect", "无法建立连接";
        /// `{code}` includes the name of the code.
        closed: "closed: {code}", "已关闭：{code}";
        agreed_protocol: "subprotocol", "子协议";
        agreed_extensions: "extensions", "扩展";
        reason: "Reason:", "原因：";
        /// `{time}` is the time that the connection was open.
        closed_by_page: "Closed by this page, after {time}; a clean close.", "由本页面正常关闭（clean），连接持续 {time}。";
        /// `{time}` is the time that the connection was open.
        closed_by_server: "Closed by the server, after {time}; a clean close.", "由服务器正常关闭（clean），连接持续 {time}。";
        /// `{time}` is the time that the connection was open.
        closed_unanswered: "Closed by this page without an answer, after {time}; not a clean close.", "由本页面关闭但对方未应答，连接持续 {time}，未正常关闭（not clean）。";
        /// `{time}` is the time that the connection was open.
        closed_by_neither: "Closed by neither side, after {time}; not a clean close.", "双方均未发起关闭，连接持续 {time}，未正常关闭（not clean）。";
        /// 1006 before the handshake was complete.
        never_opened: "No server there, not a WebSocket endpoint, handshake refused (401, 403, Origin), TLS, or blocked by the browser. The browser's console has the reason.",
            "目标无服务监听、不是 WebSocket 端点、握手被拒绝（401、403、Origin）、TLS 出错，或被浏览器拦截。浏览器控制台中有具体原因。";
        /// 1006 after the user disconnected before the handshake was complete.
        given_up: "You disconnected before it opened.", "您在连接打开之前断开了。";
        /// 1006 while the connection was open.
        dropped: "It was open and then dropped: by the network, a proxy, or the server's end. Connect again.",
            "连接打开后中断：由网络、代理或服务器造成。请重新连接。";

        opened: "connection is successful", "连接成功";
        ended: "Connection is closed...", "连接已关闭…";
        connect_first: "connect first!!!", "请先连接！";
        already_connected: "already connected", "已经连接";
        disconnect_first: "To connect anew, disconnect first.", "要重新连接，请先断开。";
        not_connected: "not connected", "未连接";
        not_disconnected: "not disconnected", "未断开";
        not_sent: "not sent", "未发送";
        /// A message was sent without a connection.
        kept: "Nothing was sent; your text is kept.", "未发送，内容已保留。";
        /// A message was sent before the connection opened.
        still_connecting: "It is still connecting. Nothing was sent; send again when it is open.",
            "仍在连接，没有发送；请在连接打开后再发送。";
        /// A message was sent after the connection began to close.
        already_closing: "It is closing. Nothing was sent; connect again, then send.", "正在关闭，没有发送；请重新连接后再发送。";
        /// `{reason}` is the browser's message.
        send_refused: "The browser refused it: {reason} Your text is kept; try again.",
            "浏览器拒绝发送：{reason} 您的文本已保留，请重试。";

        seconds: "{s} s", "{s} 秒";
        minutes: "{min} min {s} s", "{min} 分 {s} 秒";
        hours: "{h} h {min} min", "{h} 小时 {min} 分";

        /// Button beside a failure; `{url}` has the other scheme.
        try_other: "try {url}", "改用 {url}";
        /// Heading of the snippets to choose from.
        opening: "Send after connecting", "连接后发送";
        opening_note: "Sent in this order after each connect and reconnect. Kept for this tab; no link has it.",
            "每次连接或重连后按此顺序发送。仅保存在此标签页中，不包含在链接里。";
        /// In front of command lines.
        elsewhere: "No page can send headers or cookies of its choice, or pings, or see the answer to a handshake. These programs can; fill in the header, or leave it out:",
            "网页无法自选请求头或 Cookie，不能发送 ping，也看不到握手的响应。以下程序可以；请填写请求头，或将其删除：";
        opening_none: "Save a message as a snippet to choose it here.", "将消息保存为常用消息后，可在此选择。";
    }
}
