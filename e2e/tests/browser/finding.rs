//! Tests of the way to a message and back to the whole list: hits, the keys of the filter's field, and what stays in sight.

use fantoccini::key::Key;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    page::{Page, on_page},
    peer::peer,
};

/// Text of the row under the cursor, if its row and those around it are in sight.
pub const SEEN: &str = "(() => { \
    const row = document.querySelector('#messages [data-current]'), view = document.querySelector('#view').getBoundingClientRect(); \
    const rows = row && [row.previousElementSibling, row, row.nextElementSibling]; \
    return rows?.every(it => it && it.getBoundingClientRect().top >= view.top - 1 \
        && it.getBoundingClientRect().bottom <= view.bottom + 1) ? row.querySelector('.body').textContent : null })()";

impl Page {
    /// Connects to a server that sends these texts and then waits.
    pub async fn receive_texts(&self, texts: Vec<String>) {
        let count = texts.len();
        let url = peer(move |mut socket| async move {
            for text in texts {
                socket.feed(Message::text(text)).await.unwrap();
            }
            socket.flush().await.unwrap();
            while let Some(Ok(_)) = socket.next().await {}
        })
        .await;
        self.connect_to(&url).await;
        self.until_count(count).await;
    }

    async fn marks(&self) -> Value {
        self.eval("[...document.querySelectorAll('#messages mark')].map(mark => mark.textContent)").await
    }
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("message {number}")).collect()
}

#[tokio::test]
async fn without_the_filter_the_message_has_its_neighbours_again() {
    on_page(|page| async move {
        page.receive_texts(numbered(2_000)).await;
        page.fill("#filter", "e 77").await;
        page.until_filter_says("11 of 2,001 entries match").await;
        page.press_here(&Key::Enter.to_string()).await;
        page.until("document.activeElement.id === 'messages'").await;
        page.press_here(&(Key::Up + &Key::Up)).await;
        page.until("document.querySelector('#messages [data-current] .body')?.textContent === 'message 777'")
            .await;
        page.press_here(&Key::Enter.to_string()).await;
        page.until("document.querySelector('#detail-text')?.textContent === 'message 777'").await;

        // By the keys of the list, of the field, and by the field's text; the open message stays.
        page.press_here("/").await;
        page.until("document.activeElement.id === 'filter'").await;
        page.press_here(&Key::Escape.to_string()).await;
        page.until(&format!("{SEEN} === 'message 777'")).await;
        assert_eq!(page.eval("document.activeElement.id").await, "messages");
        assert_eq!(page.eval("document.querySelector('#filter').value").await, "");
        page.filter("999").await;
        page.until("document.querySelectorAll('#messages > li').length === 2").await;
        page.filter("").await;
        page.until(&format!("{SEEN} === 'message 777'")).await;
        assert_eq!(page.text("#detail-text").await, "message 777");
    })
    .await;
}

#[tokio::test]
async fn keys_of_the_field_go_from_hit_to_hit_and_clear() {
    on_page(|page| async move {
        page.receive_texts(["a hit", "other", "second hit", "other", "last hit"].map(String::from).into())
            .await;
        let go = async |key: Key, text: &str| {
            page.eval("document.querySelector('#messages').focus()").await;
            page.press_here("/").await;
            page.until("document.activeElement.id === 'filter'").await;
            page.press_here(&key.to_string()).await;
            page.until(&format!(
                "document.activeElement.id === 'messages' && \
                 document.querySelector('#messages [data-current] .body')?.textContent === '{text}'"
            ))
            .await;
        };
        page.fill("#filter", "hit").await;
        page.until_filter_says("3 of 6 entries match").await;
        go(Key::Enter, "last hit").await;
        go(Key::Down, "a hit").await;
        go(Key::Enter, "second hit").await;
        page.press_here(&Key::Escape.to_string()).await;
        page.until(&format!("{SEEN} === 'second hit'")).await;

        page.fill("#filter", "nothing like it").await;
        page.until("document.querySelector('#clear-filter')").await;
        assert_eq!(page.text("#view .nothing").await.replace('\n', " "), "No message matches. clear filter");
        page.press_here(&Key::Enter.to_string()).await;
        assert_eq!(page.eval("document.activeElement.id").await, "filter", "there is nowhere to go");
        page.click("#filter-received").await;
        page.click("#clear-filter").await;
        page.until("document.querySelectorAll('#messages > li').length === 6").await;
        assert_eq!(page.eval("document.activeElement.id").await, "messages");
        assert_eq!(page.eval("document.querySelector('#filter').value").await, "");
    })
    .await;
}

#[tokio::test]
async fn an_unfinished_expression_keeps_the_last_result() {
    on_page(|page| async move {
        page.receive_texts(["one", "two", "three"].map(String::from).into()).await;
        for good in ["t", "/^t/", "TÜ"] {
            page.filter(good).await;
            let hits = if good == "TÜ" { 0 } else { 3 - usize::from(good.len() > 1) };
            page.until_filter_says(&format!("{hits} of 4 entries match")).await;
            page.filter("/(/").await;
            page.until("document.querySelector('#filter').ariaInvalid === 'true'").await;
            assert!(page.text("#filter-result").await.starts_with("Invalid regular expression"), "{good}");
            assert_eq!(page.eval("document.querySelectorAll('#messages > li').length").await, hits, "{good}");
        }
    })
    .await;
}

#[tokio::test]
async fn hits_are_marked_and_the_rows_begin_near_them() {
    on_page(|page| async move {
        let far = format!("{}🦀 the Needle is here{}", "é".repeat(100_000), "x".repeat(1_000));
        page.receive_texts(vec!["a needle".into(), far, "<needle>".into()]).await;
        for (typed, marks) in [
            ("needle", json!(["needle", "Needle", "needle"])),
            ("/N.*?d/", json!(["Need"])),
            ("🦀 THE", json!(["🦀 the"])),
            ("/(?=needle)/i", json!([])),
            ("", json!([])),
        ] {
            page.filter(typed).await;
            page.until(&format!(
                "document.querySelector('#filter-result').textContent.includes('match') === {}",
                !typed.is_empty()
            ))
            .await;
            page.until(&format!(
                "document.querySelectorAll('mark').length === {}",
                marks.as_array().unwrap().len()
            ))
            .await;
            assert_eq!(page.marks().await, marks, "{typed}");
        }
        page.filter("the needle").await;
        page.until_filter_says("1 of 4 entries match").await;
        let row = page.eval("document.querySelector('#messages .body').textContent").await;
        assert!(
            row.as_str().unwrap().starts_with("…éééé")
                && row.as_str().unwrap().contains("é🦀 the Needle is herexx"),
            "{row}"
        );
        let inside = "document.querySelector('mark').getBoundingClientRect().right < \
                      document.querySelector('#messages .body').getBoundingClientRect().right";
        assert_eq!(page.eval(inside).await, true);
    })
    .await;
}

#[tokio::test]
async fn bytes_are_marked_too() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            socket.send(Message::binary((0..=255).collect::<Vec<u8>>())).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        page.connect_to(&url).await;
        page.until_count(1).await;
        for (typed, mark, before) in
            [("c8 c9", "c8 c9", "…c4 c5 c6 c7 "), ("JK", "4a 4b", "…46 47 48 49 "), ("/a 0/", "0a 0b", "00 ")]
        {
            page.filter(typed).await;
            page.until(&format!("document.querySelector('mark')?.textContent === '{mark}'")).await;
            let row = page.eval("document.querySelector('#messages .body').textContent").await;
            assert!(row.as_str().unwrap().starts_with(before), "{row}");
        }
    })
    .await;
}
