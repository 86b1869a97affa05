//! Browsers for the tests. A browser takes longer to start than most tests to run, so each serves one test after the other.

use std::{
    future::Future,
    panic::resume_unwind,
    process::Stdio,
    sync::{LazyLock, Mutex},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, error::CmdError, wd::WebDriverCompatibleCommand};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdin, Command},
    runtime::Runtime,
};
use url::Url;

/// Limit of each wait for the page. A test that waits longer fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Starts a driver, and ends it and its browser once standard input ends, also if the tests were killed. The browser still writes to
/// its profile for a moment, so that is removed later.
const DRIVER: &str =
    "chromedriver --port=0 & exec >&2; read -r _; trap '' TERM; kill -TERM 0; wait; sleep 1; rm -rf \"$0\"";

/// Runs the tasks of the browsers' clients, because the runtime of a test ends with it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Browsers that no test uses.
static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

struct Browser {
    client: Client,
    /// The end of this pipe ends the browser.
    _alive: ChildStdin,
}

/// Runs a test in a browser with one empty window. A browser in which a test has panicked is not used again.
pub async fn in_browser<F, T>(test: T)
where
    T: FnOnce(Client) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let idle = IDLE.lock().unwrap().pop();
    let browser = match idle {
        Some(browser) => browser,
        None => RUNTIME.spawn(start()).await.unwrap(),
    };
    tell_violations(&browser.client).await;
    let ended = tokio::spawn(test(browser.client.clone())).await;
    let console = browser.client.issue_cmd(DriverCommand::console()).await;
    if let Err(error) = ended {
        resume_unwind(error.into_panic());
    }
    assert_eq!(violations(&console.unwrap()), [""; 0], "the page keeps to its policy");
    empty(&browser.client).await.expect("the browser can be used again");
    IDLE.lock().unwrap().push(browser);
}

/// Replaces all windows by an empty one, and forgets their settings and the data of their sites.
async fn empty(client: &Client) -> Result<(), CmdError> {
    let fresh = client.new_window(true).await?.handle;
    for window in client.windows().await? {
        if window != fresh {
            client.switch_to_window(window).await?;
            let url = client.current_url().await?;
            if url.has_host() {
                forget(client, url.as_str()).await?;
            }
            client.close_window().await?;
        }
    }
    client.switch_to_window(fresh).await?;
    client.issue_cmd(DriverCommand::devtools("Browser.resetPermissions", &json!({}))).await?;
    client.issue_cmd(DriverCommand::console()).await?;
    Ok(())
}

/// Removes the data of a URL's site, such as an earlier server's on the same port.
pub async fn forget(client: &Client, url: &str) -> Result<(), CmdError> {
    let parameters = json!({ "origin": url, "storageTypes": "all" });
    client.issue_cmd(DriverCommand::devtools("Storage.clearDataForOrigin", &parameters)).await?;
    Ok(())
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

async fn start() -> Browser {
    let profile = tempfile::tempdir().unwrap().keep();
    let profile = profile.to_str().unwrap();
    // Repeated, because the driver takes a free IPv4 port and then the same IPv6 port, which another driver may have.
    let mut said = String::new();
    for _ in 0..5 {
        match start_driver(profile).await {
            Ok((mut driver, port)) => {
                let client = start_browser(port, profile).await;
                return Browser { client, _alive: driver.stdin.take().unwrap() };
            }
            Err(output) => said = output,
        }
    }
    panic!("chromedriver does not say its port; it must be in PATH: {said}");
}

/// Starts a driver. Returns it and its port, or its output if it failed.
async fn start_driver(profile: &str) -> Result<(Child, u16), String> {
    let mut driver = Command::new("sh")
        .args(["-c", DRIVER, profile])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
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

async fn start_browser(port: u16, profile: &str) -> Client {
    let options = json!({
        "goog:chromeOptions": {
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--window-size=1280,887",
                format!("--user-data-dir={profile}"),
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
