//! Texts for reconnecting, recent URLs and links.

texts! {
    LinksTexts {
        reconnect: "Reconnect when the connection is lost", "连接中断时自动重连";
        /// Note on the delays, and on the codes without reconnection.
        reconnect_note: "Waits up to 0.5, 1, 2 … 30 s. Not after a normal close (1000, 1005), errors that would repeat (1002, 1003, 1007–1010), or application codes (3000–4999).",
            "最多等待 0.5、1、2 … 30 秒。正常关闭（1000、1005）、会重复出现的错误（1002、1003、1007–1010）以及应用自定义代码（3000–4999）不会重连。";
        /// Countdown; `{seconds}` until attempt `{attempt}`.
        reconnecting_in: "reconnecting in {seconds} s, attempt {attempt}", "{seconds} 秒后重连，第 {attempt} 次";
        reconnecting: "reconnecting, attempt {attempt}", "正在重连，第 {attempt} 次";
        /// Button that skips the delay.
        now: "now", "立即重连";
        stop: "stop", "停止";
        /// No attempt after a normal close; `{code}` includes the name of the code.
        halt_done: "Not reconnecting: the other side was done ({code})", "未重连：对方已正常结束（{code}）";
        /// No attempt after an error that would occur again; `{code}` includes the name of the code.
        halt_same: "Not reconnecting: {code} would happen again", "未重连：重连后仍会出现 {code}";
        /// No attempt after an application's own code; `{code}` includes the name of the code.
        halt_private: "Not reconnecting: only the application knows what {code} asks for", "未重连：{code} 的含义只有应用知道";

        recent: "Recent URLs", "最近的 URL";
        recent_none: "The last 10 URLs that opened will be here.", "最近成功打开的 10 个 URL 会显示在这里。";
        forget: "remove", "移除";
        /// Label of the button for a `{url}`, for screen readers.
        forget_url: "remove {url}", "移除 {url}";
        forget_all: "remove all", "全部移除";

        copy_link: "copy link", "复制链接";
        copy_link_note: "It opens this page with the URL, the subprotocols and the message as they are now; it connects and sends if there is a connection now.",
            "链接会以当前的 URL、子协议和消息打开此页面；若当前已连接，则会自动连接并发送。";
        copied: "link copied", "链接已复制";
        /// The browser did not let the page copy.
        not_copied: "link not copied", "链接未复制";
        /// Remedy.
        copy_by_hand: "The browser did not allow it. The link is below the button: copy it from there.",
            "浏览器不允许复制。链接显示在按钮下方，请手动复制。";
        /// Label of the field with the link.
        link: "Link", "链接";
        /// The link has no message, because it would have `{bytes}` of at most `{most}` bytes.
        without_message: "Without the message: with it the link would have {bytes} bytes, and {most} is what works everywhere.",
            "不含消息：含消息的链接有 {bytes} 字节，而各处都能使用的上限是 {most} 字节。";
        /// The link is too long even without the message.
        too_long: "The link would have {bytes} bytes, and {most} is what works everywhere.", "链接有 {bytes} 字节，而各处都能使用的上限是 {most} 字节。";
        /// The page was opened by a link with bad percent-encoding.
        bad_link: "the link is damaged", "链接已损坏";
        /// `{names}` are the names of the damaged parameters.
        bad_link_hint: "Badly encoded: {names}. It was only filled in; check it, then connect.", "编码有误：{names}。仅填入了内容，请检查后再连接。";

        /// Heading of the confirmation; `{host}` is not the page's own host.
        question: "Connect to {host}?", "连接到 {host} 吗？";
        question_why: "The link that opened this page asks for it. That is not this page's own server.", "打开此页面的链接要求这样做。这不是此页面自己的服务器。";
        /// Reason for the confirmation on the page's own host.
        question_why_service: "The link that opened this page asks for it. That is not this page's echo, but another service of the same host.",
            "打开此页面的链接要求这样做。这不是此页面的回显服务，而是同一主机上的其他服务。";
        question_sends: "It would send {n} message:|It would send {n} messages:", "将发送 {n} 条消息：";
        question_silent: "It would send nothing.", "不会发送任何消息。";
        empty: "(empty message)", "（空消息）";
        connect: "connect", "连接";
        /// Button that declines, which has the focus.
        not_now: "not now", "暂不连接";
    }
}
