//! The work of a day, counted in keys, and in clicks. A key that is held, as in Ctrl+Enter, counts with the other one.

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    finding::SEEN,
    page::{Page, on_page},
};

const TEXTS: [&str; 5] = ["one", "two", "three", "four", "five"];

/// Counts the actions of a user.
struct Count<'a> {
    page: &'a Page,
    actions: usize,
}

impl Count<'_> {
    async fn press(&mut self, key: impl ToString) {
        self.actions += 1;
        self.page.press_here(&key.to_string()).await;
    }

    async fn click(&mut self, css: &str) {
        self.actions += 1;
        self.page.click(css).await;
    }

    /// Returns the number of actions since the last call.
    fn taken(&mut self) -> usize {
        std::mem::take(&mut self.actions)
    }
}

impl Page {
    async fn five_received(&self) {
        self.connect().await;
        for text in TEXTS {
            self.send(text).await;
        }
        self.click("#filter-received").await;
        self.until("document.querySelectorAll('#messages > li').length === 5").await;
    }
}

#[tokio::test]
async fn by_keys_five_are_read_by_five_one_is_copied_by_one_and_edited_and_sent_by_three() {
    on_page(|page| async move {
        page.allow_clipboard().await;
        page.five_received().await;
        page.eval("document.querySelector('#messages').focus()").await;
        let mut count = Count { page: &page, actions: 0 };
        for (index, text) in TEXTS.iter().rev().enumerate() {
            count.press(if index == 0 { Key::Enter } else { Key::Up }).await;
            page.until_open(text).await;
        }
        assert_eq!(count.taken(), 5, "read");

        count.press("c").await;
        page.until("document.querySelector('#detail-done').textContent === 'copied'").await;
        assert_eq!((page.clipboard().await, count.taken()), (json!("one"), 1), "copied");

        count.press("e").await;
        page.until_written("one").await;
        count.press("!").await;
        count.press(Key::Control + &Key::Enter).await;
        page.until_count(6).await;
        assert_eq!((page.rows().await.last().map(String::as_str), count.taken()), (Some("one!"), 3), "sent");
    })
    .await;
}

#[tokio::test]
async fn by_clicks_it_is_the_same() {
    on_page(|page| async move {
        page.allow_clipboard().await;
        page.five_received().await;
        let mut count = Count { page: &page, actions: 0 };
        for (index, text) in TEXTS.iter().enumerate() {
            count.click(if index == 0 { "#messages > li" } else { "#detail-next" }).await;
            page.until_open(text).await;
        }
        assert_eq!(count.taken(), 5, "read");

        count.click("#detail-copy").await;
        page.until("document.querySelector('#detail-done').textContent === 'copied'").await;
        assert_eq!((page.clipboard().await, count.taken()), (json!("five"), 1), "copied");

        count.click("#detail-edit").await;
        page.until_written("five").await;
        count.press("!").await;
        count.click("#send").await;
        page.until_count(6).await;
        assert_eq!((page.rows().await.last().map(String::as_str), count.taken()), (Some("five!"), 3), "sent");
    })
    .await;
}

#[tokio::test]
async fn one_of_ten_thousand_is_found_among_its_neighbours() {
    on_page(|page| async move {
        page.receive_texts((0..10_000).map(|number| format!("message {number}")).collect()).await;
        page.eval("document.querySelector('#messages').focus()").await;
        let mut count = Count { page: &page, actions: 0 };
        count.press("/").await;
        page.until("document.activeElement.id === 'filter'").await;
        page.press_here("e 4321").await;
        page.until_filter_says("1 of 10,001 entries match").await;
        count.press(Key::Escape).await;
        page.until(&format!("{SEEN} === 'message 4321'")).await;
        assert_eq!(count.taken(), 2, "beside the text, by keys");

        count.click("#filter").await;
        page.press_here("e 8765").await;
        page.until("document.querySelectorAll('#messages > li').length === 1").await;
        count.click("#messages > li").await;
        page.until_open("message 8765").await;
        // The browser's own button in the field.
        let at = page
            .eval("(({ right, top, height }) => [right - 17, top + height / 2])(document.querySelector('#filter').getBoundingClientRect())")
            .await;
        count.actions += 1;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
            page.devtools("Input.dispatchMouseEvent", &event).await;
        }
        page.until(&format!("{SEEN} === 'message 8765'")).await;
        assert_eq!(count.taken(), 3, "beside the text, by clicks");
    })
    .await;
}
