//! Tests of what the browser keeps over a reload, and of keeping nothing.

use fantoccini::{Locator, key::Key};
use serde_json::json;

use crate::page::{Page, on_page};

/// Number of values in IndexedDB that hold a part of a log.
const TEXTS: &str = "(() => { logStoreCount(); return window.texts })()";

impl Page {
    async fn check(&self, id: &str, is_on: bool) {
        self.show("settings").await;
        self.click(&format!("#{id}")).await;
        self.until(&format!("document.querySelector('#{id}').checked === {is_on}")).await;
        self.hide().await;
    }

    /// Makes `window.texts` follow the number of texts in IndexedDB.
    async fn count_texts(&self) {
        self.eval(
            "void (window.logStoreCount = () => { indexedDB.open('ws-echo', 1).onsuccess = ({ target }) => { \
             const all = target.result.transaction('log').objectStore('log').getAllKeys(); \
             all.onsuccess = () => { window.texts = all.result.filter(([, number]) => number > 0).length; target.result.close() } } })",
        )
        .await;
    }
}

#[tokio::test]
async fn nothing_is_kept_where_that_is_not_wanted() {
    on_page(|page| async move {
        let stored = "['sent', 'recent'].filter(name => localStorage.getItem('ws-echo.' + name)).length + sessionStorage.length";
        page.connect().await;
        page.send("before").await;
        page.paste("a draft").await;
        page.open().await;
        page.until(&format!("{stored} === 3")).await;
        page.check("remember", false).await;
        page.until(&format!("{stored} === 0")).await;
        assert_eq!(page.text("#remember-note").await, "", "the popover is closed");
        page.show("settings").await;
        assert_eq!(page.text("#remember-note").await, "Nothing of it is stored, and what was stored is removed.");
        page.hide().await;
        assert_eq!(page.eval("document.querySelectorAll('#recent-urls option').length").await, 0);

        page.connect().await;
        page.send("secret").await;
        page.send("secret too").await;
        page.paste("").await;
        let field = page.find("#message").await;
        field.send_keys(&Key::Up.to_string()).await.unwrap();
        field.send_keys(&Key::Up.to_string()).await.unwrap();
        assert_eq!(field.prop("value").await.unwrap().unwrap(), "secret", "the page itself has a history");
        page.open().await;
        assert_eq!(page.eval(stored).await, 0);
        let field = page.find("#message").await;
        assert_eq!(field.prop("value").await.unwrap().unwrap(), "");

        page.connect().await;
        page.send("still secret").await;
        page.check("remember", true).await;
        page.send("open").await;
        let sent = "JSON.parse(localStorage.getItem('ws-echo.sent')).sent.map(sent => sent.text)";
        assert_eq!(page.eval(sent).await, json!(["open"]));
    })
    .await;
}

#[tokio::test]
async fn a_log_is_kept_over_a_reload_on_request_until_it_is_cleared() {
    on_page(|page| async move {
        page.connect().await;
        page.send("not kept").await;
        page.open().await;
        page.until_count(0).await;
        page.check("keep-log", true).await;
        page.connect().await;
        for text in ["one", "two"] {
            page.send(text).await;
        }
        page.eval("document.querySelector('#clear').focus()").await;
        page.open().await;
        page.until_count(2).await;
        assert_eq!(page.rows().await, ["one", "two"]);
        let numbers = "[...document.querySelectorAll('#messages > li')].map(row => +row.dataset.number)";
        assert_eq!(page.eval(numbers).await, json!([1, 2, 3, 4, 5]));
        page.connect().await;
        page.send("three").await;
        page.open().await;
        page.until_count(3).await;
        assert_eq!(page.rows().await, ["one", "two", "three"]);

        page.click("#clear").await;
        page.until("document.querySelector('#undo-clear')").await;
        page.open().await;
        page.connect().await;
        page.send("four").await;
        assert_eq!(page.rows().await, ["four"]);

        page.count_texts().await;
        page.until(&format!("{TEXTS} === 1")).await;
        page.check("keep-log", false).await;
        page.until(&format!("{TEXTS} === 0")).await;
        page.open().await;
        assert_eq!(page.received().await, 0);
    })
    .await;
}

#[tokio::test]
async fn each_tab_keeps_its_own_log() {
    on_page(|page| async move {
        page.check("keep-log", true).await;
        page.connect().await;
        page.send("first tab").await;
        let first = page.client.window().await.unwrap();
        page.open().await;
        page.until_count(1).await;
        // A window that the page opens begins with a copy of its storage, like a tab that the user duplicates.
        page.eval("void window.open('/')").await;
        let windows = page.client.windows().await.unwrap();
        let second = windows.into_iter().find(|window| *window != first).unwrap();
        page.client.switch_to_window(second).await.unwrap();
        page.client.wait().for_element(Locator::Css("#connect")).await.unwrap();
        assert_eq!(page.received().await, 0);
        page.connect().await;
        page.send("second tab").await;
        page.open().await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["second tab"]);
        page.client.switch_to_window(first).await.unwrap();
        page.open().await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["first tab"]);
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_keeps_no_log_is_told_once_and_nothing_is_lost() {
    on_page(|page| async move {
        page.check("keep-log", true).await;
        page.at_start("IDBFactory.prototype.open = () => { throw new DOMException('denied') }").await;
        page.open().await;
        page.until("document.querySelector('#notice').textContent === 'log not kept'").await;
        page.connect().await;
        page.send("one").await;
        assert_eq!(page.text("#notice").await, "connection is successful");
        assert_eq!(page.rows().await, ["one"]);
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}
