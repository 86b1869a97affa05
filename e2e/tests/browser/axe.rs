//! Tests with axe-core, which must find no accessibility problem in any state of the page.

use std::{env, fs, path::PathBuf};

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};

use crate::{
    page::{Page, on_page},
    peer::{nobody, peer},
};

/// Returns the source of axe-core, which `scripts/setup-check` installs.
fn axe() -> String {
    let path = env::var_os("WS_ECHO_AXE").map(PathBuf::from).or_else(installed);
    let path = path.expect("axe-core is installed: run 'scripts/setup-check' first");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn installed() -> Option<PathBuf> {
    let cache = || {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        Some(
            cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))?.join("ws-echo/tools"),
        )
    };
    let tools = env::var_os("WS_ECHO_TOOLS").map(PathBuf::from).or_else(cache)?;
    let is_axe =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("axe-core-"));
    let folder = fs::read_dir(tools).ok()?.filter_map(Result::ok).map(|entry| entry.path()).find(is_axe)?;
    Some(folder.join("node_modules/axe-core/axe.min.js"))
}

/// Fails with a list of the problems and elements that axe-core finds.
pub async fn no_barrier(page: &Page, state: &str) {
    if page.eval("typeof axe").await == "undefined" {
        page.client.execute(&axe(), vec![]).await.unwrap();
    }
    let run = "const [done] = arguments; axe.run(document, { resultTypes: ['violations'] }).then(
        result => done(result.violations.map(v => ({ id: v.id, help: v.help, nodes: v.nodes.map(n => n.html + ' ' + n.failureSummary) }))),
        error => done([String(error)]))";
    let violations = page.client.execute_async(run, vec![]).await.unwrap();
    assert_eq!(violations, json!([]), "{state}: {}", serde_json::to_string_pretty(&violations).unwrap());
}

/// Panels that open over the page.
const PANELS: [&str; 7] = ["recent", "options", "settings", "state-details", "snippets", "repeat", "more"];

/// Checks the page with each of its panels open.
async fn no_barrier_in_panels(page: &Page, state: &str) {
    for panel in PANELS {
        page.show(panel).await;
        no_barrier(page, &format!("{state}, {panel}")).await;
    }
    page.hide().await;
}

#[tokio::test]
async fn at_the_first_glance_and_in_use() {
    on_page(|page| async move {
        no_barrier(&page, "empty").await;
        page.connect().await;
        page.send("hello").await;
        page.send("").await;
        no_barrier(&page, "in use").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        no_barrier(&page, "closed").await;
        page.connect_to("localhost/echo").await;
        page.until("document.querySelector('#url').getAttribute('aria-invalid') === 'true'").await;
        no_barrier(&page, "bad URL").await;
    })
    .await;
}

#[tokio::test]
async fn in_trouble_in_both_themes() {
    on_page(|page| async move {
        // Its connections are accepted by the system, and nothing answers.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            page.click("#clear").await;
            page.connect_to(&nobody().await).await;
            page.until("document.querySelector('#failure')").await;
            no_barrier(&page, &format!("refused, {theme}")).await;
            page.connect_to(&format!("ws://{}/", silent.local_addr().unwrap())).await;
            page.until_phase("connecting").await;
            no_barrier(&page, &format!("connecting, {theme}")).await;
            page.click("#connect").await;
            page.until_phase("closed").await;
            let odd = peer(|mut socket| async move {
                let (code, reason) = (CloseCode::Library(4001), "because".into());
                socket.close(Some(CloseFrame { code, reason })).await.unwrap();
                while socket.next().await.is_some() {}
            });
            page.connect_to(&odd.await).await;
            page.until("document.querySelector('#state strong').textContent.includes('4001')").await;
            no_barrier(&page, &format!("an odd close, {theme}")).await;
            page.click("#pause").await;
            page.fill("#filter", "no such thing").await;
            page.until("document.querySelector('#messages').children.length === 0").await;
            no_barrier(&page, &format!("paused, and nothing found, {theme}")).await;
            page.fill("#filter", "").await;
            page.click("#pause").await;
        }
    })
    .await;
}

#[tokio::test]
async fn with_everything_open_in_both_themes_and_languages() {
    on_page(|page| async move {
        page.connect().await;
        page.send("{\"a\": [1, 2, {\"b\": null}]}").await;
        page.fill("#filter", "/(/").await;
        page.show("options").await;
        page.fill("#close-code", "1006").await;
        for theme in ["light", "dark"] {
            for language in ["en", "zh-CN"] {
                page.choose("#theme", theme).await;
                page.choose("#language", language).await;
                page.until(&format!("document.documentElement.lang === '{language}' && document.documentElement.dataset.theme === '{theme}'")).await;
                no_barrier_in_panels(&page, &format!("{theme}, {language}")).await;
            }
        }
        page.emulate(320, 640, "light").await;
        page.until("innerWidth === 320").await;
        no_barrier_in_panels(&page, "narrow").await;
        let wide = page.eval("document.documentElement.scrollWidth").await;
        assert_eq!(wide, Value::from(320), "nothing is wider than the window");
    })
    .await;
}

