//! Tests of accessibility: keyboard, screen reader and phone.

use fantoccini::key::Key;
use serde_json::json;

use crate::page::{Page, on_page};

async fn press(page: &Page, key: Key) {
    page.client.active_element().await.unwrap().send_keys(&key.to_string()).await.unwrap();
}

async fn focused(page: &Page) -> String {
    page.eval("document.activeElement.id").await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    on_page(|page| async move {
        let mut reached = Vec::new();
        for _ in 0..9 {
            press(&page, Key::Tab).await;
            reached.push(focused(&page).await);
        }
        for id in ["url", "connect", "message", "send"] {
            assert!(reached.iter().any(|have| have == id), "{id} in {reached:?}");
        }
        for key in [Key::Enter, Key::Space] {
            page.eval("document.querySelector('#connect').focus()").await;
            press(&page, key).await;
            page.until_phase("open").await;
            assert_eq!(focused(&page).await, "connect", "the focus stays");
            press(&page, key).await;
            page.until_phase("closed").await;
            assert_eq!(focused(&page).await, "connect", "the focus stays");
        }
        page.eval("document.querySelector('#url').focus()").await;
        press(&page, Key::Enter).await;
        page.until_phase("open").await;
    })
    .await;
}

#[tokio::test]
async fn the_focus_can_be_seen() {
    on_page(|page| async move {
        for _ in 0..4 {
            press(&page, Key::Tab).await;
            let style = page
                .eval("(s => s.outlineStyle + s.boxShadow)(getComputedStyle(document.activeElement))")
                .await;
            assert_ne!(style, "nonenone", "{}", focused(&page).await);
        }
    })
    .await;
}

#[tokio::test]
async fn controls_have_names_and_notices_are_live() {
    on_page(|page| async move {
        assert_eq!(page.eval("document.documentElement.lang").await, "en");
        assert_eq!(page.eval("document.querySelector('#notice').getAttribute('role')").await, "status");
        for (css, name) in [("#url", "URL"), ("#message", "message")] {
            let label = page.eval(&format!("document.querySelector('{css}').labels[0].textContent")).await;
            assert!(label.as_str().unwrap().to_lowercase().contains(&name.to_lowercase()), "{css}: {label}");
        }
        assert_eq!(page.eval("document.querySelector('#connect').getAttribute('role')").await, "button");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_wider_than_a_phone() {
    on_page(|page| async move {
        page.connect().await;
        page.send(&"W".repeat(5_000)).await;
        page.send("https://example.com/a/very/long/path/without/any/place/to/break/it/at/all/index.html?query=string").await;
        for width in [320, 360, 1280, 1920] {
            page.emulate(width, 740, "light").await;
            page.until(&format!("innerWidth === {width}")).await;
            let wide = page.eval("document.documentElement.scrollWidth").await;
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{wide} at {width}");
        }
        let whole = page.eval("(m => m.getBoundingClientRect().width / m.parentElement.clientWidth)(document.querySelector('#message'))").await;
        assert!(whole.as_f64().unwrap() > 0.9, "the textarea is as wide as its place: {whole}");
    })
    .await;
}

#[tokio::test]
async fn light_and_dark_follow_the_system() {
    on_page(|page| async move {
        let mut backgrounds = Vec::new();
        for scheme in ["light", "dark"] {
            page.emulate(1280, 800, scheme).await;
            page.until(&format!("matchMedia('(prefers-color-scheme: {scheme})').matches")).await;
            backgrounds.push(page.eval("getComputedStyle(document.body).backgroundColor").await);
        }
        assert_ne!(backgrounds[0], backgrounds[1]);
    })
    .await;
}

#[tokio::test]
async fn a_screen_reader_hears_how_many_messages_came_and_not_each() {
    on_page(|page| async move {
        page.connect().await;
        // Each announcement is a new node.
        page.eval(
            "void (window.said = [], new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(\
             node => said.push(node.textContent)))).observe(document.querySelector('#heard'), { childList: true }))",
        )
        .await;
        page.paste("hello").await;
        page.click("#send").await;
        page.until("said.at(-1) === '1 received'").await;
        page.eval("void [...Array(12)].forEach(() => document.querySelector('#send').click())").await;
        page.until("said.at(-1) === '12 received'").await;
        page.eval("void [...Array(500)].forEach(() => document.querySelector('#send').click())").await;
        page.until("said.at(-1) === '500 received'").await;
        assert_eq!(page.eval("said.length").await, 3);
        assert_eq!(page.eval("document.querySelector('#received-count').closest('[role=status],[aria-live]')").await, json!(null));
    })
    .await;
}

#[tokio::test]
async fn a_screen_reader_hears_the_whole_of_a_close() {
    on_page(|page| async move {
        page.connect().await;
        page.show("close-menu").await;
        page.fill("#menu-reason", "done here").await;
        page.click("[data-code=\"4001\"]").await;
        page.until_phase("closed").await;
        let said = page.eval("document.querySelector('#close-news[role=status]').textContent").await;
        for part in ["closed: 4001", "done here", "Closed by this page"] {
            assert!(said.as_str().unwrap().contains(part), "{part} in {said}");
        }
        page.click("#send").await;
        page.until("!document.querySelector('#close-news').textContent").await;
    })
    .await;
}

#[tokio::test]
async fn pause_says_in_one_way_what_it_does() {
    on_page(|page| async move {
        for word in ["pause", "resume"] {
            assert_eq!(page.text("#pause").await, word);
            assert_eq!(page.find("#pause").await.attr("aria-pressed").await.unwrap(), None);
            page.click("#pause").await;
        }
    })
    .await;
}
