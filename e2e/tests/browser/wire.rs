//! Tests of the tab *Wire*: the frames as the server saw them, and the differences from the page's own log.

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::{
    axe::no_barrier,
    lab::run,
    page::{Page, on_page},
};

/// Rows of the tab, without their times: direction and text of each.
const ROWS: &str = "[...document.querySelectorAll('#frames li')].map(row => `${row.dataset.way} ${row.querySelector('.body').textContent}`)";

/// Ticks the box, so that the next connections get a tap.
async fn record(page: &Page) {
    page.click("#tab-wire").await;
    page.click("#record").await;
    page.until("document.querySelector('#record').checked").await;
}

/// Waits until a row has this text.
async fn until_row(page: &Page, text: &str) {
    page.until(&format!("{ROWS}.some(row => row.includes({}))", json!(text))).await;
}

async fn rows(page: &Page) -> Vec<String> {
    serde_json::from_value(page.eval(ROWS).await).unwrap()
}

/// Returns the differences but for late messages, which a busy machine has at any time.
async fn differences(page: &Page) -> Value {
    let marks = "[...document.querySelectorAll('#frames b')].map(mark => mark.textContent)";
    page.eval(&format!("{marks}.filter(text => !text.endsWith('on its way'))")).await
}

#[tokio::test]
async fn the_frames_of_an_echo_are_shown_as_the_server_saw_them() {
    on_page(|page| async move {
        page.click("#tab-wire").await;
        page.until("document.querySelector('#frames .nothing').textContent.includes('Tick the box')").await;
        record(&page).await;
        let url = page.eval("document.querySelector('#url').value").await;
        page.connect().await;
        assert_eq!(page.eval("document.querySelector('#url').value").await, url, "the field keeps its text");
        page.send("hello").await;
        page.choose("#mode", "hex").await;
        page.send("00 ff").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        until_row(&page, "end: 1000").await;
        let shown = rows(&page).await;
        for row in [
            "event HTTP/1.1 GET /echo?tap=",
            "sent text · compressed · inflated 5 B",
            "received text",
            "sent binary",
            "received binary",
            "sent close 1000",
            "received close 1000",
            "event TCP ended by the",
            "event end: 1000",
        ] {
            assert!(shown.iter().any(|shown| shown.starts_with(row)), "{row}: {shown:?}");
        }
        assert!(shown[0].contains("permessage-deflate"), "{shown:?}");
        assert_eq!(differences(&page).await, json!([]));

        // All entries are a click away.
        let json = page.eval("document.querySelector('#wire a').href").await;
        let all = page.client.execute_async(
            "const [url, done] = arguments; fetch(url).then(answer => answer.json()).then(done)",
            vec![json],
        );
        let all = all.await.unwrap();
        let entries = all["entries"].as_array().unwrap().iter();
        assert_eq!(entries.filter(|entry| entry["type"] != "inflated").count(), shown.len());

        // A connection without a tap has no rows.
        page.click("#record").await;
        page.connect().await;
        page.until("document.querySelector('#frames .nothing')").await;
    })
    .await;
}

#[tokio::test]
async fn a_scenario_is_recorded_and_each_connection_anew() {
    on_page(|page| async move {
        run(&page, "fragment", &[("size", "2")]).await;
        page.until_phase("open").await;
        page.send("hello").await;
        page.click("#tab-wire").await;
        until_row(&page, "continuation").await;
        until_row(&page, "1 message in the page").await;
        assert_eq!(differences(&page).await, json!(["≠ 3 frames, 1 message in the page"]));
        let first = page.eval("document.querySelector('#wire a').href").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        // The server may still have the first connection, so the second one has a tap of its own.
        page.connect().await;
        until_row(&page, "GET /lab/fragment").await;
        page.until(&format!("document.querySelector('#wire a').href !== {first}")).await;
        page.until("document.querySelectorAll('#frames li').length === 1").await;
    })
    .await;
}

#[tokio::test]
async fn pings_are_seen_that_a_page_cannot_see() {
    on_page(|page| async move {
        run(&page, "ping", &[("every", "20ms")]).await;
        page.click("#tab-wire").await;
        until_row(&page, "received ping").await;
        until_row(&page, "sent pong").await;
    })
    .await;
}

/// Time for which the proxy holds the messages of the page.
const HELD: Duration = Duration::from_millis(400);

/// Starts a proxy in front of a server. It takes the extensions out of the answer to a handshake, and holds the messages of `/echo`.
async fn meddler(server: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(meddle(client, TcpStream::connect(server).await.unwrap()));
        }
    });
    address
}

async fn meddle(client: TcpStream, server: TcpStream) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut head = vec![0; 16 << 10];
    let len = from_client.read(&mut head).await.unwrap_or_default();
    let is_echo = head.starts_with(b"GET /echo");
    if to_server.write_all(&head[..len]).await.is_err() {
        return;
    }
    let back = tokio::spawn(async move {
        let len = from_server.read(&mut head).await.unwrap_or_default();
        let mut answer = head[..len].to_vec();
        if is_echo {
            let text = String::from_utf8_lossy(&answer).into_owned();
            let lines = text.split_inclusive("\r\n");
            let kept = lines.filter(|line| !line.to_lowercase().starts_with("sec-websocket-extensions"));
            answer = kept.collect::<String>().into_bytes();
        }
        // Ends with either side.
        let _ = to_client.write_all(&answer).await;
        let _ = copy(&mut from_server, &mut to_client).await;
    });
    let mut bytes = vec![0; 16 << 10];
    while let Ok(len @ 1..) = from_client.read(&mut bytes).await {
        if is_echo {
            sleep(HELD).await;
        }
        if to_server.write_all(&bytes[..len]).await.is_err() {
            break;
        }
    }
    drop(to_server);
    // The other direction ends on its own.
    let _ = back.await;
}

#[tokio::test]
async fn a_proxy_that_meddles_is_seen() {
    on_page(|mut page| async move {
        page.server.address = meddler(page.server.address).await;
        page.open().await;
        record(&page).await;
        page.connect().await;
        page.send("hello").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        until_row(&page, "end: 1000").await;
        assert_eq!(differences(&page).await, json!(["≠ in the page: ∅"]), "the extensions");
        let late = page
            .eval(
                "[...document.querySelectorAll('#frames li[data-way=sent]')].map(row => row.querySelector('b')?.textContent)\
                 .find(text => text?.endsWith('on its way'))",
            )
            .await;
        let late = late.as_str().unwrap().trim_start_matches("≠ ").trim_end_matches(" on its way");
        let (number, unit) = late.split_once(' ').unwrap();
        let ms = number.parse::<f64>().unwrap() * if unit == "s" { 1_000.0 } else { 1.0 };
        assert!(ms >= HELD.as_millis() as f64, "{late}");
    })
    .await;
}

#[tokio::test]
async fn the_tab_has_no_barrier_and_fits_every_window() {
    on_page(|page| async move {
        run(&page, "fragment", &[("size", "1")]).await;
        page.until_phase("open").await;
        page.send("a long message of many frames").await;
        page.click("#tab-wire").await;
        until_row(&page, "frames, 1 message").await;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            no_barrier(&page, theme).await;
        }
        for width in [390, 320] {
            page.emulate(width, 640, "light").await;
            page.until(&format!("innerWidth === {width}")).await;
            let wide = page
                .eval("[document.documentElement, document.querySelector('#wire')].map(e => e.scrollWidth)");
            assert_eq!(wide.await, json!([width, width]));
            no_barrier(&page, "narrow").await;
        }
    })
    .await;
}
