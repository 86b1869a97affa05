//! Tests of the events of the connection, which are rows between the messages.

use std::fs;

use fantoccini::key::Key;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::{
    axe::no_barrier,
    page::{Page, on_page},
    peer::{nobody, peer, peers},
};

impl Page {
    /// Returns the rows in order: the event or the direction, and the text.
    async fn story(&self) -> Vec<(String, String)> {
        let rows = "[...document.querySelectorAll('#messages > li')]\
                    .map(li => [li.dataset.event ?? li.dataset.way, li.querySelector('.body').textContent])";
        serde_json::from_value(self.eval(rows).await).unwrap()
    }

    /// Returns the events and directions of the rows in order.
    async fn kinds(&self) -> Vec<String> {
        self.story().await.into_iter().map(|(kind, _)| kind).collect()
    }

    async fn until_event(&self, event: &str) {
        self.until(&format!("document.querySelector('#messages > [data-event={event}]')")).await;
    }

    async fn open_event(&self, event: &str) {
        self.click(&format!("#messages > [data-event={event}]")).await;
        self.until("document.querySelector('#detail-event')").await;
    }
}

#[tokio::test]
async fn an_open_and_a_close_are_rows_around_the_messages() {
    on_page(|page| async move {
        page.fill("#url", &format!("ws://me:secret@{}/echo", page.server.address)).await;
        page.show("options").await;
        page.fill("#protocols", "chat").await;
        page.fill("#close-code", "4321").await;
        page.fill("#close-reason", "that will do").await;
        page.hide().await;
        page.connect().await;
        page.send("hello").await;
        page.click("#connect").await;
        page.until_event("closed").await;
        let story = page.story().await;
        assert_eq!(page.kinds().await, ["opened", "sent", "received", "closed"], "{story:?}");
        let opened = format!("connected to ws://{}/echo · subprotocol chat", page.server.address);
        assert!(story[0].1.starts_with(&opened), "{story:?}");
        let closed = "closed: 4321 Private Code · that will do · Closed by this page, after ";
        assert!(story[3].1.starts_with(closed), "{story:?}");
        assert_eq!(page.eval("document.body.innerHTML.includes('secret')").await, false);
        assert!(page.text("#received-count").await.starts_with("1 message "), "events are not counted");
        assert_eq!(page.text("#sent-count").await, "1 sent");
        // The mark differs by its form, and a screen reader hears a word.
        let marks = "[...document.querySelectorAll('#messages > li > .way')].map(way => way.textContent)";
        assert_eq!(page.eval(marks).await, json!(["✓event", "↑sent", "↓received", "•event"]));
    })
    .await;
}

