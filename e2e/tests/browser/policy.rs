//! Tests of the Content-Security-Policy. `in_browser` checks for violations at the end of each test. The first test here uses all
//! features that could violate the policy; the others show that a violation is detected and that the policy is enforced.

use serde_json::json;

use crate::{
    browser::{DriverCommand, in_browser, violations},
    page::{Page, on_page},
    peer::peer,
    server::Server,
};

/// Script that counts the violations in the page.
const COUNT: &str = "window.broken = 0; addEventListener('securitypolicyviolation', () => broken += 1)";

#[tokio::test]
async fn the_page_does_all_it_does_under_its_policy() {
    on_page(|page| async move {
        page.at_start(COUNT).await;
        let folder = page.downloads().await;
        page.open_at("/?connect=1&send=by+a+link").await;
        page.until_count(1).await;
        assert_eq!(page.eval("typeof WebAssembly.instantiate").await, "function");
        // The lists of the log and of the detail view get their layout from styles that a script sets.
        for text in ["{\"a\":[1,2,3]}", "plain"] {
            page.send(text).await;
        }
        page.until("parseFloat(document.querySelector('#messages').style.height) > 0").await;
        page.click("#messages > li[data-way=received]").await;
        page.until("document.querySelector('#detail')").await;
        page.click("#detail [data-view=hex]").await;
        page.until("parseFloat(document.querySelector('#detail-hex > div').style.height) > 0").await;
        page.click("#detail-save").await;
        Page::downloaded(&folder, "message-3.txt").await;
        // Copies through a field, as on a page over plain HTTP, which has no clipboard API.
        page.eval("void Object.defineProperty(navigator, 'clipboard', { value: undefined })").await;
        page.eval(
            "void (document.execCommand = () => (sight = document.querySelector('body > textarea').style.position))",
        )
        .await;
        page.click("#detail-copy").await;
        page.until("window.sight === 'fixed'").await;
        // Shows the charts. The browser requests the icon by itself.
        page.click("#tab-stats").await;
        for panel in ["options", "settings", "snippets", "repeat", "recent"] {
            page.show(panel).await;
        }
        page.until("document.querySelector('svg')").await;
        assert_eq!(page.eval("broken").await, json!(0));
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_the_page_has_no_need_of_is_stopped_and_seen() {
    in_browser(|client| async move {
        let page = Page { client, server: Server::start(&[]).await };
        page.at_start(COUNT).await;
        page.open().await;
        let mut expected = 0;
        for attempt in [
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))",
            "document.body.setAttribute('style', 'color: red')",
            "document.body.setAttribute('onclick', 'window.ran = 1')",
            "document.body.append(Object.assign(document.createElement('img'), { src: 'http://a.test/' }))",
            "document.body.append(Object.assign(document.createElement('object'), { data: '/' }))",
            "document.head.append(Object.assign(document.createElement('base'), { href: 'http://a.test/' }))",
            "fetch('http://a.test/').catch(() => {})",
        ] {
            page.eval(&format!("void ({attempt})")).await;
            expected += 1;
            page.until(&format!("broken === {expected}")).await;
        }
        assert_eq!(page.eval("window.ran").await, json!(null));
        // Reading removes the violations from the console, because any left at the end would fail the test.
        let console = page.client.issue_cmd(DriverCommand::console()).await.unwrap();
        assert!(violations(&console).len() >= expected, "{console}");
    })
    .await;
}

#[tokio::test]
async fn a_list_of_servers_keeps_the_page_from_the_others() {
    on_page(|mut page| async move {
        let url = peer(|socket| async move { drop(socket) }).await;
        page.server = Server::start(&["--connect-src", "wss://echo.test"]).await;
        page.open().await;
        page.connect().await;
        page.send("to its own").await;
        page.client.refresh().await.unwrap();
        page.until("document.querySelector('#connect')").await;
        page.connect_to(&url).await;
        page.until("document.querySelector('#url').getAttribute('aria-invalid') === 'true'").await;
        let said = page.text(".endpoint .problem").await;
        assert!(said.contains("--connect-src"), "{said}");
        let console = page.client.issue_cmd(DriverCommand::console()).await.unwrap();
        assert!(violations(&console).iter().any(|text| text.contains("connect-src")), "{console}");
    })
    .await;
}
