//! Tests of the log: the rows, filtering, pausing, and eviction of messages.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    page::{Page, on_page},
    peer::peer,
};

/// Connects to a server that sends `count` texts and then waits.
async fn connect_to_a_flood(page: &Page, count: usize) {
    let url = peer(move |mut socket| async move {
        for number in 0..count {
            socket.feed(Message::text(format!("message {number}"))).await.unwrap();
        }
        socket.flush().await.unwrap();
        while let Some(Ok(_)) = socket.next().await {}
    })
    .await;
    page.connect_to(&url).await;
    page.until_count(count).await;
}

async fn cells(page: &Page, cell: &str) -> Vec<String> {
    let cells = page
        .eval(&format!(
            "[...document.querySelectorAll('#messages [data-kind] {cell}')].map(e => e.textContent)"
        ))
        .await;
    cells.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_live_region_of_the_filter_stays_when_the_way_to_the_newest_row_comes_and_goes() {
    on_page(|page| async move {
        page.connect().await;
        for number in 0..20 {
            page.send(&number.to_string()).await;
        }
        page.eval("void (window.region = document.querySelector('#filter-result'))").await;
        page.eval("void (document.querySelector('#view').scrollTop = 0)").await;
        page.until("document.querySelector('#newest')").await;
        assert_eq!(page.eval("region.isConnected").await, true);
        page.click("#newest").await;
        page.until("!document.querySelector('#newest')").await;
        assert_eq!(page.eval("region.isConnected").await, true);
    })
    .await;
}

#[tokio::test]
async fn a_row_tells_way_time_size_and_round_trip() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        assert_eq!(cells(&page, ".unseen").await, ["sent", "received"]);
        assert_eq!(cells(&page, ".body").await, ["hello", "hello"]);
        assert_eq!(cells(&page, ".size").await, ["5 B", "5 B"]);
        let trips = cells(&page, ".trip").await;
        assert!(trips[0].is_empty() && trips[1].ends_with('s'), "{trips:?}");
        let times = cells(&page, "time").await;
        let is_time =
            |time: &String| time.len() == 12 && time.chars().filter(char::is_ascii_digit).count() == 9;
        assert!(times.iter().all(is_time) && times[0] <= times[1], "{times:?}");
    })
    .await;
}

#[tokio::test]
async fn a_filter_finds_text_patterns_ways_and_kinds() {
    on_page(|page| async move {
        page.connect().await;
        for text in ["apple pie", "Banana", "cherry pie", "GRÜßE (世界)"] {
            page.send(text).await;
        }
        for (typed, hits, rows) in [
            ("PIE", "4 of 9 entries match", vec!["apple pie", "cherry pie"]),
            ("/^[a-c].*an/i", "2 of 9 entries match", vec!["Banana"]),
            ("grüße (世", "2 of 9 entries match", vec!["GRÜßE (世界)"]),
            ("nothing like it", "0 of 9 entries match", vec![]),
        ] {
            page.fill("#filter", typed).await;
            page.until(&format!("document.querySelector('#filter-result').textContent === '{hits}'")).await;
            assert_eq!(page.rows().await, rows);
        }
        page.fill("#filter", "/(/").await;
        page.until("document.querySelector('#filter').getAttribute('aria-invalid') === 'true'").await;
        let said = page.text("#filter-result").await;
        assert!(said.starts_with("Invalid regular expression: /(/: Unterminated group"), "{said}");

        page.fill("#filter", "pie").await;
        page.click("#filter-sent").await;
        page.until("document.querySelector('#filter-result').textContent === '2 of 9 entries match'").await;
        assert_eq!(cells(&page, ".unseen").await, ["sent", "sent"]);
        page.click("#filter-binary").await;
        page.until("document.querySelector('#filter-result').textContent === '0 of 9 entries match'").await;
    })
    .await;
}

#[tokio::test]
async fn a_held_list_stays_and_counts_what_comes() {
    on_page(|page| async move {
        page.connect().await;
        page.send("before").await;
        page.click("#pause").await;
        page.send("meanwhile").await;
        assert_eq!(page.rows().await, ["before"]);
        assert_eq!(page.text("#behind").await, "2 new entries since");
        assert_eq!(page.text("#pause").await, "resume");
        page.click("#pause").await;
        page.until("document.querySelectorAll('#messages > li[data-kind]').length === 4").await;
        assert_eq!(page.rows().await, ["before", "meanwhile"]);
    })
    .await;
}

#[tokio::test]
async fn a_cleared_list_is_empty_and_goes_on() {
    on_page(|page| async move {
        page.connect().await;
        page.send("old").await;
        page.click("#clear").await;
        page.until("document.querySelectorAll('#messages > li').length === 0").await;
        assert_eq!(page.text("#received-count").await, "0 messages received");
        page.send("new").await;
        assert_eq!(page.rows().await, ["new"]);
    })
    .await;
}

