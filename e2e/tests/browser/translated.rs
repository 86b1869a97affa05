//! Tests of the page under a browser's translation, which replaces text nodes by elements with other texts. The page must still
//! show its current state.

use serde_json::json;

use crate::{
    page::{Page, on_page},
    peer::peer,
};

/// Script that translates as browsers do: it replaces each text node that is not marked as untranslatable by
/// `<font><font>«text»</font></font>`, at once and after each change of the document.
const TRANSLATOR: &str = "
    const place = text => {
        const parent = text.parentElement;
        if (!parent || parent.closest('[translate=no], script, noscript, style, textarea, font')) return;
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.textContent = text.data.trim() ? '«' + text.data + '»' : text.data;
        outer.append(inner);
        text.replaceWith(outer);
    };
    const all = root => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const texts = [];
        while (walker.nextNode()) texts.push(walker.currentNode);
        texts.forEach(place);
    };
    all(document.body);
    new MutationObserver(changes => changes.forEach(change => {
        change.addedNodes.forEach(node => node.nodeType === Node.TEXT_NODE ? place(node) : all(node));
        if (change.type === 'characterData') place(change.target);
    })).observe(document.body, { childList: true, characterData: true, subtree: true });
";

impl Page {
    async fn translate(&self) {
        self.client.execute(TRANSLATOR, vec![]).await.unwrap();
    }

    async fn until_text(&self, css: &str, text: &str) {
        self.until(&format!("document.querySelector('{css}')?.textContent === {}", json!(text))).await;
    }

    /// Checks that the page reacts to clicks and that the console has no errors.
    async fn is_alive(&self) {
        assert_eq!(self.console_errors().await, [""; 0]);
        self.goes_on().await;
    }

    async fn goes_on(&self) {
        self.click("#show-shortcuts").await;
        self.until("document.querySelector('#shortcuts').open").await;
        self.client.execute("document.querySelector('#shortcuts').close()", vec![]).await.unwrap();
    }
}

#[tokio::test]
async fn state_counts_and_notices_stay_true() {
    on_page(|page| async move {
        page.translate().await;
        page.until_text("#send", "«send»").await;
        page.click("#send").await;
        page.until_text("#notice", "«connect first!!!»").await;
        page.connect().await;
        page.until_text("#connect", "«disconnect»").await;
        page.until_text("#notice", "«connection is successful»").await;
        let open = page.text("#state strong").await;
        page.send("send").await;
        page.send("two").await;
        page.until_text("#received-count", "2 messages received").await;
        page.until_text("#sent-count", "2 sent").await;
        assert_eq!(page.rows().await, ["send", "two"], "payloads are not translated");

        page.click("#connect").await;
        page.until_phase("closed").await;
        page.until_text("#notice", "«Connection is closed...»").await;
        page.until_text("#connect", "«connect»").await;
        let closed = page.text("#state strong").await;
        assert!(closed != open && closed.contains("1000"), "{open}, then {closed}");
        page.show("state-details").await;
        let explained = page.text("#state .explanation").await;
        page.hide().await;
        assert!(explained.starts_with('«') && explained.contains("opened for"), "{explained}");

        page.connect().await;
        page.until("document.querySelector('#agreed')").await;
        assert_eq!(page.text("#state strong").await, open);
        page.is_alive().await;
    })
    .await;
}

#[tokio::test]
async fn a_change_of_language_changes_every_text() {
    on_page(|page| async move {
        page.connect().await;
        page.send("one").await;
        page.click("#messages > li[data-way=received]").await;
        page.click("#tab-stats").await;
        page.until("document.querySelector('#reset-figures')").await;
        // Collects the text of each element that has its own text nodes, without the translator's additions.
        let texts = "[...document.querySelectorAll('body *')].filter(e => e.nodeName !== 'X-TEXT' && !e.closest('font, x-space, ul, .lines, pre, \
                     time, svg, td, #detail-facts, #files-done, dialog') && [...e.childNodes].some(n => n.nodeType === 3 || \
                     n.nodeName === 'X-TEXT')).map(e => e.textContent.replaceAll(/[«»]/g, '')).filter(text => text.trim())";
        let english = page.eval(texts).await;
        page.translate().await;
        page.choose("#language", "zh-CN").await;
        page.until_text("#send", "«发送»").await;
        page.until("document.querySelector('#mode option').textContent === '文本'").await;
        page.until_text("#received-count", "已接收 1 条消息").await;
        let stale = page
            .eval(
                "[...document.querySelectorAll('font > font')].map(font => font.textContent)\
                 .filter(text => /[a-z]{4}/.test(text) && !/URL|JSON|Base64|ws-echo|uuid|Cookie/.test(text))",
            )
            .await;
        assert_eq!(stale, json!([]), "what is not Chinese");
        page.choose("#language", "en").await;
        page.until_text("#send", "«send»").await;
        assert_eq!(page.eval(texts).await, english, "and back");
        page.is_alive().await;
    })
    .await;
}

