//! Tests of links that open the page with a given state.

use fantoccini::key::Key;
use futures_util::StreamExt;
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    page::{Page, on_page},
    peer::peers,
};

async fn value(page: &Page, css: &str) -> String {
    page.find(css).await.prop("value").await.unwrap().unwrap()
}

async fn phase(page: &Page) -> String {
    page.find("#state").await.attr("data-phase").await.unwrap().unwrap()
}

/// Starts a server that passes the text of each message to the test.
async fn listener() -> (String, mpsc::UnboundedReceiver<String>) {
    let (tell, told) = mpsc::unbounded_channel();
    let url = peers(move |_, mut socket| {
        let tell = tell.clone();
        async move {
            while let Some(Ok(message)) = socket.next().await {
                if let Ok(text) = message.into_text() {
                    let _ = tell.send(text.to_string());
                }
            }
        }
    })
    .await;
    (url, told)
}

#[tokio::test]
async fn a_reload_keeps_the_fields_of_its_tab() {
    on_page(|page| async move {
        page.fill("#url", "ws://localhost:1/other").await;
        page.show("options").await;
        page.fill("#protocols", "chat, v2").await;
        page.hide().await;
        page.choose("#mode", "hex").await;
        page.paste("00 ff").await;
        page.client.refresh().await.unwrap();
        page.until("document.querySelector('#message')?.value === '00 ff'").await;
        let fields =
            page.eval("['url', 'protocols', 'mode'].map(id => document.querySelector(`#${id}`).value)").await;
        assert_eq!(fields, serde_json::json!(["ws://localhost:1/other", "chat, v2", "hex"]));
        assert_eq!(page.eval("document.querySelector('#state').dataset.phase").await, "idle");
        assert_eq!(page.eval("location.search").await, "");
    })
    .await;
}

