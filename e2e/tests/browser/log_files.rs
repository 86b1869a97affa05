//! Tests of the export of the log to a file, and of its import.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::{
    browser::PATIENCE,
    page::{Page, on_page},
};

impl Page {
    /// Waits for an exported log. Returns the path of the file.
    pub async fn exported(&self, folder: &TempDir) -> PathBuf {
        let end = Instant::now() + PATIENCE;
        loop {
            let mut files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
            if let Some(file) = files.find(|path| path.extension().is_some_and(|name| name == "jsonl")) {
                return file;
            }
            assert!(Instant::now() < end, "no file came");
            sleep(Duration::from_millis(10)).await;
        }
    }

    async fn import(&self, file: &Path) {
        self.find("#import").await.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Returns the whole text of each row.
    async fn list(&self) -> Value {
        self.eval(
            "[...document.querySelectorAll('#messages > li')].map(li => li.dataset.way + li.textContent)",
        )
        .await
    }

    async fn said(&self) -> String {
        self.text("#files-done").await
    }
}

fn file(folder: &TempDir, content: &[u8]) -> PathBuf {
    let path = folder.path().join("log.txt");
    fs::write(&path, content).unwrap();
    path
}

const LINE: &str = r#"{"way":"sent","time":"2026-11-22T18:20:28.123Z","kind":"text","data":"of the file"}"#;

#[tokio::test]
async fn an_exported_log_opens_as_it_was() {
    on_page(|page| async move {
        let folder = page.downloads().await;
        page.connect().await;
        for text in ["hello", "שלום\n🦀", "{\"a\":[1]}", "null \0 byte", ""] {
            page.send(text).await;
        }
        let before = page.list().await;
        page.click("#export").await;
        let path = page.exported(&folder).await;
        page.until("document.querySelector('#files-done').textContent === '11 entries exported'").await;
        let lines: Vec<Value> = fs::read_to_string(&path)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!((lines.len(), &lines[0]), (12, &json!({ "ws-echo": "log", "version": 2 })));
        assert_eq!((&lines[3]["way"], &lines[3]["data"]), (&json!("received"), &json!("hello")));
        assert!(lines[3]["roundTripMs"].as_f64().unwrap() > 0.0);

        page.open().await;
        page.import(&path).await;
        page.until_count(5).await;
        page.until("document.querySelector('#files-done').textContent === '11 entries opened'").await;
        assert_eq!(page.list().await, before);
    })
    .await;
}

#[tokio::test]
async fn the_filter_chooses_what_is_exported() {
    on_page(|page| async move {
        let folder = page.downloads().await;
        page.connect().await;
        for text in ["one", "two"] {
            page.send(text).await;
        }
        assert_eq!(page.text("#export").await, "export all");
        page.fill("#filter", "two").await;
        page.until("document.querySelector('#export').textContent === 'export shown'").await;
        page.click("#export").await;
        let path = page.exported(&folder).await;
        page.until("document.querySelector('#files-done').textContent === '2 entries exported'").await;
        let file = fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> =
            file.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        let lines: Vec<_> = lines.iter().map(|line| (&line["id"], &line["way"], &line["data"])).collect();
        let two = json!("two");
        assert_eq!(lines, [(&json!(4), &json!("sent"), &two), (&json!(5), &json!("received"), &two)]);
    })
    .await;
}

/// The counts began anew, but the numbers and the stats went on.
#[tokio::test]
async fn after_clear_counts_numbers_stats_and_file_begin_anew() {
    on_page(|page| async move {
        let folder = page.downloads().await;
        page.connect().await;
        for text in ["old", "older"] {
            page.send(text).await;
        }
        page.click("#clear").await;
        page.until("document.querySelectorAll('#messages > li').length === 0").await;
        page.send("new").await;
        assert_eq!(page.text("#received-count").await, "1 message received");
        page.open_newest().await;
        assert_eq!(page.text("#detail-title").await, "Message 2, received");
        page.click("#export").await;
        let file = fs::read_to_string(page.exported(&folder).await).unwrap();
        assert!(file.lines().nth(2).unwrap().starts_with(r#"{"id":2,"#), "{file}");
        page.click("#tab-stats").await;
        page.until("document.querySelector('#message-counts .received').textContent === '1'").await;
    })
    .await;
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_its_line_and_changes_nothing() {
    on_page(|page| async move {
        page.connect().await;
        page.send("kept").await;
        let before = page.list().await;
        let folder = tempfile::tempdir().unwrap();
        for (content, problem) in [
            (format!("{LINE}\n\n{}\n", &LINE[..40]).into_bytes(), "Line 3 is not a JSON object"),
            (LINE.replace("sent", "lost").into_bytes(), "Line 1: “way” must be “sent” or “received”."),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "Line 1 is not text in UTF-8"),
            (b"".to_vec(), "It has no line with an entry."),
        ] {
            page.import(&file(&folder, &content)).await;
            page.until("document.querySelector('#files-done .problem')").await;
            let said = page.said().await;
            assert!(said.starts_with("log.txt was not opened") && said.contains(problem), "{said}");
            assert_eq!(page.list().await, before);
            // Removes the message, so that the next iteration can wait for its own.
            page.eval("document.querySelector('#files-done .problem').remove()").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_not_empty_goes_only_after_a_question() {
    on_page(|page| async move {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, format!("{LINE}\n{LINE}\n").as_bytes());
        page.connect().await;
        page.send("kept").await;
        let before = page.list().await;
        page.import(&path).await;
        page.until("document.querySelector('#replace-log')?.open && document.activeElement.id === 'keep'")
            .await;
        assert_eq!(page.text("#replace-question").await, "Replace the 3 entries in the list?");
        page.click("#keep").await;
        page.until("!document.querySelector('#replace-log') && document.activeElement?.id === 'show-more'")
            .await;
        assert_eq!(page.list().await, before);

        page.import(&path).await;
        page.until("document.querySelector('#replace')").await;
        page.click("#replace").await;
        page.until("document.querySelector('#files-done').textContent === '2 entries opened'").await;
        page.until("document.querySelector('#messages > li .body')?.textContent === 'of the file'").await;
        assert_eq!(page.received().await, 0);
        page.send("goes on").await;
        assert_eq!(page.list().await.as_array().unwrap().len(), 4);
    })
    .await;
}
