//! Tests of what happens at a connect: a host with a port gets its scheme, and chosen snippets are sent.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    page::{Page, on_page},
    peer::{nobody, peer, peers},
};

impl Page {
    /// Saves two snippets, and chooses both to be sent after connecting.
    async fn choose_opening(&self) {
        self.show("snippets").await;
        self.save_snippet("2 subscribe", "subscribe {{n}}").await;
        self.save_snippet("1 hello", "hello").await;
        self.paste("").await;
        self.show("options").await;
        for number in [1, 2] {
            self.click(&format!("#opening label:nth-of-type({number})")).await;
        }
        self.hide().await;
    }

    async fn sent(&self) -> serde_json::Value {
        self.eval(
            "[...document.querySelectorAll('#messages > li[data-way=sent] .body')].map(row => row.textContent)",
        )
        .await
    }
}

#[tokio::test]
async fn chosen_snippets_are_sent_after_each_connect_and_reconnect() {
    on_page(|page| async move {
        let url = peers(|number, mut socket| async move {
            for _ in 0..2 {
                let Some(Ok(message)) = socket.next().await else { return };
                socket.send(message).await.unwrap();
            }
            if number > 0 {
                while let Some(Ok(_)) = socket.next().await {}
            }
        })
        .await;
        page.show("options").await;
        page.click("#reconnect").await;
        page.choose_opening().await;
        page.connect_to(&url).await;
        page.until_count(4).await;
        page.until_phase("open").await;
        assert_eq!(page.sent().await, json!(["hello", "subscribe 2", "hello", "subscribe 4"]));

        // They are kept for the tab, and do not connect by themselves.
        page.open().await;
        page.show("options").await;
        assert_eq!(page.eval("document.querySelectorAll('#opening :checked').length").await, 2);
        page.hide().await;
        page.until_phase("idle").await;
        page.connect().await;
        page.until_count(2).await;
    })
    .await;
}

#[tokio::test]
async fn a_link_sends_no_snippet_of_the_user() {
    on_page(|page| async move {
        page.choose_opening().await;
        page.open_at("/?connect=1&send=linked&opening=1+hello").await;
        page.until_count(1).await;
        assert_eq!(page.sent().await, json!(["linked"]));
        page.show("options").await;
        assert_eq!(page.eval("document.querySelectorAll('#opening :checked').length").await, 0);
    })
    .await;
}

/// A link may have such an address too. The question tells where it leads, and a copied link has no password.
#[tokio::test]
async fn a_host_with_a_port_is_a_whole_url_in_links() {
    on_page(|page| async move {
        page.open_at("/?url=me:secret@a.test:81&connect=1").await;
        page.until("document.querySelector('#question')?.open").await;
        assert_eq!(page.text("#question-host").await, "Connect to a.test:81?");
        page.click("#not-now").await;
        page.show("options").await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#link')").await;
        let link = page.eval("document.querySelector('#link').value").await;
        assert!(link.as_str().unwrap().ends_with("/?url=ws://a.test:81"), "{link}");
    })
    .await;
}

#[tokio::test]
async fn a_host_with_a_port_connects_at_once() {
    on_page(|page| async move {
        let place = format!("{}/echo", page.server.address);
        page.fill("#url", &format!("{place}\n")).await;
        page.until_phase("open").await;
        assert_eq!(page.eval("document.querySelector('#url').value").await, format!("ws://{place}"));
        assert_eq!(page.eval("!!document.querySelector('#try-other')").await, false);
    })
    .await;
}

#[tokio::test]
async fn the_other_scheme_is_one_click_away_where_the_page_chose_it() {
    on_page(|page| async move {
        let url = nobody().await;
        page.connect_to(&url).await;
        page.until_phase("closed").await;
        assert_eq!(page.eval("!!document.querySelector('#try-other')").await, false, "the user chose it");

        let place = url.strip_prefix("ws://").unwrap();
        page.connect_to(place).await;
        page.until("document.querySelector('#try-other')").await;
        assert_eq!(page.text("#try-other").await, format!("try wss://{place}"));
        page.click("#try-other").await;
        page.until("!document.querySelector('#try-other')").await;
        assert_eq!(page.eval("document.querySelector('#url').value").await, format!("wss://{place}"));
        assert_eq!(page.eval("document.activeElement.id").await, "connect");
        page.until("document.querySelectorAll('#messages [data-event=failed]').length === 3").await;
    })
    .await;
}

/// Their texts are unique, so each echo finds its original, whatever the order.
#[tokio::test]
async fn a_snippet_that_is_sent_has_new_values_and_echoes_in_another_order_are_paired() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            let mut texts = Vec::new();
            while texts.len() < 3 {
                texts.push(socket.next().await.unwrap().unwrap().into_text().unwrap().to_string());
            }
            for text in texts.into_iter().rev() {
                socket.send(Message::text(text)).await.unwrap();
            }
            while let Some(Ok(_)) = socket.next().await {}
        })
        .await;
        page.show("snippets").await;
        page.save_snippet("numbered", "{{n}} {{uuid}} {{what}}").await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.show("snippets").await;
        for _ in 0..3 {
            page.click("#snippet-list .send").await;
        }
        page.until_count(3).await;
        let sent = page.sent().await;
        let texts: Vec<_> = sent.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        for (n, text) in (1..).zip(&texts) {
            assert!(text.starts_with(&format!("{n} ")) && text.ends_with(" {{what}}"), "{text}");
            assert_eq!(text.len(), "1  {{what}}".len() + 36, "{text}");
        }
        assert_eq!(page.rows().await, [texts[2], texts[1], texts[0]]);
        let trips = "[...document.querySelectorAll('#messages [data-way=received] .trip')].every(trip => trip.textContent)";
        assert_eq!(page.eval(trips).await, true);

        // The field is sent as it is.
        assert_eq!(page.eval("document.querySelector('#message').value").await, "{{n}} {{uuid}} {{what}}");
        page.click("#send").await;
        page.until("document.querySelectorAll('#messages [data-way=sent]').length === 4").await;
        assert_eq!(page.sent().await[3], "{{n}} {{uuid}} {{what}}");
    })
    .await;
}