#[tokio::test]
async fn filter_lists_and_panels_come_and_go() {
    on_page(|page| async move {
        page.translate().await;
        page.connect().await;
        for text in ["apple", "banana"] {
            page.send(text).await;
        }
        for (typed, said) in [
            ("apple", "2 of 5 entries match"),
            ("/(/", "«Invalid regular expression: /(/: Unterminated group»"),
            ("/an/", "2 of 5 entries match"),
        ] {
            page.fill("#filter", typed).await;
            page.until_text("#filter-result", said).await;
        }
        page.fill("#filter", "nothing").await;
        page.until_text("#view .nothing p", "«No message matches.»").await;
        page.fill("#filter", "a").await;
        page.until("!document.querySelector('#view .nothing')").await;

        page.click("#pause").await;
        page.until_text("#pause", "«resume»").await;
        page.send("meanwhile").await;
        page.until_text("#behind", "2 new entries since").await;
        page.click("#pause").await;
        page.until("!document.querySelector('#behind')").await;

        page.click("#messages > li[data-kind]").await;
        page.until("document.querySelector('#detail')").await;
        page.click("#detail-resend").await;
        page.until("document.querySelector('#detail-done').textContent.startsWith('«')").await;
        page.click("#detail-close").await;
        page.until("!document.querySelector('#detail')").await;

        page.paste("{\"a\": 1}").await;
        page.until_text("#message-problem", "«valid JSON»").await;
        page.click("#pretty").await;
        page.paste("{\"a\": 1,}").await;
        page.until("document.querySelector('#message-problem').textContent.startsWith('«Not JSON.')").await;
        page.paste("plain").await;
        page.until_text("#message-problem", "").await;

        page.fill("#url", "::1/echo").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        page.click("#connect").await;
        page.until("document.querySelector('#url-problem').textContent.startsWith('«The scheme')").await;
        page.click(".problem button").await;
        page.until("!document.querySelector('#url-problem') && document.querySelector('#url').value === 'ws://[::1]/echo'").await;
        page.click("#clear").await;
        page.until_text("#received-count", "0 messages received").await;
        page.is_alive().await;
    })
    .await;
}

#[tokio::test]
async fn the_reconnect_countdown_and_the_reason_are_the_newest() {
    on_page(|page| async move {
        page.show("options").await;
        page.click("#reconnect").await;
        page.translate().await;
        let url = peer(|mut socket| async move {
            use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};
            let frame = CloseFrame { code: CloseCode::Restart, reason: "connection reason".into() };
            let _ = socket.close(Some(frame)).await;
            while let Some(Ok(_)) = futures_util::StreamExt::next(&mut socket).await {}
        })
        .await;
        page.connect_to(&url).await;
        page.until("document.querySelector('#reconnecting')").await;
        page.until("document.querySelector('#state q')?.textContent === 'connection reason'").await;
        page.until("document.querySelector('#reconnecting').textContent.includes('attempt 2')").await;
        page.click("#stop-reconnect").await;
        page.until("!document.querySelector('#reconnecting')").await;
        // The console is not checked, because it has an error about the refused connection.
        page.goes_on().await;
    })
    .await;
}

/// Labels and sentences may be translated. Data is the same in each language.
#[tokio::test]
async fn labels_can_be_translated_and_data_is_not() {
    on_page(|page| async move {
        page.connect().await;
        page.send("payload").await;
        page.click("#messages > li[data-way=received]").await;
        page.click("#tab-stats").await;
        let is_marked = async |css: &str| {
            page.eval(&format!("!!document.querySelector('{css}').closest('[translate=no]')")).await == json!(true)
        };
        for css in [
            "#messages .body", "#detail-text", "#detail-facts", "#state strong", "#state code", "#received-count", "#sent-count",
            "h1", "kbd", "#figures td.sent", "#mode", "#line-end",
        ] {
            assert!(is_marked(css).await, "{css} is data or changes");
        }
        for css in ["#send", "#connect", "#notice", "label[for=message]", "#pause", "#detail-title", "#figures th", "#tab-messages"] {
            assert!(!is_marked(css).await, "{css} can be translated");
        }
        // Texts outside of these elements could be replaced by a translator while the page still updates them.
        let bare = "[...document.querySelectorAll('body *')].filter(e => !e.closest('[translate=no], x-text, x-space, noscript, script') && \
                    [...e.childNodes].some(n => n.nodeType === 3 && n.data !== '')).map(e => e.outerHTML)";
        assert_eq!(page.eval(bare).await, json!([]));
    })
    .await;
}
