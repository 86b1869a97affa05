//! Measurements of the page under load. They run alone and only on request, by `make bench ARGS=--page`.
//!
//! Each test prints its figures, and fails if one exceeds its limit.

use std::time::Duration;

use fantoccini::key::Key;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    files::{LONG, file},
    page::{Page, on_page},
    peer::peer,
};

/// Starts to record the long tasks of the main thread, and the delay of each key press.
async fn watch(page: &Page) {
    let script = "window.noted = { tasks: [], keys: [], frames: [] };
        new PerformanceObserver(list => noted.tasks.push(...list.getEntries().map(task => task.duration)))
            .observe({ type: 'longtask' });
        addEventListener('keydown', event => noted.keys.push(performance.now() - event.timeStamp), true)";
    page.client.execute(script, vec![]).await.unwrap();
}

fn numbers(value: &Value) -> Vec<f64> {
    let mut numbers: Vec<f64> = value.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let index = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(index).copied().unwrap_or_default()
}

/// Prints a figure. Fails if it exceeds its limit.
fn figure(what: &str, value: f64, limit: f64) {
    println!("{what}: {value:.1} (at most {limit})");
    assert!(value <= limit, "{what}: {value} is over {limit}");
}

/// Starts a server that sends `count` numbered messages, `rate` in each second, and then waits. Returns its URL.
async fn numbered(count: u32, rate: u32) -> String {
    peer(move |mut socket| async move {
        let mut ticks = interval(Duration::from_millis(10));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for number in 0..count {
            if number % (rate / 100) == 0 {
                ticks.tick().await;
                socket.flush().await.unwrap();
            }
            socket.feed(Message::text(format!("message {number}"))).await.unwrap();
        }
        socket.flush().await.unwrap();
        while let Some(Ok(_)) = socket.next().await {}
    })
    .await
}

#[tokio::test]
#[ignore = "measures"]
async fn twenty_thousand_messages_a_second_for_ten_seconds() {
    const COUNT: u32 = 200_000;
    on_page(|page| async move {
        page.choose("#max-messages", "1000000").await;
        let url = numbered(COUNT, 20_000).await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        watch(&page).await;
        let begin = std::time::Instant::now();
        let message = page.find("#message").await;
        while page.received().await < COUNT as usize {
            message.send_keys("typing ").await.unwrap();
            assert!(begin.elapsed() < Duration::from_secs(60), "{} came", page.received().await);
        }
        println!("all had come after {:.1} s", begin.elapsed().as_secs_f64());
        every_message_is_there_once(&page, COUNT).await;
        let noted = page.eval("noted").await;
        let (tasks, keys) = (numbers(&noted["tasks"]), numbers(&noted["keys"]));
        println!("{} tasks over 50 ms, {} keys", tasks.len(), keys.len());
        figure("longest task, ms", quantile(&tasks, 1.0), 100.0);
        figure("a key waits, 95 of 100, ms", quantile(&keys, 0.95), 50.0);
        figure("a key waits, ms", quantile(&keys, 1.0), 100.0);
    })
    .await;
}

/// Checks the number of received messages, and the order of the rows at 51 positions of the list. Rows of events come first, unless
/// the log's limit has removed them.
async fn every_message_is_there_once(page: &Page, count: u32) {
    assert_eq!(page.received().await, count as usize);
    for part in 0..=50 {
        page.eval(&format!(
            "(v => v.scrollTo(0, (v.scrollHeight - v.clientHeight) * {part} / 50))(document.querySelector('#view'))"
        ))
        .await;
        page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
        let wrong = page
            .eval(
                &format!("[...document.querySelectorAll('#messages > li[data-kind]')].filter(li => \
                 li.querySelector('.body').textContent !== `message ${{li.ariaPosInSet - 1 - (li.ariaSetSize - {count})}}`).length"),
            )
            .await;
        assert_eq!(wrong, 0, "at {part} of 50");
    }
    let rows = page.eval("document.querySelectorAll('#messages > li[data-kind]').length").await;
    figure("rows made", rows.as_f64().unwrap(), 99.0);
}

