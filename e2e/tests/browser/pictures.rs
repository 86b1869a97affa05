//! Screenshots of the page for manual review, by `make screenshots`.

use std::{fs, path::PathBuf};

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    page::{Page, on_page},
    peer::{nobody, peer},
};

/// Folder of the screenshots. Without it, the page only goes through the states.
fn folder() -> Option<PathBuf> {
    std::env::var_os("WS_ECHO_SCREENSHOTS").map(PathBuf::from)
}

/// Takes screenshots of the top of the page.
async fn take(page: &Page, name: &str) {
    take_from(page, name, "header").await;
}

/// Takes screenshots of the page, scrolled to an element, at the sizes of a phone, a laptop and a wide screen, in both colour
/// schemes and both languages.
async fn take_from(page: &Page, name: &str, css: &str) {
    for (language, tag) in [("", "en"), ("-zh", "zh-CN")] {
        page.choose("#language", tag).await;
        page.until(&format!("document.documentElement.lang === '{tag}'")).await;
        for (width, height) in [(360, 740), (1280, 800), (1920, 1080)] {
            for scheme in ["light", "dark"] {
                page.emulate(width, height, scheme).await;
                page.until(&format!(
                    "innerWidth === {width} && matchMedia('(prefers-color-scheme: {scheme})').matches"
                ))
                .await;
                page.eval(&format!("document.querySelector('{css}').scrollIntoView()")).await;
                let wide = page.eval("document.documentElement.scrollWidth").await;
                assert!(wide.as_u64() <= Some(u64::from(width)), "{name}: {wide} at {width}");
                if let Some(folder) = folder() {
                    let picture = page.client.screenshot().await.unwrap();
                    fs::create_dir_all(&folder).unwrap();
                    fs::write(folder.join(format!("{name}-{width}-{scheme}{language}.png")), picture)
                        .unwrap();
                }
            }
        }
    }
    page.choose("#language", "en").await;
    page.until("document.documentElement.lang === 'en'").await;
}

#[tokio::test]
async fn empty_and_in_use() {
    on_page(|page| async move {
        take(&page, "empty").await;
        page.connect().await;
        page.send(&"0123456789abcdef".repeat(4096)).await;
        for text in [
            "hello",
            "{\"type\": \"subscribe\", \"channel\": \"orders\", \"since\": 1718}",
            "🦀 Grüße, 世界",
            "שלום עולם",
            "",
        ] {
            page.send(text).await;
        }
        page.paste("hello").await;
        take(&page, "in-use").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        take(&page, "closed").await;
    })
    .await;
}

#[tokio::test]
async fn with_a_message_open() {
    on_page(|page| async move {
        page.connect().await;
        for text in ["hello", "{\"type\": \"order\", \"id\": 12345678901234567890, \"lines\": [{\"sku\": \"A-1\", \"n\": 2}, {\"sku\": \"B-2\", \"n\": 1}]}"] {
            page.send(text).await;
        }
        page.eval("document.querySelector('#messages > li:last-child').click()").await;
        page.until("document.querySelector('#detail-json')").await;
        take_from(&page, "message-json", ".panel").await;
        page.click("#detail [data-view=hex]").await;
        page.until("document.querySelector('#detail-hex')").await;
        take_from(&page, "message-hex", ".panel").await;
    })
    .await;
}

#[tokio::test]
async fn with_the_figures_open() {
    on_page(|page| async move {
        page.connect().await;
        for number in 0..40 {
            page.send(&format!("message {number}")).await;
        }
        page.click("#tab-stats").await;
        page.until("document.querySelector('#figures svg')").await;
        take_from(&page, "figures", "#figures").await;
    })
    .await;
}

#[tokio::test]
async fn with_the_settings_and_the_keys_open() {
    on_page(|page| async move {
        page.show("settings").await;
        take(&page, "settings").await;
        page.hide().await;
        page.click("#show-shortcuts").await;
        page.until("document.querySelector('#shortcuts').open").await;
        take(&page, "keys").await;
    })
    .await;
}

#[tokio::test]
async fn with_the_options_open() {
    on_page(|page| async move {
        page.show("options").await;
        page.fill("#protocols", "chat, v2.example.com").await;
        page.fill("#close-code", "1006").await;
        page.fill("#close-reason", "that will do").await;
        page.connect().await;
        page.show("options").await;
        take(&page, "options").await;
    })
    .await;
}

#[tokio::test]
async fn in_trouble() {
    on_page(|page| async move {
        page.connect_to("localhost/echo").await;
        page.until("document.querySelector('#url').getAttribute('aria-invalid') === 'true'").await;
        take(&page, "bad-url").await;
        page.connect_to(&nobody().await).await;
        page.until_phase("closed").await;
        take(&page, "refused").await;
    })
    .await;
}

#[tokio::test]
async fn with_a_hundred_thousand_messages() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            for number in 0..100_000 {
                socket
                    .feed(Message::text(format!("message {number} of one hundred thousand")))
                    .await
                    .unwrap();
            }
            socket.flush().await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        page.connect_to(&url).await;
        page.until("document.querySelector('#received-count').textContent.startsWith('100,000')").await;
        let below = page
            .eval("(v => v.scrollHeight - v.scrollTop - v.clientHeight)(document.querySelector('#view'))")
            .await;
        assert!(below.as_f64().unwrap() < 5.0, "the end is in sight: {below} px are below it");
        take(&page, "many").await;
    })
    .await;
}
