//! Meanings of the close codes. Their names are those of the IANA registry in every language.

use ws_echo_shared::CloseCode;

texts! {
    /// Meanings of the close codes (RFC 6455 section 7.4.1, and its IANA registry).
    CloseCodeTexts {
        normal: CloseCode(1000).meaning(), "正常关闭。";
        going_away: CloseCode(1001).meaning(), "对方正在离开：服务器停止，或页面被关闭。";
        protocol_error: CloseCode(1002).meaning(), "有一帧违反了 WebSocket 协议。";
        unsupported: CloseCode(1003).meaning(), "对方不接受此类数据。";
        no_status: CloseCode(1005).meaning(), "连接已关闭，未说明原因。";
        abnormal: CloseCode(1006).meaning(), "连接中断，没有收到 Close 帧。";
        invalid_payload: CloseCode(1007).meaning(), "有一条文本消息不是有效的 UTF-8。";
        policy: CloseCode(1008).meaning(), "有一条消息违反了对方的策略。";
        too_big: CloseCode(1009).meaning(), "有一条消息超过了对方接受的长度。";
        mandatory_extension: CloseCode(1010).meaning(), "客户端需要的扩展未被服务器协商。";
        internal: CloseCode(1011).meaning(), "对方遇到了意外错误。";
        restart: CloseCode(1012).meaning(), "服务器正在重启；请稍后重新连接。";
        try_later: CloseCode(1013).meaning(), "服务器过载；请稍后再连接。";
        bad_gateway: CloseCode(1014).meaning(), "网关从后端服务器收到了错误的响应。";
        tls: CloseCode(1015).meaning(), "TLS 握手失败，例如证书不受信任。";
        /// 3000 to 3999.
        registered: CloseCode(3000).meaning(), "其含义由某个库或框架注册。";
        /// 4000 to 4999.
        private: CloseCode(4000).meaning(), "其含义由应用自行定义。";
        /// All other codes.
        reserved: CloseCode(0).meaning(), "该代码为保留代码，没有含义。";
    }
}

impl CloseCodeTexts {
    /// Returns the meaning of a code as a sentence.
    pub const fn meaning(&self, code: CloseCode) -> &'static str {
        match code.0 {
            1000 => self.normal,
            1001 => self.going_away,
            1002 => self.protocol_error,
            1003 => self.unsupported,
            1005 => self.no_status,
            1006 => self.abnormal,
            1007 => self.invalid_payload,
            1008 => self.policy,
            1009 => self.too_big,
            1010 => self.mandatory_extension,
            1011 => self.internal,
            1012 => self.restart,
            1013 => self.try_later,
            1014 => self.bad_gateway,
            1015 => self.tls,
            3000..=3999 => self.registered,
            4000..=4999 => self.private,
            _ => self.reserved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::EN;

    #[test]
    fn every_code_means_in_the_catalogue_what_it_means_to_the_server() {
        for code in (0..=u16::MAX).map(CloseCode) {
            assert_eq!(EN.close_codes.meaning(code), code.meaning(), "{code}");
        }
    }
}
