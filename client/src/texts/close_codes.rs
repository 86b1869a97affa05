//! Meanings of the close codes in Chinese. In English, they are those of [`CloseCode::meaning`].

use ws_echo_shared::CloseCode;

/// Returns the meaning of a code as a sentence.
pub(super) const fn meaning_in_chinese(code: CloseCode) -> &'static str {
    match code.0 {
        1000 => "正常关闭。",
        1001 => "对方正在离开：服务器停止，或页面被关闭。",
        1002 => "有一帧违反了 WebSocket 协议。",
        1003 => "对方不接受此类数据。",
        1005 => "连接已关闭，未说明原因。",
        1006 => "连接中断，没有收到 Close 帧。",
        1007 => "有一条文本消息不是有效的 UTF-8。",
        1008 => "有一条消息违反了对方的策略。",
        1009 => "有一条消息超过了对方接受的长度。",
        1010 => "客户端需要的扩展未被服务器协商。",
        1011 => "对方遇到了意外错误。",
        1012 => "服务器正在重启；请稍后重新连接。",
        1013 => "服务器过载；请稍后再连接。",
        1014 => "网关从后端服务器收到了错误的响应。",
        1015 => "TLS 握手失败，例如证书不受信任。",
        3000..=3999 => "其含义由某个库或框架注册。",
        4000..=4999 => "其含义由应用自行定义。",
        _ => "该代码为保留代码，没有含义。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_differ_in_english_differ_in_chinese() {
        for (code, next) in (0..u16::MAX).map(|code| (CloseCode(code), CloseCode(code + 1))) {
            let differ = meaning_in_chinese(code) != meaning_in_chinese(next);
            assert_eq!(differ, code.meaning() != next.meaning(), "{code} and {next}");
        }
    }
}
