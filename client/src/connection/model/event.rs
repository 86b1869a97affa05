//! Events of a connection, which the log shows between the messages.

use yew::AttrValue;

use super::authority::without_credentials;
use super::backoff::{Halt, Wait};
use super::phase::{Closed, Opened};
use crate::texts::{Texts, fill};
use ws_echo_shared::CloseCode;

/// An event of a connection. Its URL has no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionEvent {
    /// The handshake succeeded.
    Opened {
        url: AttrValue,
        /// Subprotocol that the server chose; mostly empty.
        protocol: AttrValue,
        /// Extensions that were agreed on, as in the header; mostly empty.
        extensions: AttrValue,
    },
    /// The connection has ended, or the handshake failed.
    Closed { url: AttrValue, closed: Closed },
    /// The page waits before it connects again.
    Reconnecting(Wait),
    /// The page does not connect again, although it is set to.
    NotReconnecting(Halt),
    /// The browser refused to send a message, with this reason.
    NotSent { reason: AttrValue },
}

impl ConnectionEvent {
    pub fn opened(endpoint: &str, opened: &Opened) -> Self {
        Self::Opened {
            url: without_credentials(endpoint),
            protocol: opened.protocol.clone(),
            extensions: opened.extensions.clone(),
        }
    }

    pub fn closed(endpoint: &str, closed: Closed) -> Self {
        Self::Closed { url: without_credentials(endpoint), closed }
    }

    /// Returns a keyword for style sheets and tests, and a mark for the event's row.
    pub const fn look(&self) -> (&'static str, &'static str) {
        match self {
            Self::Opened { .. } => ("opened", "✓"),
            Self::Closed {
                closed: Closed { code: CloseCode::ABNORMAL, asked: false, open_ms, .. }, ..
            } => (if open_ms.is_some() { "dropped" } else { "failed" }, "✕"),
            Self::Closed { .. } => ("closed", "•"),
            Self::Reconnecting(_) => ("reconnecting", "↻"),
            Self::NotReconnecting(_) => ("not-reconnecting", "•"),
            Self::NotSent { .. } => ("not-sent", "!"),
        }
    }

    pub fn sentence(&self, texts: &Texts) -> String {
        let (log, connection) = (&texts.log, &texts.connection);
        match self {
            Self::Opened { url, protocol, extensions } => {
                let mut sentence = fill(log.event_opened, &[("url", url)]);
                for (name, value) in
                    [(connection.agreed_protocol, protocol), (connection.agreed_extensions, extensions)]
                {
                    if !value.is_empty() {
                        sentence.extend([" · ", name, " ", value]);
                    }
                }
                sentence
            }
            Self::Closed { url, closed } => {
                let text = match self.look().0 {
                    "failed" => return fill(log.event_failed, &[("url", url)]),
                    "dropped" => log.event_dropped,
                    _ => connection.closed,
                };
                let mut sentence = fill(text, &[("code", &closed.code.to_string())]);
                let story = closed.story(texts).or_else(|| closed.advice(texts).map(AttrValue::Static));
                for part in [Some(closed.reason.clone()), story].into_iter().flatten() {
                    if !part.is_empty() {
                        sentence.extend([" · ", &part]);
                    }
                }
                sentence
            }
            Self::Reconnecting(wait) => wait.text(wait.delay_ms.div_ceil(1_000), texts),
            Self::NotReconnecting(halt) => halt.text(texts),
            Self::NotSent { reason } => fill(log.event_not_sent, &[("reason", reason)]),
        }
    }

    /// Returns the text that the filter searches: the sentence, and the URL if the sentence does not have it.
    pub fn searched(&self, texts: &Texts) -> String {
        let sentence = self.sentence(texts);
        match self {
            Self::Closed { url, .. } if !sentence.contains(url.as_str()) => format!("{sentence} · {url}"),
            _ => sentence,
        }
    }

    pub fn bytes(&self) -> usize {
        match self {
            Self::Opened { url, protocol, extensions } => url.len() + protocol.len() + extensions.len(),
            Self::Closed { url, closed } => url.len() + closed.reason.len(),
            Self::NotSent { reason } => reason.len(),
            Self::Reconnecting(_) | Self::NotReconnecting(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{EN, ZH};

    const URL: &str = "ws://me:secret@host/echo";

    fn closed(code: u16, reason: &'static str, open_ms: Option<u64>, asked: bool) -> ConnectionEvent {
        let code = CloseCode(code);
        let clean = code != CloseCode::ABNORMAL;
        ConnectionEvent::closed(URL, Closed { code, reason: reason.into(), open_ms, asked, clean })
    }

    #[test]
    fn an_event_is_a_line_in_the_language_of_the_page() {
        let opened = Opened { protocol: "chat".into(), extensions: "permessage-deflate".into(), at_ms: 0 };
        let opened = ConnectionEvent::opened(URL, &opened);
        let wait = ConnectionEvent::Reconnecting(Wait { attempt: 2, delay_ms: 750 });
        let halt = ConnectionEvent::NotReconnecting(Halt::of(CloseCode::MESSAGE_TOO_BIG).unwrap());
        let not_sent = ConnectionEvent::NotSent { reason: "no memory".into() };
        for (event, id, english, chinese) in [
            (
                opened,
                "opened",
                "connected to ws://host/echo · subprotocol chat · extensions permessage-deflate",
                "已连接到 ws://host/echo · 子协议 chat · 扩展 permessage-deflate",
            ),
            (
                closed(1000, "bye", Some(1_500), true),
                "closed",
                "closed: 1000 Normal Closure · bye · Closed by this page, after 1.5 s; a clean close.",
                "已关闭：1000 Normal Closure · bye · 由本页面正常关闭（clean），连接持续 1.5 秒。",
            ),
            (
                closed(1006, "", Some(1_500), false),
                "dropped",
                "dropped: 1006 Abnormal Closure · Closed by neither side, after 1.5 s; not a clean close.",
                "已中断：1006 Abnormal Closure · 双方均未发起关闭，连接持续 1.5 秒，未正常关闭（not clean）。",
            ),
            (
                closed(1006, "", None, false),
                "failed",
                "could not connect to ws://host/echo",
                "无法连接到 ws://host/echo",
            ),
            (
                closed(1006, "", None, true),
                "closed",
                "closed: 1006 Abnormal Closure · You disconnected before it opened.",
                "已关闭：1006 Abnormal Closure · 您在连接打开之前断开了。",
            ),
            (wait, "reconnecting", "reconnecting in 1 s, attempt 2", "1 秒后重连，第 2 次"),
            (
                halt,
                "not-reconnecting",
                "Not reconnecting: 1009 Message Too Big would happen again",
                "未重连：重连后仍会出现 1009 Message Too Big",
            ),
            (not_sent, "not-sent", "not sent: no memory", "未发送：no memory"),
        ] {
            assert_eq!(
                (event.look().0, event.sentence(&EN), event.sentence(&ZH)),
                (id, english.into(), chinese.into())
            );
        }
    }

    #[test]
    fn a_filter_finds_the_url_and_no_credentials() {
        for event in [
            ConnectionEvent::opened(URL, &Opened::default()),
            closed(1000, "", Some(0), false),
            closed(1006, "", None, false),
        ] {
            let text = event.searched(&EN);
            assert_eq!(
                (text.matches("ws://host/echo").count(), text.contains("secret")),
                (1, false),
                "{text}"
            );
        }
    }
}
