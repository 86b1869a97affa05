//! Page object of the tests: the shown state, and the actions of a user.

use std::{future::Future, time::Duration};

use fantoccini::{Client, Locator, elements::Element, key::Key};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::{
    browser::{DriverCommand, PATIENCE, forget, in_browser, violations},
    server::Server,
};

pub struct Page {
    pub client: Client,
    pub server: Server,
}

/// Runs a test on the page, served by the real server.
pub async fn on_page<F, T>(test: T)
where
    T: FnOnce(Page) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    in_browser(|client| async move {
        let page = Page { client, server: Server::start(&[]).await };
        forget(&page.client, &page.server.url("/")).await.unwrap();
        page.open().await;
        test(page).await;
    })
    .await;
}

impl Page {
    /// Loads the page and waits until it is ready.
    pub async fn open(&self) {
        self.open_at("/").await;
    }

    /// Loads the page at `path`, which may have a query, and waits until it is ready.
    pub async fn open_at(&self, path: &str) {
        self.client.goto(&self.server.url(path)).await.unwrap();
        self.client.wait().at_most(PATIENCE).for_element(Locator::Css("#connect")).await.unwrap();
    }

    pub async fn find(&self, css: &str) -> Element {
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Returns the visible text of an element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Opens a panel over the page by its button, unless it is open.
    pub async fn show(&self, id: &str) {
        let is_open = format!("document.querySelector('#{id}').matches(':popover-open')");
        if self.eval(&is_open).await != json!(true) {
            // Another one may cover the button.
            self.hide().await;
            self.click(&format!("[popovertarget={id}]")).await;
            self.until(&is_open).await;
        }
    }

    /// Closes the panel that is open over the page, and waits until the page's history is as before.
    pub async fn hide(&self) {
        self.eval("document.querySelectorAll(':popover-open').forEach(open => open.hidePopover())").await;
        self.until("!document.querySelector(':popover-open') && history.state === null").await;
    }

    /// Returns everything that the page says about the connection.
    pub async fn state(&self) -> String {
        self.show("state-details").await;
        let said = self.text("#state-details").await;
        self.hide().await;
        said
    }

    /// Evaluates a JavaScript expression. Returns its value.
    pub async fn eval(&self, script: &str) -> Value {
        self.client.execute(&format!("return {script}"), vec![]).await.unwrap()
    }

    /// Waits until a JavaScript expression is true.
    pub async fn until(&self, condition: &str) {
        let end = Instant::now() + PATIENCE;
        while self.eval(&format!("!!({condition})")).await != json!(true) {
            if Instant::now() > end {
                let body = self.text("body").await;
                panic!("waited in vain for {condition}; the page says:\n{}", &body[..body.len().min(2000)]);
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn until_phase(&self, phase: &str) {
        self.until(&format!("document.querySelector('#state').dataset.phase === '{phase}'")).await;
    }

    /// Waits until at least `count` messages were received.
    pub async fn until_count(&self, count: usize) {
        self.until(&format!(
            "parseInt(document.querySelector('#received-count').textContent.replaceAll(',', '')) >= {count}"
        ))
        .await;
    }

    /// Clicks `connect` and waits until the connection is open.
    pub async fn connect(&self) {
        self.click("#connect").await;
        self.until_phase("open").await;
    }

    /// Replaces the text of a field by key presses, as a user does.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.click().await.unwrap();
        field.send_keys(&(Key::Control + "a")).await.unwrap();
        field.send_keys(&Key::Delete).await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Sets the composer's text at once, for long texts and for characters that the driver cannot type.
    pub async fn paste(&self, text: &str) {
        let script = "const field = document.querySelector('#message'); field.value = arguments[0]; \
                      field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
        self.client.execute(script, vec![json!(text)]).await.unwrap();
    }

    /// Sends a text and waits for its echo.
    pub async fn send(&self, text: &str) {
        let count = self.received().await;
        self.paste(text).await;
        self.click("#send").await;
        self.until_count(count + 1).await;
    }

    /// Returns the page's number of received messages.
    pub async fn received(&self) -> usize {
        let count = self.text("#received-count").await.replace(',', "");
        count.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{count}"))
    }

    /// Returns the texts of the rendered rows of received messages, in order. An empty message gives an empty text.
    pub async fn rows(&self) -> Vec<String> {
        let rows = self
            .eval(
                "[...document.querySelectorAll('#messages > li[data-way=received]')]\
                 .map(li => li.querySelector('.body:not(.empty)')?.textContent ?? '')",
            )
            .await;
        rows.as_array().unwrap().iter().map(|row| row.as_str().unwrap().to_owned()).collect()
    }

    /// Changes the value of a select, or of a field that the page reads on `change`.
    pub async fn choose(&self, css: &str, value: &str) {
        let script = "const [css, value] = arguments, field = document.querySelector(css); field.value = value; \
                      field.dispatchEvent(new Event('change', { bubbles: true }))";
        self.client.execute(script, vec![json!(css), json!(value)]).await.unwrap();
    }

    /// Connects to `url` instead of the page's own server.
    pub async fn connect_to(&self, url: &str) {
        self.fill("#url", url).await;
        self.click("#connect").await;
    }

    /// Sets the size of the window's content in pixels, and the system's preferred colour scheme.
    pub async fn emulate(&self, width: u32, height: u32, scheme: &str) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &features).await;
    }

    /// Runs `script` in each page that is loaded from now on, before the page's own scripts.
    pub async fn at_start(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script })).await;
    }

    /// Runs a command of Chromium's DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: &Value) {
        self.client.issue_cmd(DriverCommand::devtools(command, parameters)).await.unwrap();
    }

    /// Returns the errors in the console. Reading empties the console, so violations of the page's policy fail the test here.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.client.issue_cmd(DriverCommand::console()).await.unwrap();
        assert_eq!(violations(&log), [""; 0], "the page keeps to its policy");
        let severe = log.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }
}
