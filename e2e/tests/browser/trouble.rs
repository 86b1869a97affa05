//! Tests of errors: the page explains each one with a remedy, and loses no data.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::{
    page::{Page, on_page},
    peer::{nobody, peer},
    server::Server,
};

/// Waits until the connection is closed. Returns the text of its state.
async fn end(page: &Page) -> String {
    page.until_phase("closed").await;
    page.state().await
}

#[tokio::test]
async fn without_its_worker_the_page_says_so() {
    on_page(|page| async move {
        let script = "const Real = Worker; window.Worker = function (path, options) { \
                      return new Real(path.startsWith('socket') ? 'gone.js' : path, options) }";
        page.at_start(script).await;
        page.open().await;
        page.click("#connect").await;
        page.until("document.querySelector('.endpoint .problem')?.textContent.includes('socket-worker.js')")
            .await;
        page.until_phase("idle").await;
    })
    .await;
}

#[tokio::test]
async fn a_bad_url_is_explained_beside_the_field() {
    on_page(|page| async move {
        for (url, problem) in [
            ("localhost/echo", "ws://localhost/echo"),
            ("http://localhost:8080/echo", "ws://localhost:8080/echo"),
            ("ftp://localhost/echo", "ws://localhost/echo"),
            ("ws://", "host is missing"),
            ("ws://localhost/echo#here", "fragment"),
            ("ws://localhost:99999/", "“99999” is not a valid port"),
            ("ws://256.256.256.256/", "browser refuses"),
            ("", "Enter the URL"),
        ] {
            page.connect_to(url).await;
            page.until("document.querySelector('#url').getAttribute('aria-invalid') === 'true'").await;
            let said = page.text(".endpoint .problem").await;
            assert!(said.contains(problem), "{url}: {said}");
            assert_eq!(
                page.find("#url").await.prop("value").await.unwrap().as_deref(),
                Some(url),
                "the text is kept"
            );
            assert_eq!(page.find("#state").await.attr("data-phase").await.unwrap().unwrap(), "idle");
        }
        page.connect_to(&format!("ws://{}/echo", page.server.address)).await;
        page.until_phase("open").await;
        assert_eq!(
            page.eval("document.querySelector('#url').getAttribute('aria-invalid')").await,
            serde_json::Value::Null
        );
    })
    .await;
}

#[tokio::test]
async fn a_refused_connection_says_what_to_check() {
    on_page(|page| async move {
        page.connect_to(&nobody().await).await;
        let state = end(&page).await;
        assert!(state.contains("1006") && state.contains("No server there"), "{state}");
        assert_eq!(page.text("#notice").await, "Connection is closed...");
        page.connect_to(&format!("ws://{}/healthz", page.server.address)).await;
        page.until("document.querySelector('#state').textContent.includes('healthz')").await;
        let state = end(&page).await;
        assert!(state.contains("not a WebSocket endpoint"), "{state}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_stops_is_told_and_the_page_stays_usable() {
    on_page(|page| async move {
        page.connect().await;
        page.send("before").await;
        page.server.ask_to_stop().await;
        let state = end(&page).await;
        assert!(state.contains("1001 Going Away") && state.contains("the server stops"), "{state}");
        assert_eq!(page.text("#notice").await, "Connection is closed...");
        page.paste("after").await;
        page.click("#send").await;
        page.until("document.querySelector('#notice').textContent === 'connect first!!!'").await;
        assert_eq!(page.rows().await, ["before"]);
        page.click("#connect").await;
        page.until("document.querySelector('#state').textContent.includes('could not connect')").await;
    })
    .await;
}

#[tokio::test]
async fn a_dropped_connection_is_told_from_a_closed_one() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            socket.send(Message::text("last words")).await.unwrap();
            // Closes the TCP connection without a Close frame.
            drop(socket);
        })
        .await;
        page.connect_to(&url).await;
        let state = end(&page).await;
        assert!(state.contains("1006 Abnormal Closure") && state.contains("dropped"), "{state}");
        assert_eq!(page.rows().await, ["last words"]);
    })
    .await;
}

#[tokio::test]
async fn the_other_sides_code_and_reason_are_shown() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            let close = CloseFrame { code: CloseCode::from(4321), reason: "<i>enough</i>".into() };
            socket.close(Some(close)).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        page.connect_to(&url).await;
        let state = end(&page).await;
        assert!(state.contains("4321 Private Code") && state.contains("<i>enough</i>"), "{state}");
    })
    .await;
}

#[tokio::test]
async fn a_message_over_the_limit_closes_with_a_reason_and_the_text_is_kept() {
    on_page(|mut page| async move {
        page.server = Server::start(&["--max-message", "10"]).await;
        page.connect_to(&format!("ws://{}/echo", page.server.address)).await;
        page.until_phase("open").await;
        page.paste("eleven char").await;
        page.click("#send").await;
        let state = end(&page).await;
        assert!(state.contains("1009 Message Too Big") && state.contains("longer than 10 bytes"), "{state}");
        assert_eq!(page.find("#message").await.prop("value").await.unwrap().unwrap(), "eleven char");
    })
    .await;
}
