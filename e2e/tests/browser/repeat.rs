//! Tests of repeated sending of a message.

use serde_json::json;

use crate::page::{Page, on_page};

impl Page {
    async fn repeat(&self, times: &str, every: &str) {
        self.show("repeat").await;
        self.fill("#repeat-times", times).await;
        self.fill("#repeat-every", every).await;
        self.click("#repeat-toggle").await;
    }

    async fn until_repeat_says(&self, text: &str) {
        self.until(&format!("document.querySelector('#repeat-status').textContent === {}", json!(text)))
            .await;
    }
}

#[tokio::test]
async fn placeholders_are_new_in_each_message() {
    on_page(|page| async move {
        page.connect().await;
        page.paste("{\"n\": {{n}}, \"id\": \"{{uuid}}\", \"x\": \"{{random 3}}\"}").await;
        page.show("repeat").await;
        page.fill("#repeat-times", "2").await;
        page.click("#repeat-toggle").await;
        page.until_count(2).await;
        page.hide().await;
        let rows: Vec<serde_json::Value> =
            page.rows().await.iter().map(|row| serde_json::from_str(row).unwrap()).collect();
        assert_eq!((&rows[0]["n"], &rows[1]["n"]), (&1.into(), &2.into()));
        let id = rows[0]["id"].as_str().unwrap();
        assert!(id.len() == 36 && id.as_bytes()[14] == b'4' && rows[1]["id"] != id, "{rows:?}");
        assert_eq!(rows[0]["x"].as_str().unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_thousand_messages_are_sent_and_come_back() {
    on_page(|page| async move {
        page.connect().await;
        page.paste("again").await;
        page.repeat("1000", "0").await;
        page.until_repeat_says("done").await;
        page.until("document.querySelector('#received-count').textContent.startsWith('1,000 ')").await;
        let figures = page.text("#repeat-figures").await;
        assert!(figures.starts_with("1,000 of 1,000 sent · ") && figures.ends_with(" a second"), "{figures}");
        assert_eq!(page.text("#repeat-toggle").await, "start");
        let times = page.find("#repeat-times").await.prop("value").await.unwrap().unwrap();
        assert_eq!(times, "1000", "what was typed stays");
    })
    .await;
}

#[tokio::test]
async fn each_comes_at_its_time() {
    on_page(|page| async move {
        page.connect().await;
        page.repeat("5", "100").await;
        page.eval("window.since = performance.now()").await;
        page.until_repeat_says("done").await;
        let passed = page.eval("performance.now() - window.since").await.as_f64().unwrap();
        assert!(passed > 250.0, "{passed} ms for the other four");
        page.until_count(5).await;
        assert_eq!(page.received().await, 5);
    })
    .await;
}

#[tokio::test]
async fn an_endless_one_is_stopped() {
    on_page(|page| async move {
        page.connect().await;
        page.repeat("", "5").await;
        page.until_count(20).await;
        assert_eq!(page.text("#repeat-toggle").await, "stop");
        assert_eq!(page.text("#show-repeat").await, "repeating…");
        page.click("#repeat-toggle").await;
        page.until_repeat_says("stopped").await;
        let sent: usize = page.text("#repeat-figures").await.split(' ').next().unwrap().parse().unwrap();
        page.until_count(sent).await;
        page.send("after").await;
        assert_eq!(page.received().await, sent + 1, "nothing more was sent");
        assert_eq!(page.eval("document.activeElement.id").await, "send");
    })
    .await;
}

#[tokio::test]
async fn it_ends_with_the_connection() {
    on_page(|page| async move {
        page.connect().await;
        page.repeat("", "5").await;
        page.until_count(3).await;
        page.click("#connect").await;
        page.until_repeat_says("the connection ended").await;
        page.until_phase("closed").await;
        assert_eq!(page.text("#notice").await, "Connection is closed...");
        let figures = page.eval("document.querySelector('#repeat-figures').textContent").await;
        let sent = figures.as_str().unwrap().split(' ').next().unwrap();
        page.until(&format!("document.querySelector('#sent-count').textContent.startsWith('{sent} ')")).await;
        page.show("repeat").await;
        page.click("#repeat-toggle").await;
        page.until("document.querySelector('#notice').textContent === 'connect first!!!'").await;
    })
    .await;
}

#[tokio::test]
async fn bad_fields_and_a_bad_message_are_told() {
    on_page(|page| async move {
        page.connect().await;
        page.repeat("ten", "0").await;
        page.until("document.querySelector('#repeat-problem').textContent.startsWith('Count:')").await;
        page.fill("#repeat-times", "10").await;
        page.fill("#repeat-every", "9999999").await;
        page.click("#repeat-toggle").await;
        page.until("document.querySelector('#repeat-problem').textContent.startsWith('Interval:')").await;
        page.fill("#repeat-every", "0").await;
        page.find("#mode").await.select_by_value("hex").await.unwrap();
        page.paste("x").await;
        page.show("repeat").await;
        page.click("#repeat-toggle").await;
        page.until("document.querySelector('#message-problem').textContent.startsWith('Not sent. ')").await;
        assert_eq!(page.text("#repeat-problem").await, "");
        assert_eq!(page.received().await, 0);
    })
    .await;
}
