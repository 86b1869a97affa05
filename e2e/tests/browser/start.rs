//! Tests of the page before its WebAssembly runs: the outline, the progress, and a sentence with a remedy if it never runs.

use serde_json::json;

use crate::{
    axe::no_barrier,
    browser::in_browser,
    page::{Page, on_page},
    server::Server,
};

/// Texts of the outline that are shown.
const SHOWN: &str = "[...document.querySelectorAll('.shell p, .shell button')].filter(e => e.checkVisibility()).map(e => e.innerText.trim()).join(' ')";

/// Makes the outline wait for 50 ms instead of 10 s.
const IMPATIENT: &str = "{ const real = setTimeout; \
                         window.setTimeout = (act, ms, ...rest) => real(act, ms === 10_000 ? 50 : ms, ...rest) }";

/// Runs a test with a browser that has loaded nothing yet.
async fn before_the_page<F, T>(test: T)
where
    T: FnOnce(Page) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    in_browser(|client| async move {
        let page = Page { client, server: Server::start(&[]).await };
        test(page).await;
    })
    .await;
}

impl Page {
    /// Loads the page and waits until the outline is in this state.
    async fn open_until(&self, state: &str) {
        self.client.goto(&self.server.url("/")).await.unwrap();
        self.until(&format!("document.documentElement.dataset.shell === '{state}'")).await;
    }

    /// Makes all requests for these paths fail from now on.
    pub async fn block(&self, patterns: &[&str]) {
        self.devtools("Network.enable", &json!({})).await;
        self.devtools("Network.setBlockedURLs", &json!({ "urls": patterns })).await;
    }

    /// Checks that the outline shows this text, and that nothing in it can be used but `reload`.
    async fn shows(&self, part: &str) {
        let shown = self.eval(SHOWN).await;
        let shown = shown.as_str().unwrap();
        assert!(shown.contains(part), "{part}: {shown}");
        let controls = "document.querySelectorAll('.shell :is(a, input, textarea, select, [tabindex], button:not([data-do=reload]))').length";
        assert_eq!(self.eval(controls).await, 0);
        assert_eq!(self.text("h1").await, "ws-echo");
    }

    async fn reload_starts(&self) {
        self.click(".shell [data-do=reload]").await;
        self.until("document.querySelector('#connect')").await;
        self.connect().await;
    }
}

#[tokio::test]
async fn a_download_that_fails_is_told_and_a_reload_starts_the_page() {
    before_the_page(|page| async move {
        for patterns in
            [&["*.wasm"][..], &["*ws-echo-client-*.js"], &["*-initializer.js"], &["*/texts/en.txt"]]
        {
            page.block(patterns).await;
            page.open_until("failed").await;
            page.shows("The page could not start, because a file of it could not be loaded or run.").await;
            no_barrier(&page, "failed").await;
            page.block(&[]).await;
            page.reload_starts().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_download_that_breaks_off_is_told() {
    before_the_page(|page| async move {
        // A body that breaks off behind its first bytes.
        let broken = "{ const real = fetch; window.fetch = async (...all) => { \
                          const { body, headers } = await real(...all), reader = body.getReader(); \
                          const pull = async control => { control.enqueue((await reader.read()).value); \
                                                          control.error(new TypeError('network error')) }; \
                          return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { headers }) } }";
        page.at_start(broken).await;
        page.open_until("failed").await;
        // Progress that is told after the failure once took its sentence away.
        page.eval("void dispatchEvent(new CustomEvent('shell-progress', { detail: { current: 1 } }))").await;
        page.shows("The page could not start").await;
    })
    .await;
}

#[tokio::test]
async fn a_download_that_stalls_is_told_and_may_still_end() {
    before_the_page(|page| async move {
        page.at_start(IMPATIENT).await;
        // Holds back the last part until `release` is called.
        let held = "{ const real = fetch; window.fetch = async (...all) => { \
                        if (String(all[0]).includes('texts')) return real(...all); \
                        const { body, headers } = await real(...all); \
                        const hold = { flush: () => new Promise(done => window.release = done) }; \
                        return new Response(body.pipeThrough(new TransformStream(hold)), { headers }) } }";
        page.at_start(held).await;
        page.open_until("slow").await;
        page.shows("Still loading: no data has arrived for 10 seconds.").await;
        let loaded = page.eval("parseInt(document.querySelector('#loaded').textContent)").await;
        assert!(loaded.as_u64().unwrap() > 100, "the loaded part is known: {loaded}");
        no_barrier(&page, "slow").await;
        page.eval("window.release()").await;
        page.until("document.querySelector('#connect')").await;
        assert_eq!(page.eval("document.querySelector('.shell')").await, json!(null));
    })
    .await;
}

#[tokio::test]
async fn without_web_assembly_the_page_says_so() {
    for script in [
        "delete window.WebAssembly",
        "WebAssembly.instantiate = WebAssembly.instantiateStreaming = \
         async () => { throw new WebAssembly.CompileError('blocked by the policy') }",
    ] {
        before_the_page(async move |page: Page| {
            page.at_start(script).await;
            page.open_until("blocked").await;
            page.shows("this browser does not support WebAssembly or blocks it. reload").await;
        })
        .await;
    }
}

#[tokio::test]
async fn without_scripts_there_is_an_outline_and_a_sentence_in_both_languages() {
    before_the_page(|page| async move {
        page.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true })).await;
        page.client.goto(&page.server.url("/")).await.unwrap();
        page.shows("it needs JavaScript and WebAssembly").await;
        page.shows("需要 JavaScript 和 WebAssembly").await;
        let shown = page.eval(SHOWN).await;
        assert!(!shown.as_str().unwrap().contains("loading"), "nothing is loading: {shown}");
        let field = page.eval("document.querySelector('.shell-field').getBoundingClientRect().width").await;
        assert!(field.as_f64().unwrap() > 300.0, "the outline has a wide field: {field}");
    })
    .await;
}

#[tokio::test]
async fn the_outline_has_the_stored_theme_and_language() {
    on_page(|page| async move {
        page.emulate(1280, 800, "light").await;
        page.choose("#language", "zh-CN").await;
        page.choose("#theme", "dark").await;
        page.until("document.documentElement.dataset.theme === 'dark'").await;
        let background = page.eval("getComputedStyle(document.body).backgroundColor").await;
        page.block(&["*.wasm"]).await;
        page.open_until("failed").await;
        page.shows("页面无法启动").await;
        let shown = page.eval(SHOWN).await;
        assert!(!shown.as_str().unwrap().contains("could not"), "{shown}");
        assert_eq!(page.eval("document.documentElement.lang").await, "zh-CN");
        assert_eq!(page.eval("getComputedStyle(document.body).backgroundColor").await, background);
        no_barrier(&page, "failed in Chinese, dark").await;
    })
    .await;
}
