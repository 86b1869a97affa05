//! Tests of the figures: counts, charts, and no work while they are not shown.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    page::{Page, on_page},
    peer::peer,
};

async fn open_figures(page: &Page) {
    page.click("#tab-stats").await;
    page.until("document.querySelector('#traffic')").await;
}

/// Returns both cells of a row of the traffic table: sent, received.
async fn row(page: &Page, id: &str) -> [String; 2] {
    [page.text(&format!("#{id} .sent")).await, page.text(&format!("#{id} .received")).await]
}

async fn until_messages(page: &Page, received: &str) {
    page.until(&format!("document.querySelector('#message-counts .received').textContent === '{received}'"))
        .await;
}

async fn count(page: &Page, css: &str) -> u64 {
    page.eval(&format!("document.querySelectorAll('{css}').length")).await.as_u64().unwrap()
}

#[tokio::test]
async fn messages_and_bytes_are_counted_each_way() {
    on_page(|page| async move {
        page.connect().await;
        // Messages count before the figures are opened, too.
        page.send("four").await;
        open_figures(&page).await;
        until_messages(&page, "1").await;
        page.send("世界").await;
        page.send(&"x".repeat(1_003)).await;
        until_messages(&page, "3").await;
        assert_eq!(row(&page, "message-counts").await, ["3", "3"]);
        assert_eq!(row(&page, "byte-counts").await, ["1,013 B", "1,013 B"], "4, 6 and 1,003 bytes");
    })
    .await;
}

#[tokio::test]
async fn what_another_server_sends_is_no_echo() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            for text in ["one", "two"] {
                socket.send(Message::text(text)).await.unwrap();
            }
            while socket.next().await.is_some() {}
        })
        .await;
        open_figures(&page).await;
        page.connect_to(&url).await;
        until_messages(&page, "2").await;
        assert_eq!(row(&page, "message-counts").await, ["0", "2"]);
        assert_eq!(row(&page, "byte-counts").await, ["0 B", "6 B"]);
        assert_eq!(count(&page, "#round-trips, #distribution, #drift").await, 0);
        assert!(page.text("#figures").await.contains("No echo yet."));
        assert_eq!(count(&page, "#rate rect").await, 1, "they came in one second");
    })
    .await;
}

#[tokio::test]
async fn echoes_have_percentiles_and_charts() {
    on_page(|page| async move {
        open_figures(&page).await;
        assert_eq!(count(&page, "#figures svg").await, 0, "nothing to draw before the first message");
        page.connect().await;
        for _ in 0..5 {
            page.send("hello").await;
        }
        until_messages(&page, "5").await;
        let round_trips = page.text("#round-trips").await;
        for name in ["p50", "p95", "p99", "min", "max", "mean"] {
            let line = round_trips.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            assert!(
                line.ends_with(" µs") || line.ends_with(" ms") || line.ends_with(" s"),
                "{name}: {round_trips}"
            );
        }
        assert!(round_trips.contains("echoes 5"), "{round_trips}");
        let bars = count(&page, "#distribution rect").await;
        assert!((1..=41).contains(&bars), "{bars} bars");
        assert_eq!(count(&page, "#distribution line.mark").await, 3);
        assert_eq!(count(&page, "#drift [data-line=median]").await, 1);
        assert_eq!(count(&page, "#drift [data-line=upper]").await, 1);
        assert_eq!(count(&page, "#rate [data-line=sent]").await, 1);
        assert!(
            page.eval("document.querySelector('#distribution desc').textContent")
                .await
                .as_str()
                .unwrap()
                .contains("Half took")
        );
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_rate_falls_to_zero_and_then_nothing_moves() {
    on_page(|page| async move {
        open_figures(&page).await;
        page.connect().await;
        page.send("hello").await;
        page.until("parseFloat(document.querySelector('#message-rates .received').textContent) > 0").await;
        page.until("document.querySelector('#message-rates .received').textContent === '0'").await;
        assert_eq!(row(&page, "byte-rates").await, ["0 B", "0 B"]);
        // Waits for 750 ms without a new timer, three times the interval of the updates. With updates the script would not end.
        page.client
            .execute_async(
                "const done = arguments[0], real = window.setTimeout; let timer; \
                 const wait = () => { clearTimeout(timer); timer = real(done, 750); }; \
                 window.setTimeout = (...all) => { wait(); return real(...all); }; \
                 wait()",
                vec![],
            )
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_reset_begins_anew() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        open_figures(&page).await;
        until_messages(&page, "1").await;
        page.click("#reset-figures").await;
        until_messages(&page, "0").await;
        assert_eq!(row(&page, "byte-counts").await, ["0 B", "0 B"]);
        assert_eq!(row(&page, "message-rates").await, ["0", "0"]);
        assert_eq!(count(&page, "#round-trips, #figures svg").await, 0);
        assert_eq!(page.eval("document.activeElement.id").await, "reset-figures", "the focus stays");
        assert_eq!(page.received().await, 1, "the list is another matter");
        page.send("again").await;
        until_messages(&page, "1").await;
    })
    .await;
}

#[tokio::test]
async fn closed_figures_are_not_there() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        assert_eq!(count(&page, "#figures > *").await, 0);
        open_figures(&page).await;
        page.click("#tab-messages").await;
        page.until("document.querySelectorAll('#figures > *').length === 0").await;
    })
    .await;
}

#[tokio::test]
async fn figures_fit_a_phone() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        open_figures(&page).await;
        until_messages(&page, "1").await;
        for width in [320, 1280] {
            page.emulate(width, 740, "light").await;
            page.until(&format!("innerWidth === {width}")).await;
            let wide = page.eval("document.documentElement.scrollWidth").await;
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{wide} at {width}");
            let (left, right) = (
                page.eval("Math.min(...[...document.querySelectorAll('.plot text')].map(t => t.getBoundingClientRect().left))").await,
                page.eval("Math.max(...[...document.querySelectorAll('.plot text')].map(t => t.getBoundingClientRect().right))").await,
            );
            assert!(left.as_f64().unwrap() >= 0.0 && right.as_f64().unwrap() <= f64::from(width), "labels from {left} to {right} at {width}");
        }
    })
    .await;
}

#[tokio::test]
async fn times_have_no_digits_that_the_clock_has_not() {
    on_page(|page| async move {
        let coarse = "{ const now = performance.now.bind(performance); performance.now = () => Math.floor(now() * 10) / 10; }";
        page.at_start(coarse).await;
        page.open().await;
        page.connect().await;
        page.send("hello").await;
        page.until_count(1).await;
        let in_tenths = |text: &str| {
            text.strip_suffix(" ms").is_some_and(|number| number.rsplit_once('.').is_none_or(|(_, end)| end.len() == 1))
        };
        let trip = page.eval("[...document.querySelectorAll('#messages .trip')].at(-1).textContent").await;
        let trip = trip.as_str().unwrap();
        assert!(in_tenths(trip) && trip.contains('.'), "{trip}");
        open_figures(&page).await;
        page.until("document.querySelector('#round-trips')").await;
        let table = page.text("#round-trips").await;
        let p50 = table.lines().find_map(|line| line.strip_prefix("p50")).unwrap().trim();
        assert!(in_tenths(p50), "{table}");
    })
    .await;
}
