//! Tests of the list of recently opened URLs.

use futures_util::StreamExt;
use serde_json::json;

use crate::{page::on_page, peer::peer};

#[tokio::test]
async fn urls_that_opened_are_remembered_until_they_are_forgotten() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move { while let Some(Ok(_)) = socket.next().await {} }).await;
        page.connect().await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        page.connect_to(&url.replace("ws://", "ws://me:secret@")).await;
        page.until_phase("open").await;
        page.open().await;
        let own = format!("ws://{}/echo", page.server.address);
        let options = "[...document.querySelectorAll('#recent-urls option')].map(option => option.value)";
        assert_eq!(page.eval(options).await, json!([url, own]));
        assert_eq!(page.find("#url").await.attr("list").await.unwrap().unwrap(), "recent-urls");

        page.show("recent").await;
        page.click("#recent li:first-child .url").await;
        assert_eq!(page.find("#url").await.prop("value").await.unwrap().unwrap(), url);
        page.show("recent").await;
        page.click("#recent li:first-child button:last-child").await;
        page.until("document.querySelectorAll('#recent li').length === 1").await;
        assert_eq!(page.eval(options).await, json!([own]));
        assert_eq!(page.eval("document.activeElement.id").await, "recent-list", "the focus stays near");
        page.click("#forget-urls").await;
        page.until("!document.querySelector('#recent li')").await;
        page.open().await;
        assert_eq!(page.eval(options).await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_url_that_never_opened_is_not_remembered_and_damage_is_harmless() {
    on_page(|page| async move {
        page.connect_to(&format!("ws://{}/healthz", page.server.address)).await;
        page.until_phase("closed").await;
        assert_eq!(page.eval("localStorage.getItem('ws-echo.recent')").await, json!(null));

        page.eval("localStorage.setItem('ws-echo.recent', '{\"version\":1,\"urls\":[7,\"ws://kept\",nul')")
            .await;
        page.open().await;
        page.connect_to(&format!("ws://{}/echo", page.server.address)).await;
        page.until_phase("open").await;
        let stored = page.eval("JSON.parse(localStorage.getItem('ws-echo.recent')).urls.length").await;
        assert_eq!(stored, 1);
    })
    .await;
}
