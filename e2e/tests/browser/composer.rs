//! Tests of the composer: its text, the modes in which the text is read, and the history of sent messages.

use fantoccini::key::Key;
use serde_json::json;

use crate::page::{Page, on_page};

impl Page {
    /// Chooses the mode in which the text is read.
    async fn mode(&self, mode: &str) {
        self.find("#mode").await.select_by_value(mode).await.unwrap();
        self.until(&format!("document.querySelector('#mode').value === '{mode}'")).await;
    }

    /// Returns the text of the composer.
    pub async fn written(&self) -> String {
        self.find("#message").await.prop("value").await.unwrap().unwrap()
    }

    pub async fn until_written(&self, text: &str) {
        self.until(&format!("document.querySelector('#message').value === {}", json!(text))).await;
    }

    async fn until_said(&self, text: &str) {
        self.until(&format!("document.querySelector('#message-problem').textContent === {}", json!(text)))
            .await;
    }

    pub async fn press(&self, key: Key) {
        self.find("#message").await.send_keys(&key.to_string()).await.unwrap();
    }
}

#[tokio::test]
async fn hex_and_base64_are_sent_as_binary_messages() {
    on_page(|page| async move {
        page.connect().await;
        page.mode("hex").await;
        page.send("0xDE, AD:be\nef").await;
        page.mode("base64").await;
        page.send("AAEC_w").await;
        page.mode("text").await;
        page.send("00").await;
        assert_eq!(page.rows().await, ["de ad be ef", "00 01 02 ff", "00"]);
        let kinds = page.text("#messages").await;
        assert_eq!(kinds.matches("binary").count(), 4, "sent and received: {kinds}");
    })
    .await;
}

#[tokio::test]
async fn the_first_bad_character_is_told_while_it_is_written_and_nothing_is_sent() {
    on_page(|page| async move {
        page.connect().await;
        page.mode("hex").await;
        page.paste("de ad\nbe xf").await;
        let problem = "Line 2, column 4: “x” is not a hexadecimal digit.";
        page.until_said(problem).await;
        assert_eq!(page.find("#message").await.attr("aria-invalid").await.unwrap().as_deref(), Some("true"));
        page.click("#send").await;
        page.until_said(&format!("Not sent. {problem}")).await;
        assert_eq!(page.written().await, "de ad\nbe xf");

        page.paste("de ad\nbe 5").await;
        page.until_said("Line 2, column 4: a byte has two digits; write 05, not 5.").await;
        assert_eq!(
            page.find("#message").await.attr("aria-invalid").await.unwrap(),
            None,
            "it is not done yet"
        );
        page.send("de ad\nbe 5f").await;
        assert_eq!(page.rows().await, ["de ad be 5f"], "only what was right was sent");
        assert_eq!(page.text("#message-problem").await, "binary, 4 bytes");
    })
    .await;
}

#[tokio::test]
async fn a_change_of_mode_keeps_the_bytes_or_the_text() {
    on_page(|page| async move {
        page.paste("é\n").await;
        page.mode("hex").await;
        page.until_written("c3 a9 0a").await;
        page.mode("base64").await;
        page.until_written("w6kK").await;
        page.mode("text").await;
        page.until_written("é\n").await;

        page.mode("hex").await;
        page.paste("ff fe").await;
        page.mode("text").await;
        page.until_said("These bytes are not plain text, so the field is left as it was.").await;
        assert_eq!(page.written().await, "ff fe");
    })
    .await;
}

#[tokio::test]
async fn json_is_checked_and_laid_out_and_nothing_else_is_spoken_of() {
    on_page(|page| async move {
        page.paste("hello").await;
        page.until_said("").await;
        page.paste("{\"a\": 1.00,\n \"b\": [1,]}").await;
        page.until_said("Not JSON. Line 2, column 9: there is nothing after this comma; take it out.").await;
        assert_eq!(page.eval("document.querySelector('#pretty')").await, json!(null));
        page.paste("{\"a\":1.00,\"a\":[12345678901234567890,{}]}").await;
        page.until_said("valid JSON").await;
        page.click("#pretty").await;
        page.until_written("{\n  \"a\": 1.00,\n  \"a\": [\n    12345678901234567890,\n    {}\n  ]\n}").await;
        page.mode("hex").await;
        assert_eq!(page.eval("document.querySelector('#pretty')").await, json!(null));
    })
    .await;
}

#[tokio::test]
async fn up_and_down_bring_back_what_was_sent_and_keep_the_draft() {
    on_page(|page| async move {
        page.connect().await;
        page.send("one").await;
        page.send("two\nlines").await;
        page.mode("hex").await;
        page.send("03").await;
        page.mode("text").await;
        page.paste("draft").await;
        page.press(Key::Up).await;
        page.until_written("03").await;
        page.until("document.querySelector('#mode').value === 'hex'").await;
        page.press(Key::Up).await;
        page.until_written("two\nlines").await;
        page.press(Key::Up).await;
        page.until_written("one").await;
        page.press(Key::Up).await;
        page.press(Key::Down).await;
        page.until_written("two\nlines").await;
        page.press(Key::Down).await;
        page.until_written("03").await;
        page.press(Key::Down).await;
        page.until_written("draft").await;
        page.until("document.querySelector('#mode').value === 'text'").await;
    })
    .await;
}

#[tokio::test]
async fn within_a_text_up_and_down_move_the_caret() {
    on_page(|page| async move {
        page.connect().await;
        page.send("before").await;
        page.paste("first\nsecond\nthird").await;
        let caret = "document.querySelector('#message').selectionStart";
        let put_caret = async |at: usize| {
            page.eval(&format!("document.querySelector('#message').setSelectionRange({at}, {at})")).await;
        };
        // Focused here, because the driver moves the caret to the end of a field that it focuses.
        page.click("#message").await;
        put_caret(8).await;
        page.press(Key::Up).await;
        page.until(&format!("{caret} === 2")).await;
        put_caret(8).await;
        page.press(Key::Down).await;
        page.until(&format!("{caret} === 15")).await;
        assert_eq!(page.written().await, "first\nsecond\nthird");

        // Keys that belong to the browser: an input method takes them during composition, and Shift selects text.
        let key = "document.querySelector('#message').dispatchEvent(new KeyboardEvent('keydown', \
                   { key: 'ArrowUp', bubbles: true, cancelable: true, ";
        put_caret(0).await;
        for state in ["isComposing: true", "shiftKey: true", "altKey: true"] {
            assert_eq!(page.eval(&format!("{key}{state} }}))")).await, true, "{state}: left to the browser");
        }
        assert_eq!(page.eval(&format!("{key} }}))")).await, false);
        page.until_written("before").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_outlives_the_page_until_it_is_forgotten() {
    on_page(|page| async move {
        page.connect().await;
        page.send("one").await;
        page.send("two").await;
        page.open().await;
        // The field keeps its text over a reload, and the newest message is the same.
        page.until_written("two").await;
        page.press(Key::Up).await;
        page.until_written("one").await;

        page.show("snippets").await;
        page.click("#forget").await;
        page.open().await;
        page.paste("").await;
        page.press(Key::Up).await;
        assert_eq!(page.written().await, "");
    })
    .await;
}

#[tokio::test]
async fn damaged_storage_is_taken_for_empty() {
    on_page(|page| async move {
        for name in ["sent", "snippets"] {
            page.eval(&format!("localStorage.setItem('ws-echo.{name}', '{{\"version\":1')")).await;
        }
        page.open().await;
        page.connect().await;
        page.send("works").await;
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}
