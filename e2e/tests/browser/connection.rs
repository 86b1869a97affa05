//! Tests of the offered subprotocols, of the negotiated result, and of the close of a connection.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::{page::on_page, peer::peer};

#[tokio::test]
async fn the_title_tells_the_state_and_the_messages_that_were_not_seen() {
    on_page(|page| async move {
        page.until("document.title === 'ws-echo'").await;
        page.connect().await;
        page.send("seen").await;
        page.until("document.title === 'open · ws-echo'").await;
        let hide = |hidden: bool| {
            format!(
                "void (Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }}), \
                 document.dispatchEvent(new Event('visibilitychange')))"
            )
        };
        page.eval(&hide(true)).await;
        page.send("not seen").await;
        page.send("nor this").await;
        page.until("document.title === '(2) open · ws-echo'").await;
        page.eval(&hide(false)).await;
        page.until("document.title === 'open · ws-echo'").await;
    })
    .await;
}

#[tokio::test]
async fn a_close_code_is_chosen_by_its_name() {
    on_page(|page| async move {
        assert_eq!(page.eval("document.querySelector('#show-close-menu')").await, serde_json::Value::Null);
        page.connect().await;
        page.show("close-menu").await;
        page.fill("#menu-reason", "enough").await;
        page.click("#close-menu [data-code='4001']").await;
        page.until_phase("closed").await;
        let state = page.state().await;
        assert!(state.contains("4001 Private Code") && state.contains("enough"), "{state}");
        // The code of the options is as before.
        page.connect().await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        assert!(page.state().await.contains("1000 Normal Closure"));
    })
    .await;
}

#[tokio::test]
async fn the_options_are_out_of_sight_until_they_are_wanted() {
    on_page(|page| async move {
        assert!(!page.find("#protocols").await.is_displayed().await.unwrap());
        page.show("options").await;
        assert!(page.find("#protocols").await.is_displayed().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_was_negotiated_is_shown() {
    on_page(|page| async move {
        page.show("options").await;
        page.fill("#protocols", "chat, v2.example.com").await;
        page.connect().await;
        let agreed = page.text("#agreed").await;
        assert!(agreed.contains("subprotocol chat") && agreed.contains("permessage-deflate"), "{agreed}");
    })
    .await;
}

#[tokio::test]
async fn a_code_and_a_reason_can_be_chosen() {
    on_page(|page| async move {
        page.show("options").await;
        page.fill("#close-code", "4001").await;
        page.fill("#close-reason", "that will do").await;
        assert_eq!(page.text("#close-reason-note").await, "12 of 123 bytes");
        page.connect().await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        let state = page.state().await;
        for part in ["4001 Private Code", "that will do", "Closed by this page, after"] {
            assert!(state.contains(part), "{state}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_sent_is_told_at_once_and_nothing_is_done() {
    on_page(|page| async move {
        page.show("options").await;
        page.fill("#protocols", "a/b").await;
        let problem = page.text("#protocols-problem").await;
        assert!(problem.starts_with("“a/b” is not a valid subprotocol name"), "{problem}");
        page.click("#connect").await;
        page.until("document.querySelector('#notice').textContent === 'not connected'").await;
        assert_eq!(page.text("#hint").await, problem);

        page.show("options").await;
        page.fill("#protocols", "").await;
        page.connect().await;
        page.show("options").await;
        page.fill("#close-code", "1006").await;
        page.click("#connect").await;
        page.until("document.querySelector('#notice').textContent === 'not disconnected'").await;
        page.show("options").await;
        let problem = page.text("#close-code-problem").await;
        assert!(problem.contains("only 1000 or 3000–4999"), "{problem}");
        page.fill("#close-code", "1000").await;
        page.fill("#close-reason", &"x".repeat(124)).await;
        assert_eq!(
            page.text("#close-reason-problem").await,
            "The reason is 1 byte too long: 123 are allowed."
        );
        page.click("#connect").await;
        page.until_phase("open").await;
    })
    .await;
}

#[tokio::test]
async fn an_end_by_the_server_is_told_from_one_by_nobody() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            let frame = CloseFrame { code: CloseCode::Away, reason: "maintenance".into() };
            socket.send(Message::Close(Some(frame))).await.unwrap();
            while let Some(Ok(_)) = socket.next().await {}
        })
        .await;
        page.connect_to(&url).await;
        page.until_phase("closed").await;
        let state = page.state().await;
        assert!(state.contains("Closed by the server, after") && state.contains("maintenance"), "{state}");

        let url = peer(|socket| async move { drop(socket) }).await;
        page.connect_to(&url).await;
        page.until("document.querySelector('#state').textContent.includes('Closed by neither side')").await;
    })
    .await;
}
