//! Tests of the comparison of two pinned messages.

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    axe::no_barrier,
    page::{Page, on_page},
};

impl Page {
    async fn diff_lines(&self) -> serde_json::Value {
        self.eval("[...document.querySelectorAll('.diff-line')].map(line => line.textContent)").await
    }

    /// Pins the two newest rows by keys.
    async fn pin_two(&self) {
        self.eval("document.querySelector('#messages').focus()").await;
        self.press_here(&(Key::End + "p")).await;
        self.until("document.querySelectorAll('#messages [data-pinned]').length === 1").await;
        assert_eq!(self.text("#row-done").await, "pinned; pin another one to compare");
        self.press_here(&(Key::Up + &Key::Up)).await;
        self.press_here("p").await;
        self.until("document.querySelector('#compare[open]')").await;
    }
}

#[tokio::test]
async fn two_pinned_messages_are_compared_by_keys_alone() {
    on_page(|page| async move {
        page.connect().await;
        page.send(r#"{"a":"the slow fox","n":[1,2]}"#).await;
        page.send(r#"{"n":[1,2], "a":"the quick fox"}"#).await;
        page.send(r#"{"a":"the quick fox","n":[1,2]}"#).await;
        page.pin_two().await;
        page.until("document.querySelectorAll('.diff-line').length > 0").await;
        assert_eq!(page.text("#compare-title").await, "Compare 7 and 5");
        page.click("#compare-swap").await;
        page.until("document.querySelector('#compare-title').textContent === 'Compare 5 and 7'").await;
        page.until("document.querySelector('#compare-result').textContent.includes('only in 5')").await;
        for scheme in ["light", "dark"] {
            page.emulate(1280, 900, scheme).await;
            no_barrier(&page, &format!("two messages compared, {scheme}")).await;
        }
        page.press_here(&Key::Escape.to_string()).await;
        page.until("!document.querySelector('#compare') && document.activeElement.id === 'messages'").await;
        // A third one takes the place of the older one.
        page.press_here(&(Key::Up + &Key::Up)).await;
        page.press_here("p").await;
        page.until("document.querySelector('#compare-result')?.textContent.includes('only in 3')").await;
        assert_eq!(page.eval("document.querySelectorAll('#messages [data-pinned]').length").await, 2);
        page.click("#compare-unpin").await;
        page.until("!document.querySelector('#messages [data-pinned]')").await;
    })
    .await;
}

#[tokio::test]
async fn changed_words_are_marked_and_equal_messages_are_equal() {
    on_page(|page| async move {
        page.connect().await;
        page.send("a\nthe slow fox\nz").await;
        page.send("a\nthe quick fox\nz").await;
        page.pin_two().await;
        page.until("document.querySelectorAll('.diff-line').length === 4").await;
        assert_eq!(page.diff_lines().await, json!(["  a", "- the quick fox", "+ the slow fox", "  z"]));
        let marks =
            page.eval("[...document.querySelectorAll('#compare mark')].map(mark => mark.textContent)").await;
        assert_eq!(marks, json!(["quick", "slow"]));
        page.emulate(360, 740, "light").await;
        assert_eq!(page.eval("document.documentElement.scrollWidth - innerWidth").await, 0);
        page.emulate(1280, 900, "light").await;
        page.press_here(&Key::Escape.to_string()).await;
        page.until("!document.querySelector('#compare')").await;
        // The sent message and its echo, the first by the button of the pane.
        page.click("#messages > li:nth-last-child(2)").await;
        page.click("#detail-pin").await;
        page.until("document.querySelector('#compare-result')").await;
        page.press_here(&Key::Escape.to_string()).await;
        page.until("!document.querySelector('#compare')").await;
        page.eval("document.querySelector('#messages').focus()").await;
        page.press_here(&(Key::End + "p")).await;
        page.press_here("p").await;
        page.until("document.querySelector('#compare-result')?.textContent === 'equal'").await;
    })
    .await;
}
