//! Tests of the views of MessagePack and CBOR, which a module decodes that is loaded on demand.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    axe::no_barrier,
    page::{Page, on_page},
    peer::peer,
    server::Server,
};

impl Page {
    /// Connects to a server that sends these bytes, and opens the message.
    async fn receive_bytes(&self, bytes: &[u8]) {
        let message = Message::binary(bytes.to_vec());
        let url = peer(|mut socket| async move {
            socket.send(message).await.unwrap();
            while socket.next().await.is_some() {}
        })
        .await;
        self.connect_to(&url).await;
        self.until_count(1).await;
        self.open_newest().await;
    }

    async fn until_lines(&self, lines: &[&str]) {
        let lines = json!(lines).to_string();
        self.until(&format!(
            "JSON.stringify([...document.querySelectorAll('.json-line')].map(line => line.textContent)) === JSON.stringify({lines})"
        ))
        .await;
    }

    async fn loaded(&self) -> i64 {
        let script =
            "performance.getEntriesByType('resource').filter(it => it.name.includes('viewers')).length";
        self.eval(script).await.as_i64().unwrap()
    }
}

const MAP: &[u8] = b"\x83\xa1a\x93\x01\xc0\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xa1b\xc4\x02\x00\xff\x01\xcb\x7f\xf8\0\0\0\0\0\0";

#[tokio::test]
async fn message_pack_is_decoded_beside_the_hex() {
    on_page(|page| async move {
        page.receive_bytes(MAP).await;
        page.until("document.querySelector('.hex-line')").await;
        assert_eq!(page.loaded().await, 0, "the module is not loaded yet");
        page.click("#detail [data-view=msgpack]").await;
        page.until_lines(&[
            "{",
            "  \"a\": [",
            "    1,",
            "    null,",
            "    18446744073709551615",
            "  ],",
            "  \"b\": \"h'00ff'\",",
            "  \"<1>\": \"<NaN>\"",
            "}",
        ])
        .await;
        no_barrier(&page, "decoded bytes").await;
        page.click("#detail-find").await;
        page.fill("#find", "00ff").await;
        page.until("document.querySelector('#find-result')?.textContent === '1 of 1'").await;
    })
    .await;
}

#[tokio::test]
async fn cbor_is_decoded_below_a_path_too() {
    on_page(|mut page| async move {
        page.server = Server::start(&["--base-path", "/tools/echo"]).await;
        page.open_at("/tools/echo/").await;
        page.receive_bytes(b"\xa2\x61a\xc1\x1a\x51\x4b\x67\xb0\x20\xf7").await;
        page.click("#detail [data-view=cbor]").await;
        page.until_lines(&[
            "{",
            "  \"a\": {",
            "    \"<tag 1>\": 1363896240",
            "  },",
            "  \"<-1>\": \"<undefined>\"",
            "}",
        ])
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_is_at_fault_says_where() {
    on_page(|page| async move {
        page.receive_bytes(b"\x82\xa1a\x01\xc1\x02").await;
        page.click("#detail [data-view=msgpack]").await;
        page.until("document.querySelector('#detail-problem')?.textContent.includes('behind 4 bytes')").await;
        page.click("#detail [data-view=cbor]").await;
        page.until("document.querySelector('#detail-problem')?.textContent.includes('CBOR')").await;
    })
    .await;
}

#[tokio::test]
async fn without_the_module_the_view_says_so() {
    on_page(|page| async move {
        let script = "const Real = Worker; window.Worker = function (path, options) { \
                      return new Real(path.startsWith('viewers') ? 'gone.js' : path, options) }";
        page.at_start(script).await;
        page.open().await;
        page.receive_bytes(MAP).await;
        page.click("#detail [data-view=msgpack]").await;
        page.until("document.querySelector('#detail-problem')?.textContent.includes('viewers-worker.js')")
            .await;
    })
    .await;
}
