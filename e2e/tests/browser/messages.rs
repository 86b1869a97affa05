//! Tests of the received messages: each is shown unchanged, completely, once and in order.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use crate::{page::on_page, peer::peer};

#[tokio::test]
async fn every_character_comes_back() {
    on_page(|page| async move {
        page.connect().await;
        let texts = [
            "🦀 👩‍👩‍👧‍👦 e\u{301}",
            "שלום, עולם! (1)",
            "مرحبا بالعالم",
            "  two  spaces\n\ttab",
            "\u{200f}\u{202e}",
            "null \0 byte",
        ];
        for text in texts {
            page.send(text).await;
        }
        let signs = texts.map(|text| text.replace('\n', "⏎").replace('\t', "⇥").replace('\0', "␀"));
        assert_eq!(page.rows().await, signs);
        let second = "document.querySelectorAll('#messages > [data-way=received] .body')[1]";
        let dir = page.eval(&format!("getComputedStyle({second}).direction")).await;
        assert_eq!(dir, "rtl");
        let distance = "(body => { const range = document.createRange(); range.selectNodeContents(body); \
                        return range.getBoundingClientRect().left - body.getBoundingClientRect().left })";
        assert_eq!(page.eval(&format!("{distance}({second})")).await, 0, "at the left, like the others");
    })
    .await;
}

#[tokio::test]
async fn a_row_is_never_read_as_html() {
    on_page(|page| async move {
        page.connect().await;
        let attack = "<img src=x onerror=\"window.hit = 1\"><script>window.hit = 2</script><b>bold</b>&amp;";
        page.send(attack).await;
        assert_eq!(page.rows().await, [attack]);
        assert_eq!(page.eval("document.querySelectorAll('#messages .body *').length").await, 0);
        assert_eq!(page.eval("window.hit === undefined").await, true);
    })
    .await;
}

#[tokio::test]
async fn an_empty_message_is_a_row() {
    on_page(|page| async move {
        page.connect().await;
        page.send("").await;
        page.send("next").await;
        assert_eq!(page.rows().await, ["", "next"]);
        let height = page
            .eval("document.querySelector('#messages > li[data-kind]').getBoundingClientRect().height")
            .await;
        assert!(height.as_f64().unwrap() > 10.0, "it can be seen");
    })
    .await;
}

#[tokio::test]
async fn a_message_of_spaces_is_seen() {
    on_page(|page| async move {
        page.connect().await;
        page.send("  ").await;
        assert_eq!(page.rows().await, ["␣␣"]);
    })
    .await;
}

#[tokio::test]
async fn a_message_of_one_mebibyte_is_one_row() {
    on_page(|page| async move {
        page.connect().await;
        // Many lines, because a textarea that detects the direction of its text takes half a minute for them.
        page.send(&"0123456789abcde\n".repeat(1 << 16)).await;
        let rows = page.rows().await;
        assert_eq!((rows.len(), rows[0].chars().count()), (1, 500), "the beginning is enough for a row");
        assert_eq!(page.text("#messages > [data-way=received] .size").await, "1.0 MiB");
    })
    .await;
}

#[tokio::test]
async fn a_binary_message_of_another_server_is_shown_as_bytes() {
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            socket.send(Message::binary((0..=255).collect::<Vec<u8>>())).await.unwrap();
            socket.send(Message::text("text")).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        page.connect_to(&url).await;
        page.until_count(2).await;
        let rows = page.rows().await;
        assert!(rows[0].starts_with("00 01 02 03") && rows[0].ends_with("3f"), "{}", rows[0]);
        assert_eq!(rows[1], "text");
        let first = page.text("#messages > li[data-kind]").await;
        assert!(first.contains("binary") && first.contains("256 B"), "{first}");
    })
    .await;
}

#[tokio::test]
async fn none_is_lost_or_doubled_when_they_come_fast() {
    const COUNT: usize = 20_000;
    on_page(|page| async move {
        let url = peer(|mut socket| async move {
            for number in 0..COUNT {
                socket.feed(Message::text(number.to_string())).await.unwrap();
            }
            socket.close(None).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        page.connect_to(&url).await;
        page.until_phase("closed").await;
        // All messages must be counted before the close is shown.
        assert!(page.text("#received-count").await.starts_with("20,000 messages"));
        let rows = page.rows().await;
        assert!(rows.len() < 100, "{} rows are made", rows.len());
        let sent: Vec<_> = (COUNT - rows.len()..COUNT).map(|number| number.to_string()).collect();
        assert_eq!(rows, sent, "the newest, each once and in order");
    })
    .await;
}

#[tokio::test]
async fn the_list_follows_its_end_until_the_reader_leaves_it() {
    on_page(|page| async move {
        page.connect().await;
        for number in 0..60 {
            page.send(&format!("line {number}")).await;
        }
        let list = "document.querySelector('#view')";
        let at_end = format!("{list}.scrollHeight - {list}.scrollTop - {list}.clientHeight < 5");
        page.until(&format!("{list}.scrollHeight > {list}.clientHeight && {at_end}")).await;
        page.eval(&format!("{list}.scrollTo(0, 0)")).await;
        page.until(&format!("{list}.scrollTop === 0")).await;
        page.send("while reading above").await;
        assert_eq!(page.eval(&format!("{list}.scrollTop")).await, 0);
    })
    .await;
}
