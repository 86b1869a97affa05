//! Tests of the search within an open message, and of copying from its JSON.

use fantoccini::key::Key;
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    axe::no_barrier,
    page::{Page, on_page},
    peer::peer,
};

impl Page {
    /// Connects to a server that sends `message`, and opens it.
    async fn receive_and_open(&self, message: Message) {
        let url = peer(|mut socket| async move {
            socket.send(message).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        self.connect_to(&url).await;
        self.until_count(1).await;
        self.open_newest().await;
    }

    async fn find_text(&self, text: &str, result: &str) {
        self.fill("#find", text).await;
        self.until_result(result).await;
    }

    async fn until_result(&self, result: &str) {
        self.until(&format!("document.querySelector('#find-result')?.textContent === '{result}'")).await;
    }

    /// Waits until the current hit is in sight, with the text around it.
    async fn until_hit(&self, text: &str) {
        let script = format!(
            "(mark => mark && mark.parentElement.closest('.json-line, .hex-line, .part').textContent.includes('{text}') && \
             (seen => mark.getBoundingClientRect().top >= seen.top && mark.getBoundingClientRect().bottom <= seen.bottom && \
              mark.getBoundingClientRect().left >= seen.left && mark.getBoundingClientRect().right <= seen.right) \
             (mark.closest('.lines, pre').getBoundingClientRect())) \
             (document.querySelector('#detail mark[data-current]'))"
        );
        self.until(&script).await;
    }
}

#[tokio::test]
async fn hits_in_a_text_are_counted_marked_and_walked() {
    on_page(|page| async move {
        page.connect().await;
        page.send("one Needle\ntwo needles\nthree").await;
        page.open_newest().await;
        page.eval("document.querySelector('#detail-text').focus()").await;
        page.press_here(&(Key::Control + "f")).await;
        page.until("document.activeElement.id === 'find'").await;
        page.find_text("needle", "1 of 2").await;
        let marks = "JSON.stringify([...document.querySelectorAll('#detail mark')].map(m => m.textContent))";
        assert_eq!(page.eval(marks).await, r#"["Needle","needle"]"#);
        no_barrier(&page, "find within a message").await;
        page.press_here(&Key::Enter.to_string()).await;
        page.until_result("2 of 2").await;
        page.until("document.querySelector('#detail mark[data-current]').textContent === 'needle'").await;
        page.press_here(&'\u{e033}'.to_string()).await; // F3
        page.until_result("1 of 2").await;
        page.press_here(&(Key::Shift + &Key::Enter)).await;
        page.until_result("2 of 2").await;
        page.find_text("nothing", "no hit").await;
        page.press_here(&Key::Escape.to_string()).await;
        page.until("!document.querySelector('#find') && document.activeElement.id === 'detail-text'").await;
        assert_eq!(page.eval("document.querySelectorAll('#detail mark').length").await, 0);
        page.press_here(&Key::Escape.to_string()).await;
        page.until("!document.querySelector('#detail')").await;
    })
    .await;
}

#[tokio::test]
async fn a_hit_far_down_is_shown() {
    on_page(|page| async move {
        page.receive_and_open(Message::text(format!("{}the ÜBER end", "0123456789abcde\n".repeat(1 << 20))))
            .await;
        page.click("#detail-find").await;
        page.until("document.activeElement.id === 'find'").await;
        page.find_text("über end", "1 of 1").await;
        page.until_hit("the ÜBER end").await;
        page.find_text("abc", "1 of the first 10,000").await;
        page.until_hit("0123456789abcde").await;
    })
    .await;
}

#[tokio::test]
async fn a_hit_in_a_closed_block_opens_it() {
    on_page(|page| async move {
        let items: Vec<String> =
            (0..20_000).map(|n| format!("{{\"n\":{n},\"in\":[{{\"d\":\"v{n}\"}}]}}")).collect();
        page.receive_and_open(Message::text(format!(
            "{{\"items\":[{}],\"s\":\"{}NEEDLE\"}}",
            items.join(","),
            "x".repeat(50_000)
        )))
        .await;
        page.click("#detail [data-view=json]").await;
        page.click("#detail-find").await;
        page.find_text("v17001", "1 of 1").await;
        page.until_hit("\"d\": \"v17001\"").await;
        // A hit far in a long line is in sight too.
        page.find_text("xNeedle", "1 of 1").await;
        page.until_hit("NEEDLE").await;
        // The text stays for the other views.
        page.click("#detail [data-view=hex]").await;
        page.until_result("1 of 1").await;
        page.until("[...document.querySelectorAll('.ascii mark')].map(mark => mark.textContent).join('') === 'xNEEDLE'").await;
    })
    .await;
}

#[tokio::test]
async fn bytes_are_found_as_text_and_by_their_digits() {
    on_page(|page| async move {
        let bytes = [vec![0; 100_000], vec![0x81, 0xfe], b"Hello".to_vec(), vec![0; 100_000]].concat();
        page.receive_and_open(Message::binary(bytes)).await;
        page.click("#detail-find").await;
        page.find_text("81 fe", "1 of 1").await;
        page.until_hit("81 fe").await;
        let marked = "[...document.querySelectorAll('#detail mark')].map(mark => mark.textContent).join('|')";
        assert_eq!(page.eval(marked).await, "81 fe|..");
        page.find_text("hello", "1 of 1").await;
        page.until(&format!("{marked} === '48 65 6c 6c 6f|Hello'")).await;
    })
    .await;
}

#[tokio::test]
async fn a_click_or_a_key_copies_a_value_or_its_path() {
    on_page(|page| async move {
        page.allow_clipboard().await;
        page.connect().await;
        page.send(r#"{"items":[{"name":"a \"b\"","n-1":1.50},true]}"#).await;
        page.open_newest().await;
        page.until("document.querySelectorAll('.json-line').length === 9").await;
        let classes = "[...document.querySelectorAll('.json-line span')].map(e => e.className + ' ' + e.textContent).join('|')";
        assert_eq!(
            page.eval(classes).await,
            r#"key "items"|key "name"|string "a \"b\""|key "n-1"|number 1.50|literal true"#
        );
        for (css, copied, said) in [
            (".string", "a \"b\"", "value copied"),
            (".json-line:nth-child(5) .key", "$.items[0][\"n-1\"]", "path copied"),
            (".number", "1.50", "value copied"),
        ] {
            page.click(css).await;
            page.until(&format!("document.querySelector('#detail-done').textContent === '{said}'")).await;
            assert_eq!(page.clipboard().await, copied);
        }
        page.eval("document.querySelector('#detail-json').focus()").await;
        page.press_here(&(Key::Up + "p")).await;
        page.until("document.querySelector('#detail-done').textContent === 'path copied'").await;
        assert_eq!(page.clipboard().await, "$.items[0].name");
        page.press_here(&(Key::Up + "c")).await;
        page.until("document.querySelector('#detail-done').textContent === 'value copied'").await;
        assert_eq!(page.clipboard().await, "{\n  \"name\": \"a \\\"b\\\"\",\n  \"n-1\": 1.50\n}");
        for scheme in ["light", "dark"] {
            page.emulate(1280, 900, scheme).await;
            no_barrier(&page, &format!("the colours of JSON, {scheme}")).await;
        }
    })
    .await;
}
