//! Tests of the chosen line ends, which each sent message must have.

use fantoccini::key::Key;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    page::{Page, on_page},
    peer::peers,
};

/// Starts a server that passes the bytes of each message to the test.
async fn listener() -> (String, mpsc::UnboundedReceiver<Vec<u8>>) {
    let (tell, told) = mpsc::unbounded_channel();
    let url = peers(move |_, mut socket| {
        let tell = tell.clone();
        async move {
            while let Some(Ok(message)) = socket.next().await {
                if message.is_text() || message.is_binary() {
                    let _ = tell.send(message.into_data().to_vec());
                }
            }
        }
    })
    .await;
    (url, told)
}

impl Page {
    /// Pastes a text from the clipboard by its shortcut, with all events of the browser.
    async fn paste_from_clipboard(&self, text: &str) {
        let grant = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.devtools("Browser.grantPermissions", &grant).await;
        self.eval("document.querySelector('#message').focus()").await;
        let script = "const [text, done] = arguments; navigator.clipboard.writeText(text).then(() => done(null), done)";
        let failed = self.client.execute_async(script, vec![json!(text)]).await.unwrap();
        assert_eq!(failed, Value::Null);
        // The driver moves the caret to the end of the field.
        self.find("#message").await.send_keys("\u{e009}v").await.unwrap();
    }

    async fn line_end(&self) -> String {
        self.find("#line-end").await.prop("value").await.unwrap().unwrap()
    }

    async fn until_line_end(&self, name: &str) {
        self.until(&format!("document.querySelector('#line-end').value === '{name}'")).await;
    }

    async fn choose_line_end(&self, name: &str) {
        self.find("#line-end").await.select_by_value(name).await.unwrap();
        self.until(&format!("document.querySelector('#line-end option[value={name}][selected]')")).await;
    }
}

const MIXED: &str = "The line ends of this text differed. All of them are LF now.";

#[tokio::test]
async fn lines_end_as_is_chosen() {
    on_page(|page| async move {
        let (url, mut told) = listener().await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.paste("a\nb\n").await;
        for (name, sent) in [("lf", "a\nb\n"), ("crlf", "a\r\nb\r\n"), ("cr", "a\rb\r")] {
            page.choose_line_end(name).await;
            page.click("#send").await;
            assert_eq!(told.recv().await.unwrap(), sent.as_bytes(), "{name}");
        }
        let last = "[...document.querySelectorAll('#messages > li[data-kind]')].at(-2)";
        page.until("document.querySelectorAll('#messages > li[data-kind]').length === 3").await;
        assert_eq!(page.eval(&format!("{last}.querySelector('.body').textContent")).await, "a␍⏎b␍⏎");
        assert_eq!(page.eval(&format!("{last}.querySelector('.size').textContent")).await, "6 B");
    })
    .await;
}

#[tokio::test]
async fn what_is_pasted_keeps_its_line_ends_or_it_is_said() {
    on_page(|page| async move {
        let (url, mut told) = listener().await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        for text in ["SEND\r\nid:1\r\n\r\nx", "MSH|1\rPID|2\r", "line\nline"] {
            page.paste("").await;
            page.choose_line_end("lf").await;
            page.paste_from_clipboard(text).await;
            page.until(&format!("document.querySelector('#message').value.length >= {}", text.len() - 4))
                .await;
            assert_eq!(page.text("#message-problem").await, "");
            page.click("#send").await;
            assert_eq!(told.recv().await.unwrap(), text.as_bytes());
        }

        page.paste("").await;
        page.paste_from_clipboard("a\r\nb\nc").await;
        page.until_written("a\nb\nc").await;
        page.until(&format!("document.querySelector('#message-problem').textContent === '{MIXED}'")).await;
        page.click("#send").await;
        assert_eq!(told.recv().await.unwrap(), b"a\nb\nc");
        page.paste_from_clipboard("d\r\n").await;
        page.until_written("a\nb\ncd\n").await;
        assert_eq!((page.text("#message-problem").await, page.line_end().await), (MIXED.into(), "lf".into()));
    })
    .await;
}

