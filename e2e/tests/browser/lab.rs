//! Tests of the lab's tab: its form, its lines for other clients, and each scenario run from it.

use serde_json::{Value, json};

use crate::{
    axe::no_barrier,
    page::{Page, on_page},
    server::Server,
};

/// Shows the tab, and selects a scenario.
pub async fn open_lab(page: &Page, scenario: &str) {
    page.click("#tab-lab").await;
    page.until("document.querySelector('#scenario')").await;
    page.choose("#scenario", scenario).await;
    page.until(&format!("document.querySelector('#scenario').value === '{scenario}'")).await;
}

/// Connects to a scenario with these values of its fields.
pub async fn run(page: &Page, scenario: &str, fields: &[(&str, &str)]) {
    open_lab(page, scenario).await;
    for (name, value) in fields {
        page.choose(&format!("#arg-{name}"), value).await;
    }
    page.click("#lab-connect").await;
    page.until("document.querySelector('#tab-messages').ariaSelected === 'true'").await;
}

/// Scenario, changed fields, a message to send once the connection is open, and a text in the list at the end.
type Run = (&'static str, &'static [(&'static str, &'static str)], Option<&'static str>, &'static str);

const RUNS: [Run; 16] = [
    ("push", &[("every", "10ms"), ("count", "3")], None, "\"seq\":3"),
    ("delay", &[("by", "50ms")], Some("hello"), "↓receivedhello"),
    ("inspect", &[], None, "/lab/inspect"),
    ("handshake", &[("header", "X-A:1\nX-B:2"), ("pad", "1KiB")], Some("hello"), "↓receivedhello"),
    ("close", &[("code", "4001"), ("reason", "bye")], None, "4001 Private Code · bye"),
    ("refuse", &[("status", "429")], None, "could not connect"),
    ("auth", &[("scheme", "query"), ("token", "p")], Some("hello"), "↓receivedhello"),
    ("early", &[("frames", "1")], None, "↓received"),
    ("ping", &[("every", "20ms")], None, "round_trip"),
    ("idle", &[("plan", "10ms,20ms")], None, "↓received"),
    ("fragment", &[("size", "2")], Some("hello"), "↓receivedhello"),
    ("source", &[("count", "5"), ("size", "0"), ("kind", "text")], None, "\"seq\":5"),
    ("sink", &[("count", "1")], Some("hello"), "\"messages\":1"),
    ("slow", &[("read", "1MiB"), ("write", "1MiB")], Some("hello"), "↓receivedhello"),
    ("deflate", &[("level", "9")], Some("hello"), "↓receivedhello"),
    // Chromium refuses a length that is not minimal, which other clients take.
    ("violate", &[("what", "len_not_minimal")], None, "dropped: 1006"),
];

