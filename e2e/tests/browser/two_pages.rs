//! Tests of two pages of one origin: neither loses data that the other has stored.

use fantoccini::{key::Key, wd::WindowHandle};
use serde_json::json;

use crate::page::{Page, on_page};

impl Page {
    /// Opens the page in a second tab, and switches to it.
    async fn open_second(&self) -> WindowHandle {
        let second = self.client.new_window(true).await.unwrap().handle;
        self.switch(&second).await;
        self.open().await;
        second
    }

    async fn switch(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// Loads the page without `storage` events, as if it were asleep while other pages store data.
    async fn open_asleep(&self) {
        self.at_start("window.addEventListener('storage', event => event.stopImmediatePropagation(), true)")
            .await;
        self.open().await;
    }
}

#[tokio::test]
async fn a_snippet_is_in_every_page_and_none_is_lost_to_a_page_that_slept() {
    on_page(|page| async move {
        page.open_asleep().await;
        let sleeper = page.client.window().await.unwrap();
        let other = page.open_second().await;
        for window in [&sleeper, &other] {
            page.switch(window).await;
            page.show("snippets").await;
        }
        page.save_snippet("of the other", "1").await;
        page.switch(&sleeper).await;
        assert_eq!(page.snippets().await, json!([]), "it slept");
        page.save_snippet("of the sleeper", "2").await;
        assert_eq!(page.snippets().await, json!(["of the other", "of the sleeper"]));
        page.switch(&other).await;
        page.until("document.querySelectorAll('#snippet-list .load').length === 2").await;

        // The snippet to rename was deleted by the other page.
        page.click("#snippet-list li:first-child .delete").await;
        page.switch(&sleeper).await;
        page.click("#snippet-list li:first-child .load").await;
        page.fill("#snippet-name", "again").await;
        page.click("#snippet-rename").await;
        page.until("!document.querySelector('#snippet-rename')").await;
        assert_eq!(page.snippets().await, json!(["of the sleeper"]));
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_in_two_pages_is_all_kept_and_forgotten_in_both() {
    on_page(|page| async move {
        page.connect().await;
        let first = page.client.window().await.unwrap();
        let second = page.open_second().await;
        page.connect().await;
        for (window, text) in [(&first, "one"), (&second, "two"), (&first, "three")] {
            page.switch(window).await;
            page.send(text).await;
        }
        page.paste("").await;
        for text in ["three", "two", "one"] {
            page.press(Key::Up).await;
            page.until_written(text).await;
        }
        page.show("snippets").await;
        page.click("#forget").await;
        page.switch(&second).await;
        page.send("four").await;
        page.open().await;
        page.press(Key::Up).await;
        page.until_written("four").await;
        page.press(Key::Up).await;
        assert_eq!(page.written().await, "four");
    })
    .await;
}

#[tokio::test]
async fn settings_and_urls_of_one_page_are_those_of_the_other() {
    on_page(|page| async move {
        let first = page.client.window().await.unwrap();
        let second = page.open_second().await;
        page.choose("#theme", "dark").await;
        page.connect().await;
        page.switch(&first).await;
        page.until("document.documentElement.dataset.theme === 'dark'").await;
        page.until("document.querySelector('#recent-urls option')").await;
        page.choose("#language", "zh-CN").await;
        page.eval("document.querySelector('#reconnect').click()").await;
        page.switch(&second).await;
        page.until("document.documentElement.lang === 'zh-CN'").await;
        page.until("document.querySelector('#reconnect').checked").await;
        assert_eq!(page.eval("document.documentElement.dataset.theme").await, "dark");
        page.eval("localStorage.clear()").await;
        page.switch(&first).await;
        page.until("!document.documentElement.dataset.theme").await;
    })
    .await;
}

#[tokio::test]
async fn a_page_that_slept_changes_one_setting_and_leaves_those_of_the_other() {
    on_page(|page| async move {
        page.open_asleep().await;
        let sleeper = page.client.window().await.unwrap();
        page.open_second().await;
        page.choose("#theme", "dark").await;
        page.until("document.documentElement.dataset.theme === 'dark'").await;
        page.switch(&sleeper).await;
        assert_eq!(page.eval("document.documentElement.dataset.theme ?? 'none'").await, "none", "it slept");
        page.choose("#times", "relative").await;
        page.until("document.documentElement.dataset.theme === 'dark'").await;
        page.open().await;
        let chosen =
            page.eval("[...document.querySelectorAll('#theme, #times')].map(choice => choice.value)");
        assert_eq!(chosen.await, json!(["dark", "relative"]));
    })
    .await;
}