#[tokio::test]
async fn the_oldest_are_let_go_over_the_limit_and_it_is_said() {
    on_page(|page| async move {
        page.show("settings").await;
        page.fill("#max-messages", "100\n").await;
        connect_to_a_flood(&page, 250).await;
        page.until("document.querySelector('#let-go')").await;
        assert_eq!(page.text("#let-go").await, "Dropped the 150 oldest messages (limit reached)");
        page.eval("document.querySelector('#view').scrollTo(0, 0)").await;
        page.until("document.querySelector('#messages .body').textContent === 'message 150'").await;
        assert!(page.text("#received-count").await.starts_with("250 "), "all are counted");
    })
    .await;
}

/// Each message is in the log twice: sent and received.
#[tokio::test]
async fn the_oldest_are_let_go_over_the_limit_of_bytes_too() {
    on_page(|page| async move {
        page.show("settings").await;
        page.choose("#max-mebibytes", "1").await;
        page.connect().await;
        for letter in ["a", "b"] {
            page.paste(&letter.repeat(400_000)).await;
            page.click("#send").await;
            page.until(&format!(
                "(rows => rows.length === 2 && rows.every(row => row.textContent.startsWith('{letter}')))\
                 ([...document.querySelectorAll('#messages [data-kind] .body')])"
            ))
            .await;
        }
        assert_eq!(page.text("#let-go").await, "Dropped the 2 oldest messages (limit reached)");
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_moves_a_cursor_through_all_rows() {
    on_page(|page| async move {
        connect_to_a_flood(&page, 1_000).await;
        let list = page.find("#messages").await;
        let at = "document.querySelector('#' + document.querySelector('#messages').getAttribute('aria-activedescendant'))";
        for (key, text) in [
            (fantoccini::key::Key::End, "message 999"),
            (fantoccini::key::Key::Up, "message 998"),
            (fantoccini::key::Key::Home, "connected to "),
            (fantoccini::key::Key::Down, "message 0"),
        ] {
            list.send_keys(&key.to_string()).await.unwrap();
            page.until(&format!("{at}?.querySelector('.body').textContent.startsWith('{text}')")).await;
            let inside = format!(
                "((row, view) => row.top >= view.top - 1 && row.bottom <= view.bottom + 1)\
                 ({at}.getBoundingClientRect(), document.querySelector('#view').getBoundingClientRect())"
            );
            page.until(&inside).await;
            assert_eq!(page.eval("document.activeElement.id").await, "messages", "the focus stays");
        }
        assert_eq!(page.eval(&format!("{at}.getAttribute('aria-posinset') + '/' + {at}.getAttribute('aria-setsize')")).await, "2/1001");
    })
    .await;
}

#[tokio::test]
async fn a_reader_above_can_jump_to_the_newest() {
    on_page(|page| async move {
        connect_to_a_flood(&page, 1_000).await;
        page.eval("document.querySelector('#view').scrollTo(0, 0)").await;
        page.until("document.querySelector('#newest')").await;
        assert_eq!(page.text("#newest").await, "newest ↓", "nothing came since");
        let covers = "(({ top }, view) => top < view.bottom)(document.querySelector('#newest').getBoundingClientRect(), \
                      document.querySelector('#view').getBoundingClientRect())";
        assert_eq!(page.eval(covers).await, false, "it covers no row");
        page.click("#newest").await;
        page.until("[...document.querySelectorAll('#messages .body')].at(-1).textContent === 'message 999'")
            .await;
        page.until("!document.querySelector('#newest')").await;
        assert_eq!(page.eval("document.activeElement.id").await, "messages", "the focus is not lost");
    })
    .await;
}

#[tokio::test]
async fn a_reader_above_sees_how_many_came_since() {
    on_page(|page| async move {
        page.connect().await;
        for number in 0..30 {
            page.send(&format!("line {number}")).await;
        }
        page.emulate(390, 740, "light").await;
        page.eval("document.querySelector('#view').scrollTo(0, 0)").await;
        page.until("document.querySelector('#newest')").await;
        page.send("one").await;
        assert_eq!(page.text("#newest").await, "2 new ↓", "sent and received");
        page.click("#filter-received").await;
        page.until("document.querySelector('#newest').textContent === '1 new ↓'").await;
        let inside = "document.querySelector('#newest').getBoundingClientRect().right <= innerWidth";
        assert_eq!(page.eval(inside).await, true);
        page.click("#newest").await;
        page.until("!document.querySelector('#newest')").await;
    })
    .await;
}

#[tokio::test]
async fn rows_have_their_numbers_where_there_is_room() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        let numbers = "[...document.querySelectorAll('#messages > li')].map(row => { const { content, display } = \
                       getComputedStyle(row, '::before'); return display === 'none' ? null : [row.dataset.number, content] })";
        let shown = ["1", "2", "3"].map(|number| serde_json::json!([number, format!("\"{number}\"")]));
        assert_eq!(page.eval(numbers).await, serde_json::json!(shown));
        page.emulate(390, 740, "light").await;
        assert_eq!(page.eval(numbers).await, serde_json::json!([null, null, null]));
    })
    .await;
}