#[tokio::test]
async fn snippets_and_what_was_sent_keep_their_line_ends() {
    on_page(|page| async move {
        let (url, mut told) = listener().await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.show("snippets").await;
        let file = json!({ "version": 1, "snippets": [
            { "name": "crlf", "mode": "text", "text": "a\r\nb" },
            { "name": "lf", "mode": "text", "text": "a\nb" },
            { "name": "mixed", "mode": "text", "text": "a\nb\r\n" },
        ] });
        page.import_snippets(&file.to_string()).await;
        page.until("document.querySelectorAll('#snippet-list li').length === 3").await;
        for (row, sent) in [(1, "a\r\nb"), (2, "a\nb"), (3, "a\nb\n")] {
            page.show("snippets").await;
            page.click(&format!("#snippet-list li:nth-child({row}) .load")).await;
            page.until(&format!("document.querySelector('#snippet-name').value !== '' && {row} > 0")).await;
            assert_eq!(page.text("#message-problem").await, if row == 3 { MIXED } else { "" });
            page.click("#send").await;
            assert_eq!(told.recv().await.unwrap(), sent.as_bytes());
        }

        page.paste("one line").await;
        for (name, written) in [("lf", "a\nb\n"), ("lf", "a\nb"), ("crlf", "a\nb")] {
            page.press(Key::Up).await;
            page.until_written(written).await;
            page.until_line_end(name).await;
        }
        page.click("#send").await;
        assert_eq!(told.recv().await.unwrap(), b"a\r\nb");

        // Saves the text of the field as a snippet.
        page.paste("x\ny").await;
        page.choose_line_end("crlf").await;
        page.show("snippets").await;
        page.fill("#snippet-name", "saved").await;
        page.click("#snippet-save").await;
        page.until("localStorage.getItem('ws-echo.snippets').includes('x\\\\r\\\\ny')").await;
    })
    .await;
}

#[tokio::test]
async fn a_change_of_mode_keeps_line_ends() {
    on_page(|page| async move {
        page.paste("a\nb").await;
        page.choose_line_end("crlf").await;
        page.choose("#mode", "hex").await;
        page.until_written("61 0d 0a 62").await;
        assert_eq!(page.text("#message-problem").await, "binary, 4 bytes");
        assert_eq!(page.eval("document.querySelector('#line-end')").await, Value::Null);
        page.paste("61 0d 62").await;
        page.choose("#mode", "text").await;
        page.until_line_end("cr").await;
        page.until_written("a\nb").await;
        page.choose("#mode", "hex").await;
        page.paste("61 0d 0a 62 0a").await;
        page.choose("#mode", "text").await;
        let said = "The line ends of these bytes differ, so the field is left as it was.";
        page.until(&format!("document.querySelector('#message-problem').textContent === '{said}'")).await;
        assert_eq!(page.written().await, "61 0d 0a 62 0a");
    })
    .await;
}

#[tokio::test]
async fn links_keep_line_ends() {
    on_page(|page| async move {
        page.open_at("/?send=a%0D%0Ab").await;
        page.until_line_end("crlf").await;
        page.until_written("a\nb").await;
        page.connect().await;
        page.click("#send").await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["a␍⏎b"]);

        page.show("options").await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#link')?.value.endsWith('send=a%0D%0Ab')").await;

        page.open_at("/?connect=1&send=a%0D%0Ab%0Ac%0D").await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["a␍⏎b⏎c␍"], "what a link sends does not go through the field");
        let said = page.text("#message-problem").await;
        assert!(said.starts_with("The line ends of this text differed."), "{said}");
        page.until_line_end("lf").await;

        // Sends the message of the row again.
        page.click("#messages > li[data-way=received]").await;
        page.click("#detail-resend").await;
        page.until_count(2).await;
        assert_eq!(page.rows().await, ["a␍⏎b⏎c␍"; 2]);
    })
    .await;
}