#[tokio::test]
async fn with_figures_and_the_list_of_keys() {
    on_page(|page| async move {
        page.click("#tab-stats").await;
        page.until("document.querySelector('#traffic')").await;
        no_barrier(&page, "no figures yet").await;
        page.connect().await;
        page.send("hello").await;
        page.until("document.querySelector('#drift')").await;
        no_barrier(&page, "figures").await;
        page.click("#show-shortcuts").await;
        page.until("document.querySelector('#shortcuts').open").await;
        no_barrier(&page, "keys").await;
    })
    .await;
}

#[tokio::test]
async fn with_a_message_open_in_every_view() {
    on_page(|page| async move {
        page.connect().await;
        page.send("{\"a\": [1, 2, {\"b\": null}], \"c\": {\"d\": 1}}").await;
        page.click("#messages > li[data-kind]").await;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            for view in ["json", "text", "hex"] {
                page.click(&format!("#detail [data-view={view}]")).await;
                page.until(&format!("document.querySelector('#detail-{view}')?.textContent")).await;
                no_barrier(&page, &format!("{theme}, {view}")).await;
            }
        }
        page.click("#detail [data-view=json]").await;
        page.click("#close-all").await;
        page.until("document.querySelector('.fold[aria-expanded=false]')").await;
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log.jsonl");
        fs::write(&log, "{\"ws-echo\":\"log\",\"version\":1}").unwrap();
        page.find("#import").await.send_keys(log.to_str().unwrap()).await.unwrap();
        page.until("document.querySelector('#replace-log')?.open").await;
        no_barrier(&page, "a question").await;
        page.click("#keep").await;
        page.until("!document.querySelector('#replace-log')").await;
        page.emulate(320, 640, "light").await;
        page.until("innerWidth === 320").await;
        for view in ["json", "text", "hex"] {
            page.click(&format!("#detail [data-view={view}]")).await;
            page.until(&format!("document.querySelector('#detail-{view}')?.textContent")).await;
            no_barrier(&page, &format!("narrow, {view}")).await;
            let wide = page.eval("document.documentElement.scrollWidth").await;
            assert_eq!(wide, Value::from(320), "nothing is wider than the window");
        }
    })
    .await;
}

#[tokio::test]
async fn with_every_tool_of_the_composer_in_use() {
    on_page(|page| async move {
        page.connect().await;
        page.show("snippets").await;
        page.paste("{}").await;
        page.fill("#snippet-name", "one").await;
        page.click("#snippet-save").await;
        page.hide().await;
        let file = "const data = new DataTransfer(), input = document.querySelector('#file'); \
                    data.items.add(new File(['text'], 'name.txt')); input.files = data.files; \
                    input.dispatchEvent(new Event('change', { bubbles: true }))";
        page.client.execute(file, vec![]).await.unwrap();
        page.until("document.querySelector('#pretty') && document.querySelector('#file-panel')").await;
        page.click("#file-action").await;
        page.show("repeat").await;
        page.fill("#repeat-times", "").await;
        page.click("#repeat-toggle").await;
        page.until("document.querySelector('#repeat-figures')").await;
        page.click("#repeat-toggle").await;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            no_barrier_in_panels(&page, &format!("all good, {theme}")).await;
        }
        page.choose("#mode", "hex").await;
        page.paste("x").await;
        page.show("repeat").await;
        page.fill("#repeat-times", "ten").await;
        page.click("#repeat-toggle").await;
        page.click("#send").await;
        page.show("snippets").await;
        page.click("#snippet-list .delete").await;
        page.until("document.querySelector('#snippet-undo')").await;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            no_barrier_in_panels(&page, &format!("all wrong, {theme}")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn while_reconnecting_and_when_a_link_asks() {
    on_page(|page| async move {
        page.connect().await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        page.eval("Math.random = () => 1").await;
        page.show("options").await;
        page.click("#reconnect").await;
        page.connect_to(&nobody().await).await;
        for attempt in 1..6 {
            page.until(&format!(
                "document.querySelector('#reconnecting')?.textContent.includes('attempt {attempt}')"
            ))
            .await;
            page.eval("document.querySelector('#reconnect-now').click()").await;
        }
        page.show("options").await;
        page.click("#copy-link").await;
        page.until("document.querySelector('#link') && document.querySelector('#reconnecting')").await;
        no_barrier(&page, "reconnecting").await;
        page.hide().await;
        page.emulate(320, 640, "dark").await;
        page.until("innerWidth === 320").await;
        let wide = page.eval("document.documentElement.scrollWidth").await;
        assert!(wide.as_u64().unwrap() <= 320, "{wide}");

        page.open_at("/?url=wss://a.example/&connect=1&send=hello&send=").await;
        page.until("document.querySelector('#question')?.open").await;
        no_barrier(&page, "question").await;
    })
    .await;
}