#[tokio::test]
#[ignore = "measures"]
async fn a_million_messages_scroll_and_are_searched() {
    const COUNT: u32 = 1_000_000;
    on_page(|page| async move {
        page.choose("#max-messages", "1000000").await;
        let url = numbered(COUNT, 100_000).await;
        page.connect_to(&url).await;
        while page.received().await < COUNT as usize {}
        println!("a million had come");
        every_message_is_there_once(&page, COUNT).await;

        watch(&page).await;
        // Scrolls from the top to the bottom in ten seconds, and records the time between two frames.
        let scroll = "const [done] = arguments, view = document.querySelector('#view'), frames = [];
            const most = view.scrollHeight - view.clientHeight; let last, first;
            const step = now => {
                first ??= now;
                if (last) frames.push(now - last);
                last = now;
                const part = (now - first) / 10000;
                view.scrollTop = most * Math.min(part, 1);
                part < 1 ? requestAnimationFrame(step) : done(frames);
            };
            requestAnimationFrame(step);";
        let frames = numbers(&page.client.execute_async(scroll, vec![]).await.unwrap());
        println!("{} frames", frames.len());
        figure("a frame, 95 of 100, ms", quantile(&frames, 0.95), 32.0);
        println!("the longest frame: {:.1} ms", quantile(&frames, 1.0));

        for (typed, hits) in [("99999", "19"), ("/9{5}$/", "10"), ("no such thing", "0")] {
            let result = "document.querySelector('#filter-result').textContent";
            page.eval("window.noted.tasks = []").await;
            let search = "const [typed, done] = arguments, field = document.querySelector('#filter');
                const result = () => document.querySelector('#filter-result').textContent;
                const begin = performance.now(), before = result();
                let shown;
                field.value = typed;
                field.dispatchEvent(new InputEvent('input', { bubbles: true }));
                const look = () => {
                    if (result() && result() !== before) shown ??= performance.now() - begin;
                    if (result().includes('match') && !result().includes('%') && shown) done([shown, performance.now() - begin]);
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);";
            let times = page.client.execute_async(search, vec![typed.into()]).await.unwrap();
            assert!(page.eval(result).await.as_str().unwrap().starts_with(&format!("{hits} of 1,000,000")), "{typed}: {}", page.eval(result).await);
            println!("{typed}: answered after {:.0} ms, first shown after {:.0} ms", times[1].as_f64().unwrap(), times[0].as_f64().unwrap());
            figure("until hits or progress are shown, ms", times[0].as_f64().unwrap(), 500.0);
            let tasks = numbers(&page.eval("noted.tasks").await);
            figure("longest task of the filter, ms", quantile(&tasks, 1.0), 100.0);
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "measures"]
async fn the_page_can_be_used_within_a_second() {
    on_page(|page| async move {
        let mut times = Vec::new();
        for _ in 0..5 {
            page.at_start(
                "new MutationObserver((_, watching) => { if (document.querySelector('#connect')) { \
                 window.ready ??= performance.now(); watching.disconnect() } })\
                 .observe(document, { childList: true, subtree: true })",
            )
            .await;
            page.open().await;
            let first_byte = "performance.getEntriesByType('navigation')[0].responseStart";
            times.push(page.eval(&format!("window.ready - {first_byte}")).await.as_f64().unwrap());
        }
        times.sort_by(f64::total_cmp);
        figure("from the first byte until it can be used, ms", times[2], 1_000.0);
    })
    .await;
}

#[tokio::test]
#[ignore = "measures"]
async fn sixty_four_mebibytes_of_a_file_are_not_felt() {
    on_page(|page| async move {
        let file = file(LONG);
        page.connect().await;
        watch(&page).await;
        page.pick(file.path()).await;
        page.click("#file-action").await;
        page.until_count(1).await;
        page.until_file_says("Sent: ").await;
        println!("{}", page.text("#file-status").await);
        let tasks = numbers(&page.eval("noted.tasks").await);
        println!("tasks over 50 ms: {tasks:?}");
        figure("longest task of a file, ms", quantile(&tasks, 1.0), 100.0);
    })
    .await;
}

/// Makes a WebSocket without a page around it, in the page, and `bare.trips` for its round trips in milliseconds.
const BARE: &str = "window.bare = new WebSocket(document.querySelector('#url').value);
    bare.trips = [];
    bare.onmessage = () => bare.trips.push(performance.now() - bare.sent.shift());
    bare.sent = [];
    bare.go = () => { bare.sent.push(performance.now()); bare.send(`bare ${bare.trips.length}`); };";

/// Prints the medians of the page's round trips and of those of a script alone, in milliseconds. Fails if the page adds more than `most`.
fn compare(name: &str, [p50_page, p95_page]: [f64; 2], bare: &[f64], most: f64) {
    let [p50_bare, p95_bare] = [0.5, 0.95].map(|share| quantile(bare, share));
    println!(
        "{name}: p50 {p50_page:.2} ms in the page, {p50_bare:.2} ms in a script; p95 {p95_page:.2} and {p95_bare:.2} (at most {most} more in p50)"
    );
    assert!(p50_page - p50_bare <= most, "{name}: {p50_page} is {most} over {p50_bare}");
}

/// Reads a round trip as the page shows it, in milliseconds.
fn shown(text: &str) -> f64 {
    let (number, unit) = text.split_once(' ').unwrap();
    let number: f64 = number.parse().unwrap();
    match unit {
        "µs" => number / 1_000.0,
        "ms" => number,
        _ => number * 1_000.0,
    }
}

/// Returns the p50 and the p95 of the round trips, as the tab of the stats shows them.
async fn stats(page: &Page) -> [f64; 2] {
    page.click("#tab-stats").await;
    page.until("document.querySelector('#round-trips')").await;
    let table = page.text("#round-trips").await;
    ["p50", "p95"].map(|name| {
        let line = table.lines().find_map(|line| line.strip_prefix(name));
        shown(line.unwrap().trim())
    })
}

#[tokio::test]
#[ignore = "measures"]
async fn a_round_trip_is_that_of_the_network() {
    const COUNT: usize = 200;
    on_page(|page| async move {
        page.connect().await;
        page.client.execute(BARE, vec![]).await.unwrap();
        // Every other key press goes to the script, and not to the page.
        let script = "addEventListener('keydown', event => {
                if (window.toScript && event.key === 'Enter') { event.stopImmediatePropagation(); event.preventDefault(); bare.go(); }
            }, true)";
        page.client.execute(script, vec![]).await.unwrap();
        page.until("bare.readyState === 1").await;
        page.paste("a message of some bytes, as users write them").await;
        let field = page.find("#message").await;
        for number in 0..COUNT {
            for to_script in [true, false] {
                page.client.execute("window.toScript = arguments[0]", vec![to_script.into()]).await.unwrap();
                field.send_keys(&(Key::Control + &Key::Enter.to_string())).await.unwrap();
                let count = format!("bare.trips.length > {number}");
                if to_script { page.until(&count).await } else { page.until_count(number + 1).await }
            }
        }
        let bare = numbers(&page.eval("bare.trips").await);
        compare("one message by a key press", stats(&page).await, &bare, 0.5);
    })
    .await;
}

#[tokio::test]
#[ignore = "measures"]
async fn a_round_trip_is_that_of_the_network_at_a_thousand_a_second() {
    const COUNT: usize = 5_000;
    on_page(|page| async move {
        page.client.execute(BARE, vec![]).await.unwrap();
        page.until("bare.readyState === 1").await;
        // As `repeat` does it: as many messages as are due, whenever a timer fires.
        let script = "const begin = performance.now(), count = arguments[0]; let sent = 0;
            const timer = setInterval(() => {
                for (; sent < Math.min(count, performance.now() - begin); sent++) bare.go();
                if (sent === count) clearInterval(timer);
            }, 1)";
        page.client.execute(script, vec![COUNT.into()]).await.unwrap();
        page.until(&format!("bare.trips.length === {COUNT}")).await;
        let bare = numbers(&page.eval("bare.trips").await);
        page.connect().await;
        page.paste("a message of some bytes, as users write them").await;
        page.show("repeat").await;
        page.fill("#repeat-times", &COUNT.to_string()).await;
        page.fill("#repeat-every", "1").await;
        page.click("#repeat-toggle").await;
        page.until_count(COUNT).await;
        page.hide().await;
        compare("1,000 messages a second", stats(&page).await, &bare, 1.0);
    })
    .await;
}