#[tokio::test]
async fn every_scenario_runs_from_its_form() {
    on_page(|page| async move {
        page.click("#tab-lab").await;
        page.until("document.querySelector('#scenario')").await;
        let names = page.eval("[...document.querySelectorAll('#scenario option')].map(option => option.value)").await;
        let tested: Vec<_> = RUNS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, json!(tested), "every scenario has a run");
        for (scenario, fields, message, seen) in RUNS {
            run(&page, scenario, fields).await;
            if let Some(message) = message {
                page.until_phase("open").await;
                page.paste(message).await;
                page.click("#send").await;
            }
            let list = "[...document.querySelectorAll('#messages > li')].map(row => [...row.children]\
                        .filter(part => part.tagName !== 'TIME').map(part => part.textContent).join('')).join('\\n')";
            page.until(&format!("{list}.includes({})", json!(seen))).await;
            let url = page.eval("document.querySelector('#url').value").await;
            assert!(url.as_str().unwrap().contains(&format!("/lab/{scenario}?")), "{url}");
            if page.eval("document.querySelector('#state').dataset.phase").await == "open" {
                page.click("#tab-lab").await;
                page.click("#lab-connect").await;
                assert_eq!(page.eval("document.querySelector('#tab-lab').ariaSelected").await, "true");
            }
            page.until_phase("closed").await;
            page.click("#tab-messages").await;
            page.click("#clear").await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_without_a_lab_is_told() {
    on_page(|mut page| async move {
        page.server = Server::start(&["--no-lab"]).await;
        page.open().await;
        page.click("#tab-lab").await;
        page.until("document.querySelector('#lab .nothing')?.textContent.includes('--no-lab')").await;
    })
    .await;
}

#[tokio::test]
async fn a_bad_value_is_told_at_its_field_and_connects_nothing() {
    on_page(|page| async move {
        open_lab(&page, "push").await;
        let url = page.eval("document.querySelector('#url').value").await;
        page.fill("#arg-every", "soon").await;
        page.until(
            "document.querySelector('#arg-every-problem').textContent.includes('a time from 1ms to 1h')",
        )
        .await;
        assert_eq!(page.eval("document.querySelector('#arg-every').ariaInvalid").await, "true");
        assert_eq!(
            page.eval("document.querySelector('[data-client]')").await,
            Value::Null,
            "there is no URL"
        );
        page.click("#lab-connect").await;
        page.until("document.activeElement.id === 'arg-every'").await;
        assert_eq!(page.eval("document.querySelector('#state').dataset.phase").await, "idle");
        assert_eq!(page.eval("document.querySelector('#url').value").await, url);
        page.fill("#arg-every", "2s").await;
        page.until("document.querySelector('[data-client=URL]')?.textContent.includes('?every=2s&tap=')")
            .await;
        assert_eq!(page.text("#arg-every-problem").await, "");

        // The form is kept while another tab is shown.
        page.click("#tab-stats").await;
        page.until("!document.querySelector('#arg-every')").await;
        page.click("#tab-lab").await;
        page.until("document.querySelector('#arg-every')?.value === '2s'").await;
    })
    .await;
}

#[tokio::test]
async fn the_lines_for_other_clients_have_the_url() {
    on_page(|page| async move {
        open_lab(&page, "close").await;
        page.fill("#arg-code", "4001").await;
        page.fill("#arg-reason", "it's over, \"you\"").await;
        page.click("#arg-raw").await;
        page.until("/[?&]tap=[0-9a-f]{32}$/.test(document.querySelector('[data-client=URL]').textContent)")
            .await;
        page.click("#tap").await;
        let rest =
            format!("://{}/lab/close?code=4001&reason=it%27s%20over,%20%22you%22&raw=1", page.server.address);
        page.until(&format!("document.querySelector('[data-client=URL]').textContent === 'ws{rest}'")).await;
        let expected = [
            ("websocat", format!("websocat 'ws{rest}'")),
            ("JavaScript", format!("new WebSocket(\"ws{rest}\");")),
            ("Python", format!("with connect(\"ws{rest}\") as ws:")),
            ("curl", format!("'http{rest}'")),
        ];
        for (client, line) in expected {
            let lines = page.text(&format!("[data-client={client}]")).await;
            assert!(lines.contains(&line), "{lines}");
        }
        let curl = page.text("[data-client=curl]").await;
        assert!(curl.contains("-H 'Upgrade: websocket'") && curl.contains("Sec-WebSocket-Key"), "{curl}");
        page.click("[data-copy='0']").await;
        page.until("document.querySelector('#lab [role=status]').textContent !== ''").await;
    })
    .await;
}

#[tokio::test]
async fn the_form_has_no_barrier_and_fits_every_window() {
    on_page(|page| async move {
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            for scenario in ["close", "handshake", "deflate"] {
                open_lab(&page, scenario).await;
                no_barrier(&page, &format!("{scenario}, {theme}")).await;
            }
            open_lab(&page, "push").await;
            page.fill("#arg-every", "soon").await;
            page.until("document.querySelector('#arg-every').ariaInvalid").await;
            no_barrier(&page, &format!("a bad value, {theme}")).await;
        }
        for width in [390, 320] {
            page.emulate(width, 640, "light").await;
            page.until(&format!("innerWidth === {width}")).await;
            for scenario in ["push", "handshake", "deflate", "violate"] {
                open_lab(&page, scenario).await;
                let wide = page
                    .eval(
                        "[document.documentElement, document.querySelector('#lab')].map(e => e.scrollWidth)",
                    )
                    .await;
                assert_eq!(wide, json!([width, width]), "{scenario}");
            }
            no_barrier(&page, "narrow").await;
        }
    })
    .await;
}
