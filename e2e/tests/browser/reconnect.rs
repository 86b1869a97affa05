//! Tests of automatic reconnection, which the user can switch on and stop.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::{
    page::{Page, on_page},
    peer::{nobody, peers},
};

type Socket = WebSocketStream<TcpStream>;

async fn turn_on(page: &Page) {
    page.show("options").await;
    page.click("#reconnect").await;
    page.until("document.querySelector('#reconnect').checked").await;
}

/// Makes `Math.random` return `chance`.
async fn fix_chance(page: &Page, chance: f64) {
    page.eval(&format!("Math.random = () => {chance}")).await;
}

async fn until_counting(page: &Page, text: &str) {
    page.until(&format!("document.querySelector('#reconnecting')?.textContent.includes('{text}')")).await;
}

/// Closes the connection with `code`, and waits until it is closed.
async fn close(mut socket: Socket, code: u16) {
    let _ = socket.close(Some(CloseFrame { code: CloseCode::from(code), reason: "".into() })).await;
    while let Some(Ok(_)) = socket.next().await {}
}

async fn welcome(mut socket: Socket) {
    let _ = socket.send(Message::text("welcome back")).await;
    while let Some(Ok(message)) = socket.next().await {
        if message.is_text() && socket.send(message).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_dropped_connection_comes_back() {
    on_page(|page| async move {
        let url = peers(|number, socket| async move {
            match number {
                0 => drop(socket),
                1 => close(socket, 1012).await,
                _ => welcome(socket).await,
            }
        })
        .await;
        turn_on(&page).await;
        page.connect_to(&url).await;
        until_counting(&page, "attempt 2").await;
        page.eval("document.querySelector('#reconnect-now').focus()").await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["welcome back"]);
        page.until("document.activeElement.id === 'connect' && !document.querySelector('#reconnecting')")
            .await;
        page.send("still there").await;
    })
    .await;
}

#[tokio::test]
async fn delays_double_up_to_half_a_minute() {
    on_page(|page| async move {
        fix_chance(&page, 1.0).await;
        turn_on(&page).await;
        page.connect_to(&nobody().await).await;
        for (attempt, seconds) in [(3, 2), (4, 4), (5, 8), (6, 16), (7, 30), (8, 30)] {
            until_counting(&page, &format!("reconnecting in {seconds} s, attempt {attempt}")).await;
            page.click("#reconnect-now").await;
        }
        fix_chance(&page, 0.0).await;
        until_counting(&page, "reconnecting in 15 s").await;
    })
    .await;
}

#[tokio::test]
async fn the_countdown_is_announced_once_and_can_be_stopped() {
    on_page(|page| async move {
        fix_chance(&page, 1.0).await;
        turn_on(&page).await;
        page.connect_to(&nobody().await).await;
        for attempt in 1..5 {
            until_counting(&page, &format!("attempt {attempt}")).await;
            page.eval("document.querySelector('#reconnect-now').click()").await;
        }
        until_counting(&page, "in 8 s, attempt 5").await;
        until_counting(&page, "in 7 s, attempt 5").await;
        assert_eq!(
            page.eval("document.querySelector('#reconnect-news').textContent").await,
            "reconnecting in 8 s, attempt 5"
        );
        page.click("#stop-reconnect").await;
        page.until("!document.querySelector('#reconnecting')").await;
        assert_eq!(page.eval("document.activeElement.id").await, "connect");
        assert_eq!(page.find("#state").await.attr("data-phase").await.unwrap().unwrap(), "closed");
        assert_eq!(page.eval("document.querySelector('#reconnect').checked").await, true);
    })
    .await;
}

#[tokio::test]
async fn who_disconnects_stays_disconnected() {
    on_page(|page| async move {
        turn_on(&page).await;
        page.connect().await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        assert_eq!(page.eval("document.querySelector('#reconnecting')").await, serde_json::Value::Null);
        assert_eq!(page.text("#reconnect-news").await, "");
    })
    .await;
}

#[tokio::test]
async fn an_end_that_would_come_again_says_so() {
    for (code, said) in
        [(1000, "the other side was done"), (1008, "would happen again"), (4001, "only the application")]
    {
        on_page(move |page| async move {
            let times = Arc::new(AtomicUsize::new(0));
            let url = peers({
                let times = times.clone();
                move |_, socket| {
                    times.fetch_add(1, Ordering::Relaxed);
                    close(socket, code)
                }
            })
            .await;
            turn_on(&page).await;
            page.connect_to(&url).await;
            page.until(&format!("document.querySelector('#reconnect-news').textContent.includes('{said}')"))
                .await;
            assert!(page.text("#reconnect-news").await.contains(&code.to_string()));
            assert_eq!(times.load(Ordering::Relaxed), 1);
        })
        .await;
    }
}

#[tokio::test]
async fn who_edits_the_url_or_turns_it_off_is_left_alone() {
    on_page(|page| async move {
        fix_chance(&page, 1.0).await;
        turn_on(&page).await;
        page.connect_to(&nobody().await).await;
        for attempt in 1..4 {
            until_counting(&page, &format!("attempt {attempt}")).await;
            page.eval("document.querySelector('#reconnect-now').click()").await;
        }
        until_counting(&page, "attempt 4").await;
        page.find("#url").await.send_keys("x").await.unwrap();
        page.until("!document.querySelector('#reconnecting')").await;

        page.connect_to(&nobody().await).await;
        until_counting(&page, "attempt 1").await;
        page.show("options").await;
        page.click("#reconnect").await;
        page.until("!document.querySelector('#reconnecting')").await;
    })
    .await;
}

#[tokio::test]
async fn the_setting_is_remembered_and_damage_is_harmless() {
    on_page(|page| async move {
        turn_on(&page).await;
        page.open().await;
        assert_eq!(page.eval("document.querySelector('#reconnect').checked").await, true);
        page.eval("localStorage.setItem('ws-echo.reconnect', '{\"version\":1,\"on\":')").await;
        page.open().await;
        assert_eq!(page.eval("document.querySelector('#reconnect').checked").await, false);
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn without_it_a_lost_connection_stays_lost() {
    on_page(|page| async move {
        let url = peers(|_, mut socket| async move {
            let _ = socket.send(Message::text("last words")).await;
        })
        .await;
        page.connect_to(&url).await;
        page.until_phase("closed").await;
        assert_eq!(page.eval("document.querySelector('#reconnecting')").await, serde_json::Value::Null);
    })
    .await;
}