#[tokio::test]
async fn a_drop_and_each_wait_for_a_new_attempt_are_rows() {
    on_page(|page| async move {
        page.eval("Math.random = () => 1").await;
        let url = peers(|number, mut socket| async move {
            match number {
                0 => drop(socket),
                1 => {
                    let close = CloseFrame { code: CloseCode::Policy, reason: "enough".into() };
                    let _ = socket.close(Some(close)).await;
                    while let Some(Ok(_)) = socket.next().await {}
                }
                _ => panic!("the page connected again"),
            }
        })
        .await;
        page.show("options").await;
        page.click("#reconnect").await;
        page.connect_to(&url).await;
        page.until_event("not-reconnecting").await;
        let story = page.story().await;
        assert_eq!(
            page.kinds().await,
            ["opened", "dropped", "reconnecting", "opened", "closed", "not-reconnecting"],
            "{story:?}"
        );
        assert!(
            story[1].1.starts_with("dropped: 1006 Abnormal Closure · Closed by neither side"),
            "{story:?}"
        );
        assert_eq!(story[2].1, "reconnecting in 1 s, attempt 1");
        assert_eq!(story[5].1, "Not reconnecting: 1008 Policy Violation would happen again");
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_a_row_above_its_card_and_messages_replace_the_card() {
    on_page(|page| async move {
        let url = nobody().await;
        page.connect_to(&url).await;
        page.until_event("failed").await;
        assert_eq!(page.story().await, [("failed".to_owned(), format!("could not connect to {url}"))]);
        let below = "document.querySelector('#messages > li').getBoundingClientRect().bottom <= \
                     document.querySelector('#failure').getBoundingClientRect().top";
        page.until(below).await;
        page.connect_to(&format!("ws://{}/echo", page.server.address)).await;
        page.until_phase("open").await;
        page.until("document.querySelector('#view .nothing')?.textContent.includes('Nothing yet')").await;
        page.send("hello").await;
        page.until("!document.querySelector('#failure, .nothing')").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        page.connect_to(&nobody().await).await;
        page.until("document.querySelectorAll('#messages > [data-event=failed]').length === 2").await;
        assert_eq!(page.eval("document.querySelector('#failure')").await, Value::Null);
        page.open_event("failed").await;
        let said = page.text("#detail-event").await;
        assert!(said.contains("1006 Abnormal Closure") && said.contains("No server there"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn events_are_filtered_by_their_own_kind_and_by_their_sentence() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        page.click("#connect").await;
        page.until_event("closed").await;
        let until_kinds = async |kinds: &str| {
            page.until(&format!(
                "[...document.querySelectorAll('#messages > li')].map(li => li.dataset.event ?? li.dataset.way).join() === '{kinds}'"
            ))
            .await;
        };
        page.click("#filter-events").await;
        until_kinds("opened,closed").await;
        assert_eq!(page.text("#filter-result").await, "2 of 4 entries match");
        page.click("#filter-text").await;
        until_kinds("sent,received").await;
        assert_eq!(page.find("#filter-events").await.attr("aria-pressed").await.unwrap().unwrap(), "false");
        page.click("#filter-sent").await;
        until_kinds("sent").await;
        page.click("#filter-events").await;
        until_kinds("opened,closed").await;
        for css in ["#filter-sent", "#filter-text", "#filter-all"] {
            assert_eq!(page.find(css).await.attr("aria-pressed").await.unwrap().unwrap(), "false", "{css}");
        }
        page.click("#filter-events").await;
        until_kinds("opened,sent,received,closed").await;
        for (typed, kinds) in [
            ("normal closure", "closed"),
            ("/^closed: 1\\d+/", "closed"),
            ("/echo", "opened,closed"),
            ("hello", "sent,received"),
        ] {
            page.fill("#filter", typed).await;
            until_kinds(kinds).await;
        }
        page.choose("#language", "zh-CN").await;
        page.fill("#filter", "已连接到").await;
        until_kinds("opened").await;
        page.choose("#language", "en").await;
        until_kinds("").await;
    })
    .await;
}

#[tokio::test]
async fn events_are_exported_and_read_back() {
    on_page(|page| async move {
        let folder = page.downloads().await;
        let url = peer(|mut socket| async move {
            socket.send(Message::text("last words")).await.unwrap();
            let close = CloseFrame { code: CloseCode::Away, reason: "\"bye\" <b>".into() };
            socket.close(Some(close)).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        page.connect_to(&url).await;
        page.until_event("closed").await;
        let story = page.story().await;
        assert_eq!(page.kinds().await, ["opened", "received", "closed"], "{story:?}");
        page.click("#export").await;
        page.until("document.querySelector('#files-done').textContent === '3 entries exported'").await;
        let name = page.exported(&folder).await;
        let first = fs::read_to_string(&name).unwrap();
        let closed: Value = serde_json::from_str(first.lines().last().unwrap()).unwrap();
        assert_eq!(
            (&closed["event"], &closed["code"], &closed["reason"], &closed["clean"], &closed["asked"]),
            (&json!("closed"), &json!(1001), &json!("\"bye\" <b>"), &json!(true), &json!(false))
        );
        assert!(closed["openMs"].is_u64() && closed["url"] == json!(url), "{closed}");

        page.open().await;
        page.find("#import").await.send_keys(name.to_str().unwrap()).await.unwrap();
        page.until_event("closed").await;
        assert_eq!(page.story().await, story);
        fs::remove_file(&name).unwrap();
        page.click("#export").await;
        let name = page.exported(&folder).await;
        assert_eq!(fs::read_to_string(name).unwrap(), first);
    })
    .await;
}

#[tokio::test]
async fn an_event_opens_with_its_details_in_both_languages() {
    on_page(|page| async move {
        page.show("options").await;
        page.fill("#protocols", "chat").await;
        page.hide().await;
        page.connect().await;
        page.click("#connect").await;
        page.until_event("closed").await;
        page.open_event("opened").await;
        assert_eq!(page.text("#detail-title").await, "Event 1");
        let facts = page.text("#detail-event").await;
        let url = format!("ws://{}/echo", page.server.address);
        assert!(facts.contains(&url) && facts.contains("subprotocol") && facts.contains("chat"), "{facts}");
        assert_eq!(
            page.eval("document.querySelector('#detail .actions, #detail .choices')").await,
            Value::Null
        );

        page.find("#detail").await.send_keys(&Key::Escape.to_string()).await.unwrap();
        page.until("!document.querySelector('#detail') && document.activeElement?.id === 'messages'").await;
        page.find("#messages").await.send_keys(&(Key::End + &Key::Enter)).await.unwrap();
        page.until("document.querySelector('#detail-title')?.textContent === 'Event 2'").await;
        let facts = page.text("#detail-event").await;
        for part in ["closed: 1000 Normal Closure", "Closed by this page, after", url.as_str()] {
            assert!(facts.contains(part), "{part}: {facts}");
        }
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            no_barrier(&page, theme).await;
        }
        page.choose("#language", "zh-CN").await;
        page.until("document.querySelector('#detail-title').textContent === '事件 2'").await;
        let facts = page.text("#detail-event").await;
        assert!(
            facts.contains("已关闭：1000 Normal Closure") && facts.contains("由本页面正常关闭"),
            "{facts}"
        );
        let story = page.story().await;
        assert!(story[0].1.starts_with(&format!("已连接到 {url} · 子协议 chat")), "{story:?}");
        assert_eq!(page.text("#filter-events").await, "事件");
    })
    .await;
}

/// The card stands inside the list and is no row of it: it can be reached, and the newest row is followed all the same.
#[tokio::test]
async fn a_card_below_many_rows_can_be_reached() {
    on_page(|page| async move {
        page.emulate(640, 400, "light").await;
        let url = nobody().await;
        for count in 1..=12 {
            page.connect_to(&url).await;
            page.until(&format!(
                "document.querySelector('#messages > li:last-child')?.ariaPosInSet === '{count}'"
            ))
            .await;
            page.until_phase("closed").await;
        }
        let inside = "(box => (view => box.top >= view.top - 1 && box.bottom <= view.bottom + 1)\
                      (document.querySelector('#view').getBoundingClientRect()))";
        let newest =
            format!("{inside}(document.querySelector('#messages > li:last-child').getBoundingClientRect())");
        page.until(&newest).await;
        page.eval("document.querySelector('#view').scrollTo(0, 10_000)").await;
        page.until(&format!("{inside}(document.querySelector('#failure').getBoundingClientRect())")).await;
        let gap = "document.querySelector('#failure').getBoundingClientRect().top - \
                   document.querySelector('#messages > li:last-child').getBoundingClientRect().bottom";
        page.until(&format!("{gap} >= 0 && {gap} < 30")).await;
    })
    .await;
}
