//! Tests of a page that an error of its own has stopped: it says so, and the log can be saved.
//!
//! The page has no way to make it panic. The tests break functions of the browser that Yew calls, and for which it has no
//! alternative but a panic.

use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;

use crate::{
    axe::no_barrier,
    page::{Page, on_page},
    peer::peer,
};

impl Page {
    /// Makes the next change of the page panic.
    async fn break_dom(&self) {
        self.eval(
            "(() => { const broken = [[Document, 'createElement'], [Node, 'cloneNode']]\
                          .map(([type, name]) => [type.prototype, name, type.prototype[name]]); \
                      window.mend = () => broken.forEach(([object, name, whole]) => { object[name] = whole }); \
                      broken.forEach(([object, name]) => { object[name] = () => { throw new Error('broken') } }) })()",
        )
        .await;
    }
}

#[tokio::test]
async fn a_panic_is_told_and_the_log_can_be_saved() {
    on_page(|page| async move {
        let folder = page.downloads().await;
        let (tell, mut told) = mpsc::unbounded_channel();
        let url = peer(|mut socket| async move {
            while let Some(Ok(message)) = socket.next().await {
                if message.is_close() {
                    break;
                }
                socket.send(message).await.unwrap();
            }
            tell.send("closed").unwrap();
        })
        .await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.send("first").await;
        page.send("second").await;
        // A modal dialog would make everything else in the document inert.
        page.click("#show-shortcuts").await;
        assert_eq!(page.eval("document.querySelector('.stopped')").await, serde_json::Value::Null);

        page.break_dom().await;
        page.eval("document.querySelector('#send').click()").await;
        page.until("document.querySelector('.stopped:popover-open')").await;
        let said = page.text(".stopped").await;
        assert!(said.contains("The page has stopped") && !said.contains("页面"), "{said}");
        assert_eq!(told.recv().await, Some("closed"), "the connection is not left open unread");
        let console = page.console_errors().await;
        assert!(
            console.iter().any(|line| line.contains("panicked at ")),
            "the place of the panic: {console:?}"
        );

        // The file is saved by an element, too.
        page.eval("window.mend()").await;
        page.click(".stopped [data-do=save]").await;
        page.until("document.querySelector('.stopped').innerText.includes('Log saved.')").await;
        let log = String::from_utf8(Page::downloaded(&folder, "ws-echo-log.jsonl").await).unwrap();
        for part in ["\"ws-echo\":\"log\"", "\"sent\"", "\"received\"", "\"first\"", "\"second\""] {
            assert!(log.contains(part), "{part}: {log}");
        }
        page.click(".stopped [data-do=reload]").await;
        page.until("!document.querySelector('.stopped') && document.querySelector('#connect')").await;
        page.connect_to(&format!("ws://{}/echo", page.server.address)).await;
        page.until_phase("open").await;
        page.send("again").await;
    })
    .await;
}

#[tokio::test]
async fn what_the_page_says_then_has_no_barrier_in_both_languages() {
    on_page(|page| async move {
        page.connect().await;
        page.choose("#language", "zh-CN").await;
        page.until("document.documentElement.lang === 'zh-CN'").await;
        page.paste("first").await;
        page.break_dom().await;
        page.click("#send").await;
        page.until("document.querySelector('.stopped:popover-open')").await;
        let said = page.text(".stopped").await;
        assert!(said.contains("停止运行") && !said.contains("stopped"), "{said}");
        page.eval("window.mend()").await;
        no_barrier(&page, "stopped").await;
    })
    .await;
}
