//! Tests of sent files of any size, chosen by the file picker or dropped.

use std::{io::Write, path::Path};

use futures_util::StreamExt;
use serde_json::json;
use tempfile::{NamedTempFile, TempDir};

use crate::{
    page::{Page, on_page},
    peer::peer,
};

/// Script that counts the bytes that the page hands to the worker of its socket, and notes the time of the last ones.
const WATCH: &str = "window.handed = 0; \
    const post = Worker.prototype.postMessage; \
    Worker.prototype.postMessage = function (data, ...rest) { \
        if (data?.[2]) { window.handed += data[2].byteLength; window.last = performance.now() } \
        return post.call(this, data, ...rest) }";

/// Limit of the server's message size by default, in bytes.
pub const LONG: usize = 64 << 20;

impl Page {
    /// Returns the payloads of the received messages, oldest first, as the page saves them.
    async fn saved(&self, count: usize) -> Vec<Vec<u8>> {
        let folder = self.downloads().await;
        let mut saved = Vec::new();
        for index in 0..count {
            let row = format!("[...document.querySelectorAll('#messages > li[data-way=received]')][{index}]");
            self.eval(&format!("void {row}.click()")).await;
            let id = self.eval(&format!("{row}.dataset.id")).await;
            self.until(&format!(
                "document.querySelector('#messages [aria-selected=true]')?.dataset.id === {id}"
            ))
            .await;
            self.until("document.querySelector('#detail-save')").await;
            // The panel of the file may cover it in a low window.
            self.eval("void document.querySelector('#detail-save').click()").await;
            let name = format!("message-{}.bin", id.as_str().unwrap());
            saved.push(Self::downloaded(&folder, &name).await);
        }
        saved
    }

    pub async fn pick(&self, file: &Path) {
        self.find("#file").await.send_keys(file.to_str().unwrap()).await.unwrap();
        self.until("document.querySelector('#file-panel')").await;
    }

    pub async fn until_file_says(&self, start: &str) {
        let said = "document.querySelector('#file-status').textContent";
        self.until(&format!("{said}.startsWith({})", json!(start))).await;
    }
}

/// Creates a file of `bytes` bytes that cannot be compressed.
pub fn file(bytes: usize) -> NamedTempFile {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = Vec::with_capacity(bytes + 8);
    while random.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        random.extend(state.to_le_bytes());
    }
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&random[..bytes]).unwrap();
    file
}

#[tokio::test]
async fn sixty_four_mebibytes_come_back_whole() {
    on_page(|page| async move {
        let file = file(LONG);
        page.connect().await;
        page.pick(file.path()).await;
        let panel = page.text("#file-panel").await;
        assert!(panel.contains("64.0 MiB") && panel.contains("1 message"), "{panel}");
        page.eval(
            "void new MutationObserver(() => { const bar = document.querySelector('#file-progress'); \
             if (bar) window.bar = bar.max }).observe(document.querySelector('#file-panel'), \
             { childList: true, subtree: true })",
        )
        .await;
        page.click("#file-action").await;
        page.until_file_says("Sent: 64.0 MiB in ").await;
        page.until_count(1).await;
        assert!(page.saved(1).await == [std::fs::read(file.path()).unwrap()], "the echo is the file");
        assert_eq!(page.eval("window.bar").await, 1, "there was a bar");
    })
    .await;
}

#[tokio::test]
async fn a_file_goes_in_pieces_of_a_size_that_is_chosen() {
    on_page(|page| async move {
        let file = file(150_000);
        page.connect().await;
        page.pick(file.path()).await;
        page.find("#pieces").await.select_by_index(2).await.unwrap();
        page.until("document.querySelector('#pieces-count').textContent === '3 messages'").await;
        page.click("#file-action").await;
        page.until_count(3).await;
        let saved = page.saved(3).await;
        assert_eq!(saved.iter().map(Vec::len).collect::<Vec<_>>(), [65_536, 65_536, 18_928]);
        assert!(saved.concat() == std::fs::read(file.path()).unwrap(), "the echoes are the file");
    })
    .await;
}

#[tokio::test]
async fn an_empty_file_is_an_empty_message() {
    on_page(|page| async move {
        page.connect().await;
        page.pick(file(0).path()).await;
        page.click("#file-action").await;
        page.until_file_says("Sent: 0 B").await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, [""]);
        page.click("#file-away").await;
        page.until("!document.querySelector('#file-panel')").await;
    })
    .await;
}

