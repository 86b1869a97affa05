//! Tests of the four main functions of the page, and of its three notices.

use fantoccini::key::Key;

use crate::page::on_page;

#[tokio::test]
async fn connect_send_and_see_the_echo() {
    on_page(|page| async move {
        assert_eq!(page.client.title().await.unwrap(), "ws-echo");
        assert_eq!(page.text("#connect").await, "connect");
        let own = format!("ws://{}/echo", page.server.address);
        assert_eq!(page.find("#url").await.prop("value").await.unwrap(), Some(own));
        assert_eq!(page.rows().await.len(), 0);
        assert_eq!(page.find("#mode").await.prop("value").await.unwrap().unwrap(), "text");

        page.connect().await;
        assert_eq!(page.text("#notice").await, "connection is successful");
        assert_eq!(page.text("#connect").await, "disconnect");
        page.find("#message").await.send_keys("hello").await.unwrap();
        page.click("#send").await;
        page.until_count(1).await;
        page.click("#send").await;
        page.until_count(2).await;
        assert_eq!(page.rows().await, ["hello", "hello"], "the text stays in the field");
        assert!(page.text("#received-count").await.starts_with("2 messages"));

        page.click("#connect").await;
        page.until_phase("closed").await;
        assert_eq!(page.text("#notice").await, "Connection is closed...");
        assert_eq!(page.text("#connect").await, "connect");
        let state = page.state().await;
        assert!(state.contains("1000 Normal Closure"), "{state}");
        assert_eq!(page.rows().await.len(), 2, "the list outlives the connection");
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn to_send_before_a_connect_is_told_each_time() {
    on_page(|page| async move {
        page.paste("too early").await;
        page.click("#send").await;
        page.until("document.querySelector('#notice').textContent === 'connect first!!!'").await;
        // A repeated notice needs a new node, because a screen reader would not announce an unchanged one.
        page.eval("window.before = document.querySelector('#notice').firstElementChild").await;
        page.click("#send").await;
        page.until("document.querySelector('#notice').firstElementChild !== window.before").await;
        assert_eq!(page.text("#notice").await, "connect first!!!");
        assert_eq!(page.rows().await.len(), 0);
        assert_eq!(page.find("#message").await.prop("value").await.unwrap().unwrap(), "too early");
    })
    .await;
}

#[tokio::test]
async fn the_page_connects_again_and_the_list_goes_on() {
    on_page(|page| async move {
        for round in 1..=3 {
            page.connect().await;
            page.send(&format!("round {round}")).await;
            page.click("#connect").await;
            page.until_phase("closed").await;
        }
        assert_eq!(page.rows().await, ["round 1", "round 2", "round 3"]);
    })
    .await;
}

#[tokio::test]
async fn control_enter_sends_and_enter_does_not() {
    on_page(|page| async move {
        page.connect().await;
        let field = page.find("#message").await;
        field.send_keys("one").await.unwrap();
        field.send_keys(&Key::Enter.to_string()).await.unwrap();
        field.send_keys("two").await.unwrap();
        field.send_keys(&(Key::Control + &Key::Enter.to_string())).await.unwrap();
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["one⏎two"]);
    })
    .await;
}