#[tokio::test]
async fn a_link_to_the_own_host_connects_and_sends() {
    on_page(|page| async move {
        page.open_at("/?connect=1&protocol=chat&send=hello&send=%F0%9F%A6%80+again").await;
        page.until_count(2).await;
        page.until("document.querySelectorAll('#messages > li[data-kind]').length === 4").await;
        assert_eq!(page.rows().await, ["hello", "🦀 again"]);
        assert!(page.text("#agreed").await.contains("chat"));
        assert_eq!(page.eval("document.querySelector('#question')").await, json!(null));
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn messages_of_a_link_are_sent_once() {
    on_page(|page| async move {
        let own = format!("ws://{}/echo", page.server.address);
        page.open_at(&format!("/?url={own}&connect=1&send=hello")).await;
        page.until_count(1).await;
        assert_eq!(page.eval("location.search").await, format!("?url={own}&connect=1"));

        page.click("#connect").await;
        page.until_phase("closed").await;
        page.connect().await;
        page.send("by hand").await;
        assert_eq!(page.rows().await, ["hello", "by hand"], "another connection does not send again");

        page.client.refresh().await.unwrap();
        page.until("document.querySelector('#state')?.dataset.phase === 'open'").await;
        page.send("by hand").await;
        assert_eq!(page.rows().await, ["by hand"], "a reload neither");
    })
    .await;
}

#[tokio::test]
async fn without_connect_a_link_only_fills_in() {
    on_page(|page| async move {
        let own = format!("ws://{}/echo", page.server.address);
        page.open_at(&format!("/?url={own}&protocol=a&protocol=b,c&send=hello%0Aworld")).await;
        assert_eq!(value(&page, "#url").await, own);
        assert_eq!(value(&page, "#protocols").await, "a, b, c");
        assert_eq!(value(&page, "#message").await, "hello\nworld");
        assert_eq!(phase(&page).await, "idle");

        page.connect().await;
        page.send("by hand").await;
        assert_eq!(page.rows().await, ["by hand"], "nor later");
    })
    .await;
}

#[tokio::test]
async fn another_host_is_asked_about_and_not_now_does_nothing() {
    on_page(|page| async move {
        let (url, mut told) = listener().await;
        let link = format!("/?url={url}&connect=1&send=attack&send=");
        for by_key in [false, true] {
            page.open_at(&link).await;
            page.until("document.querySelector('#question')?.open").await;
            let question = page.text("#question").await;
            let host = url.trim_start_matches("ws://").trim_end_matches('/');
            for part in
                [&format!("Connect to {host}?"), "It would send 2 messages:", "attack", "(empty message)"]
            {
                assert!(question.contains(part), "{part}: {question}");
            }
            assert_eq!(
                page.eval("document.activeElement.id").await,
                "not-now",
                "the focus is on the safe answer"
            );
            if by_key {
                let focused = page.client.active_element().await.unwrap();
                focused.send_keys(&Key::Escape.to_string()).await.unwrap();
            } else {
                page.click("#not-now").await;
            }
            page.until("!document.querySelector('#question')").await;
            assert_eq!(phase(&page).await, "idle");
            assert_eq!(value(&page, "#url").await, url);
        }

        page.open_at(&link).await;
        page.until("document.querySelector('#question')?.open").await;
        page.click("#connect-anyway").await;
        page.until_phase("open").await;
        assert_eq!(
            (told.recv().await.unwrap(), told.recv().await.unwrap()),
            ("attack".into(), String::new())
        );
        assert!(told.try_recv().is_err(), "and nothing before it was allowed");
    })
    .await;
}

#[tokio::test]
async fn a_message_to_another_service_of_the_own_host_is_asked_about() {
    on_page(|page| async move {
        let other = format!("ws://{}/other", page.server.address);
        page.open_at(&format!("/?url={other}&connect=1&send=attack")).await;
        page.until("document.querySelector('#question')?.open").await;
        assert!(page.text("#question-why").await.contains("another service of the same host"));
        assert_eq!(phase(&page).await, "idle");
    })
    .await;
}

#[tokio::test]
async fn a_damaged_link_is_told_and_does_nothing() {
    on_page(|page| async move {
        page.open_at("/?connect=1&send=100%").await;
        page.until("document.querySelector('#notice').textContent === 'the link is damaged'").await;
        assert!(page.text("#hint").await.contains("Badly encoded: send."));
        assert_eq!((value(&page, "#message").await.as_str(), phase(&page).await.as_str()), ("100%", "idle"));

        page.open_at("/?connect=1&url=http://a&send=x").await;
        page.until("document.querySelector('#url').getAttribute('aria-invalid') === 'true'").await;
        assert_eq!(phase(&page).await, "idle");
    })
    .await;
}

#[tokio::test]
async fn a_link_can_be_copied_and_opens_the_same() {
    on_page(|page| async move {
        let (url, _told) = listener().await;
        // Records the text that the page would write to the clipboard.
        page.eval("navigator.clipboard.writeText = async text => { window.copied = text }").await;
        page.show("options").await;
        page.fill("#url", &format!("{}?a=b&c=%20+", url.replace("ws://", "ws://me:secret@"))).await;
        page.show("options").await;
        page.fill("#protocols", "chat, v2").await;
        page.paste("50% & more\n\"🦀\" + ünï").await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#notice').textContent === 'link copied'").await;
        let link = page.eval("window.copied").await.as_str().unwrap().to_owned();
        assert!(!link.contains("secret") && !link.contains("connect="), "{link}");
        assert_eq!(value(&page, "#link").await, link);

        page.client.goto(&link).await.unwrap();
        page.until("document.querySelector('#message')?.value").await;
        assert_eq!(value(&page, "#url").await, format!("{url}?a=b&c=%20+"));
        assert_eq!(value(&page, "#protocols").await, "chat, v2");
        assert_eq!(value(&page, "#message").await, "50% & more\n\"🦀\" + ünï");
    })
    .await;
}

#[tokio::test]
async fn a_link_to_bytes_opens_and_sends_the_bytes() {
    on_page(|page| async move {
        page.eval("navigator.clipboard.writeText = async text => { window.copied = text }").await;
        page.connect().await;
        page.choose("#mode", "hex").await;
        page.paste("00 ff 41").await;
        page.show("options").await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#notice').textContent === 'link copied'").await;
        let link = page.eval("window.copied").await.as_str().unwrap().to_owned();

        page.client.goto(&link).await.unwrap();
        page.until("document.querySelector('#messages > li[data-way=received]')").await;
        assert_eq!(page.rows().await, ["00 ff 41"], "the echo of the bytes");
        assert_eq!(
            (value(&page, "#mode").await, value(&page, "#message").await),
            ("hex".into(), "00 ff 41".into())
        );
    })
    .await;
}

#[tokio::test]
async fn a_link_says_what_does_not_fit_and_what_cannot_be_copied() {
    on_page(|page| async move {
        page.connect().await;
        page.show("options").await;
        page.eval("navigator.clipboard.writeText = async () => { throw document.execCommand = () => false }")
            .await;
        page.paste(&"x".repeat(8_000)).await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#notice').textContent === 'link not copied'").await;
        assert_eq!(value(&page, "#link").await, page.server.url("/?connect=1"));

        page.eval("navigator.clipboard.writeText = async text => { window.copied = text }").await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#hint').textContent.startsWith('Without the message')").await;
        assert_eq!(page.eval("window.copied").await, page.server.url("/?connect=1"));
    })
    .await;
}