#[tokio::test]
async fn a_file_is_dropped_and_a_text_is_left_to_the_browser() {
    on_page(|page| async move {
        page.connect().await;
        let drop = "const data = new DataTransfer(); \
                    for (const name of arguments[1]) data.items.add(new File(['dropped'], name)); \
                    if (!arguments[1].length) data.setData('text/plain', 'text'); \
                    const event = new DragEvent(arguments[0], { dataTransfer: data, bubbles: true, cancelable: true }); \
                    document.querySelector(arguments[2]).dispatchEvent(event); return event.defaultPrevented";
        let drag_to = async |css: &str, kind: &str, names: &[&str]| {
            page.client.execute(drop, vec![json!(kind), json!(names), json!(css)]).await.unwrap()
        };
        let drag = async |kind: &str, names: &[&str]| drag_to("#message", kind, names).await;
        assert_eq!(drag_to("h1", "drop", &["a"]).await, true, "it is not opened in place of the page");
        assert_eq!(drag_to("#snippet-import", "drop", &["a"]).await, false, "a field for files takes it itself");
        assert_eq!(page.eval("document.querySelector('#file-panel')").await, json!(null));
        assert_eq!(drag("dragover", &[]).await, false);
        assert_eq!(drag("drop", &[]).await, false);
        assert_eq!(drag("dragover", &["a"]).await, true);
        page.until("document.querySelector('[data-dropping]')").await;
        assert_eq!(drag("drop", &["one.bin", "two.bin"]).await, true);
        page.until("document.querySelector('#file-panel') && !document.querySelector('[data-dropping]')").await;
        let panel = page.text("#file-panel").await;
        assert!(panel.contains("one.bin · 7 B") && panel.contains("One file at a time"), "{panel}");
        page.click("#file-action").await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["64 72 6f 70 70 65 64"]);
    })
    .await;
}

#[tokio::test]
async fn pieces_wait_for_the_socket_and_can_be_cancelled() {
    on_page(|page| async move {
        let file = file(80 << 20);
        // This server reads nothing, so that the client's socket becomes full.
        let url = peer(|mut socket| async move {
            std::future::pending::<()>().await;
            socket.next().await;
        })
        .await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.client.execute(WATCH, vec![]).await.unwrap();
        page.pick(file.path()).await;
        assert!(page.text("#file-panel").await.contains("80 messages"));
        page.click("#file-action").await;
        page.until("document.querySelector('#file-action').textContent === 'cancel'").await;
        page.until("performance.now() - window.last > 500").await;
        assert!(page.eval("document.querySelector('#file-progress').value").await.as_f64() > Some(0.0));
        // At most 4 MiB wait when a piece is sent, and the kernel takes a few more.
        let handed = page.eval("window.handed").await;
        assert!((1..=24 << 20).contains(&handed.as_u64().unwrap()), "{handed} bytes were handed on");
        page.click("#file-action").await;
        page.until_file_says("Cancelled: ").await;
        let sent: usize = page.text("#sent-count").await.split(' ').next().unwrap().parse().unwrap();
        assert!((1..80).contains(&sent), "{sent}");
        assert_eq!(page.text("#file-action").await, "send file");
    })
    .await;
}

#[tokio::test]
async fn of_a_message_that_the_browser_has_only_disconnecting_stops_the_rest() {
    on_page(|page| async move {
        let file = file(16 << 20);
        let url = peer(|mut socket| async move {
            std::future::pending::<()>().await;
            socket.next().await;
        })
        .await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.pick(file.path()).await;
        page.click("#file-action").await;
        page.until_file_says("The browser has all of it; only disconnecting stops it now.").await;
        assert_eq!(page.text("#file-action").await, "disconnect");
        page.click("#file-action").await;
        page.until_file_says("The connection ended; ").await;
    })
    .await;
}

#[tokio::test]
async fn a_file_is_kept_when_there_is_no_connection_or_it_cannot_be_read() {
    on_page(|page| async move {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("gone.bin");
        std::fs::write(&path, "soon gone").unwrap();
        page.pick(&path).await;
        page.click("#file-action").await;
        page.until("document.querySelector('#notice').textContent === 'connect first!!!'").await;
        assert_eq!(page.text("#file-action").await, "send file");
        page.connect().await;
        std::fs::remove_file(&path).unwrap();
        page.click("#file-action").await;
        page.until_file_says("The file could not be read: ").await;
    })
    .await;
}
