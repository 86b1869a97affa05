//! Tests of the log as a HAR file.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::{
    browser::PATIENCE,
    page::{Page, on_page},
};

impl Page {
    /// Exports the log as HAR. Returns the path of the file.
    async fn export_har(&self, folder: &TempDir) -> PathBuf {
        self.show("more").await;
        self.click("#export-har").await;
        let end = Instant::now() + PATIENCE;
        loop {
            let mut files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
            if let Some(file) = files.find(|path| path.extension().is_some_and(|name| name == "har")) {
                return file;
            }
            assert!(Instant::now() < end, "no file came");
            sleep(Duration::from_millis(10)).await;
        }
    }

    async fn open_har(&self, folder: &TempDir, har: &str) {
        let path = folder.path().join("log.har");
        fs::write(&path, har).unwrap();
        self.find("#import").await.send_keys(path.to_str().unwrap()).await.unwrap();
    }

    async fn until_files_say(&self, said: &str) {
        self.until(&format!("document.querySelector('#files-done').textContent.includes({})", json!(said)))
            .await;
    }
}

#[tokio::test]
async fn a_log_that_is_exported_as_har_opens_again() {
    on_page(|page| async move {
        let folder = page.downloads().await;
        page.connect().await;
        for text in ["hello", "שלום\n🦀", ""] {
            page.send(text).await;
        }
        let path = page.export_har(&folder).await;
        page.until_files_say("7 entries exported").await;
        let text = fs::read_to_string(&path).unwrap();
        let har: Value = serde_json::from_str(&text).unwrap();
        let entry = &har["log"]["entries"][0];
        assert_eq!((&har["log"]["version"], &entry["_resourceType"]), (&json!("1.2"), &json!("websocket")));
        assert_eq!(entry["request"]["url"], format!("ws://{}/echo", page.server.address));
        let messages = entry["_webSocketMessages"].as_array().unwrap();
        let seen: Vec<_> =
            messages.iter().map(|it| (it["type"].as_str().unwrap(), it["data"].as_str().unwrap())).collect();
        assert_eq!(seen[..3], [("send", "hello"), ("receive", "hello"), ("send", "שלום\n🦀")]);

        page.open().await;
        page.open_har(&folder, &text).await;
        page.until_files_say("7 entries opened").await;
        page.until_count(3).await;
        assert_eq!(page.rows().await[0], "hello");
    })
    .await;
}

#[tokio::test]
async fn the_har_of_a_network_panel_opens() {
    on_page(|page| async move {
        let folder = tempfile::tempdir().unwrap();
        let har = json!({ "log": { "version": "1.2", "creator": { "name": "WebInspector", "version": "537.36" }, "pages": [], "entries": [
            { "startedDateTime": "2026-11-22T18:20:27.000Z", "request": { "url": "http://h/" }, "response": {} },
            { "_resourceType": "websocket", "startedDateTime": "2026-11-22T18:20:28.123Z",
              "request": { "url": "wss://h/chat" }, "response": { "headers": [{ "name": "sec-websocket-protocol", "value": "v1" }] },
              "_webSocketMessages": [
                { "type": "send", "time": 1795371628.5, "opcode": 1, "data": "of the panel" },
                { "type": "receive", "time": 1795371628.6, "opcode": 2, "data": "AP8=" },
            ] },
        ] } });
        page.open_har(&folder, &har.to_string()).await;
        page.until_files_say("3 entries opened").await;
        let list = page.eval("[...document.querySelectorAll('#messages > li .body')].map(body => body.textContent)").await;
        assert!(list[0].as_str().unwrap().contains("wss://h/chat"), "{list}");
        assert_eq!((&list[1], &list[2]), (&json!("of the panel"), &json!("00 ff")));
    })
    .await;
}

#[tokio::test]
async fn a_har_that_cannot_be_read_says_why() {
    on_page(|page| async move {
        let folder = tempfile::tempdir().unwrap();
        for (har, said) in [
            (json!({ "log": { "entries": [] } }).to_string(), "It has no messages of a WebSocket."),
            ("{\"log\": oops}".to_owned(), "see 8."),
            (
                json!({ "log": { "entries": [{ "_webSocketMessages": [] }] } }).to_string(),
                "see log.entries[0].startedDateTime.",
            ),
        ] {
            page.open_har(&folder, &har).await;
            page.until_files_say(said).await;
        }
    })
    .await;
}

#[tokio::test]
async fn without_the_module_there_is_no_har_and_a_reason() {
    on_page(|page| async move {
        let script = "const Real = Worker; window.Worker = function (path, options) { \
                      return new Real(path.startsWith('viewers') ? 'gone.js' : path, options) }";
        page.at_start(script).await;
        page.open().await;
        page.connect().await;
        page.show("more").await;
        page.click("#export-har").await;
        page.until_files_say("viewers-worker.js").await;
    })
    .await;
}
