//! Tests of the way from one message to the next: the open message, and the keys and buttons that change it.

use fantoccini::key::Key;
use serde_json::json;

use crate::page::{Page, on_page};

impl Page {
    /// Presses keys where the focus is.
    pub async fn press_here(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Waits until the open message has this text, and its row is the current one.
    pub async fn until_open(&self, text: &str) {
        self.until(&format!(
            "document.querySelector('#detail-text')?.textContent === {0} && \
             document.querySelector('#messages [data-current][aria-selected=true] .body')?.textContent === {0}",
            json!(text)
        ))
        .await;
    }

    /// Connects, and receives the echoes of these texts.
    async fn with(&self, texts: &[&str]) {
        self.connect().await;
        for text in texts {
            self.send(text).await;
        }
    }
}

#[tokio::test]
async fn the_open_message_follows_the_keys_of_the_list() {
    on_page(|page| async move {
        page.with(&["one", "two", "three"]).await;
        page.click("#filter-received").await;
        page.until("document.querySelectorAll('#messages > li').length === 3").await;
        let list = page.find("#messages").await;
        list.send_keys(&(Key::Home + &Key::Enter)).await.unwrap();
        for (key, text) in [
            (Key::Down, "two"),
            (Key::Down, "three"),
            (Key::Up, "two"),
            (Key::Home, "one"),
            (Key::End, "three"),
            (Key::PageUp, "one"),
            (Key::PageDown, "three"),
        ] {
            page.press_here(&key.to_string()).await;
            page.until_open(text).await;
            assert_eq!(page.eval("document.activeElement.id").await, "messages", "the focus stays");
        }
    })
    .await;
}

#[tokio::test]
async fn buttons_of_the_pane_walk_over_the_shown_rows() {
    on_page(|page| async move {
        page.with(&["one", "two", "{\"a\": 3}"]).await;
        page.click("#filter-received").await;
        page.until("document.querySelectorAll('#messages > li').length === 3").await;
        page.open_newest().await;
        page.click("#detail [data-view=text]").await;
        page.until_open("{\"a\": 3}").await;
        let ends = "['previous', 'next'].map(id => document.querySelector('#detail-' + id).getAttribute('aria-disabled'))";
        assert_eq!(page.eval(ends).await, json!([null, "true"]));
        for (button, text) in [("previous", "two"), ("previous", "one"), ("previous", "one"), ("next", "two")] {
            page.click(&format!("#detail-{button}")).await;
            page.until_open(text).await;
            assert_eq!(page.eval("document.activeElement.id").await, format!("detail-{button}"), "the focus stays");
        }
        assert_eq!(page.eval(ends).await, json!([null, null]));
        page.click("#detail-next").await;
        page.until_open("{\"a\": 3}").await;

        // Where the message lies over the list.
        page.emulate(360, 740, "light").await;
        page.until("document.querySelector('dialog#detail')?.open").await;
        page.click("#detail-previous").await;
        page.until("document.querySelector('#detail-text')?.textContent === 'two'").await;
        assert_eq!(page.eval("document.activeElement.id").await, "detail-previous");
    })
    .await;
}

#[tokio::test]
async fn keys_copy_edit_and_send_the_message_of_a_row() {
    on_page(|page| async move {
        page.allow_clipboard().await;
        page.connect().await;
        page.send("one").await;
        page.choose("#line-end", "crlf").await;
        page.send("{\"a\":\n2}").await;
        page.choose("#line-end", "lf").await;
        let list = page.find("#messages").await;
        list.send_keys(&(Key::End + "c")).await.unwrap();
        page.until("document.querySelector('#row-done').textContent === 'copied'").await;
        assert_eq!(page.clipboard().await, "{\"a\":\r\n2}", "as it is, and not as JSON");
        page.press_here(&(Key::Up + "")).await;
        page.until("document.querySelector('#row-done').textContent === ''").await;

        page.press_here("r").await;
        page.until_count(3).await;
        page.until("document.querySelector('#row-done').textContent === 'sent'").await;
        assert_eq!(page.rows().await.len(), 3);
        page.eval("document.querySelector('#messages').dispatchEvent(new KeyboardEvent('keydown', { key: 'r', repeat: true, bubbles: true }))")
            .await;

        // An unsent text is not lost, and line ends stay.
        page.paste("a draft").await;
        list.send_keys("e").await.unwrap();
        page.until_written("{\"a\":\n2}").await;
        page.until("document.activeElement.id === 'message'").await;
        assert_eq!(page.eval("document.querySelector('#line-end').value").await, "crlf");
        assert_eq!(page.eval("document.querySelector('#message').selectionStart").await, 8, "the caret is at the end");
        page.press_here(&(Key::Home + &Key::Up)).await;
        page.press_here(&(Key::Up + "")).await;
        page.until_written("a draft").await;
        assert_eq!(page.received().await, 3, "a key that is held down sends nothing more");
    })
    .await;
}

#[tokio::test]
async fn a_binary_message_is_edited_in_hexadecimal_from_the_pane() {
    on_page(|page| async move {
        page.connect().await;
        page.choose("#mode", "hex").await;
        page.send("00 ff").await;
        page.choose("#mode", "text").await;
        page.paste("").await;
        for width in [1280, 360] {
            page.emulate(width, 900, "light").await;
            page.open_newest().await;
            page.click("#detail-edit").await;
            page.until_written("00 ff").await;
            page.until(
                "document.querySelector('#mode').value === 'hex' && document.activeElement.id === 'message'",
            )
            .await;
            page.eval("document.querySelector('#detail-close')?.click()").await;
            page.until("!document.querySelector('#detail')").await;
        }
        // Longer than a textarea is quick with.
        page.choose("#mode", "text").await;
        page.paste(&"x".repeat((4 << 20) + 1)).await;
        page.click("#send").await;
        page.until_count(2).await;
        page.paste("kept").await;
        page.find("#messages").await.send_keys(&(Key::End + "e")).await.unwrap();
        page.until(
            "document.querySelector('#row-done').textContent === 'Too long to edit: 4.0 MiB at most.'",
        )
        .await;
        assert_eq!(page.written().await, "kept");
    })
    .await;
}
