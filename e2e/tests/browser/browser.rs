//! Start and end of a separate Chromium for each test.

use std::{future::Future, panic::resume_unwind, process::Stdio, time::Duration};

use fantoccini::{Client, ClientBuilder, wd::WebDriverCompatibleCommand};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use url::Url;

/// Limit of each wait for the page. A test that waits longer fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a test in a browser. Ends the browser even if the test panics.
pub async fn in_browser<F, T>(test: T)
where
    T: FnOnce(Client) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let profile = tempfile::tempdir().unwrap();
    let (mut driver, port) = start_driver().await;
    let client = start_browser(port, &profile).await;
    tell_violations(&client).await;
    let ended = tokio::spawn(test(client.clone())).await;
    let console = client.issue_cmd(DriverCommand::console()).await;
    // Closing the session ends the browser. Killing only the driver would leave it running.
    let closed = client.close().await;
    driver.start_kill().unwrap();
    driver.wait().await.unwrap();
    if let Err(error) = ended {
        resume_unwind(error.into_panic());
    }
    closed.unwrap();
    assert_eq!(violations(&console.unwrap()), [""; 0], "the page keeps to its policy");
}

/// Makes each page that is loaded from now on log violations of its Content-Security-Policy to the console.
async fn tell_violations(client: &Client) {
    let script = "addEventListener('securitypolicyviolation', event => console.error(\
                  'Content Security Policy broken:', event.effectiveDirective, event.blockedURI, event.sample))";
    let command =
        DriverCommand::devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    client.issue_cmd(command).await.unwrap();
}

/// Returns the console's messages about a policy: those of Chromium and those of [`tell_violations`].
pub fn violations(console: &Value) -> Vec<&str> {
    let messages = console.as_array().unwrap().iter().filter_map(|entry| entry["message"].as_str());
    messages
        .filter(|text| text.contains("Content Security Policy") || text.contains("Permissions-Policy"))
        .collect()
}

async fn start_driver() -> (Child, u16) {
    // Repeated, because the driver takes a free IPv4 port and then the same IPv6 port, which another driver may have.
    let mut said = String::new();
    for _ in 0..5 {
        match try_driver().await {
            Ok(started) => return started,
            Err(output) => said = output,
        }
    }
    panic!("chromedriver does not say its port: {said}");
}

/// Starts a driver. Returns it and its port, or its output if it failed.
async fn try_driver() -> Result<(Child, u16), String> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver is in PATH");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        let port = line.split("started successfully on port ").nth(1);
        if let Some(port) = port.and_then(|port| port.trim_end_matches('.').parse().ok()) {
            // Reads the rest of the output, because the driver would block once the pipe is full.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((driver, port));
        }
        said.push_str(&line);
        said.push('\n');
    }
    driver.wait().await.unwrap();
    Err(said)
}

async fn start_browser(port: u16, profile: &TempDir) -> Client {
    let options = json!({
        "goog:chromeOptions": {
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                format!("--user-data-dir={}", profile.path().display()),
            ]
        },
        // The certificates of the tests are self-signed.
        "acceptInsecureCerts": true,
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    let Value::Object(capabilities) = options else { unreachable!() };
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .expect("Chromium starts")
}

/// Command of chromedriver that is not part of the WebDriver standard.
#[derive(Debug)]
pub struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl DriverCommand {
    /// Creates a command of Chromium's DevTools protocol.
    pub fn devtools(command: &str, parameters: &Value) -> Self {
        Self { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) }
    }

    /// Creates a command that returns and empties the console, including errors of the network.
    pub fn console() -> Self {
        Self { path: "se/log", body: json!({ "type": "browser" }) }
    }
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
