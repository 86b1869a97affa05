//! Tests of the filter. No expression and no message may block the page.

use serde_json::json;

use crate::page::{Page, on_page};

impl Page {
    pub async fn filter(&self, typed: &str) {
        let script = "const field = document.querySelector('#filter'); field.value = arguments[0]; \
                      field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
        self.client.execute(script, vec![json!(typed)]).await.unwrap();
    }

    pub async fn until_filter_says(&self, text: &str) {
        let said = "document.querySelector('#filter-result').textContent";
        self.until(&format!("{said} === {}", json!(text))).await;
    }
}

const STOPPED: &str = "The regular expression was stopped: one part of the messages took it over 2 s. \
                       Nested repetition, as in (a+)+, does that.";

/// Regression test: the expression takes 2^30 and 2^40 steps. In the page's own thread, the first took 24 s and the second lost
/// the log.
#[tokio::test]
async fn a_regular_expression_that_backtracks_is_stopped_and_the_page_goes_on() {
    on_page(|page| async move {
        page.connect().await;
        for count in [30, 40] {
            page.send(&("a".repeat(count) + "!")).await;
        }
        // Measures the longest time between two turns of the page's thread.
        page.eval(
            "void (window.still = 0, window.turn = performance.now(), setInterval(() => { \
             const now = performance.now(); still = Math.max(still, now - turn); turn = now; }, 10))",
        )
        .await;
        page.filter("/^(a+)+$/").await;
        page.send("meanwhile").await;
        page.until_filter_says(STOPPED).await;
        assert_eq!(page.find("#filter").await.attr("aria-invalid").await.unwrap().as_deref(), Some("true"));

        for (typed, hits) in
            [("/^a+!$/", "4 of 7 entries match"), ("/^(a+)+$/", STOPPED), ("mean", "2 of 7 entries match")]
        {
            page.filter(typed).await;
            page.until_filter_says(hits).await;
        }
        assert_eq!(page.find("#filter").await.attr("aria-invalid").await.unwrap(), None);
        page.filter("").await;
        page.until("document.querySelectorAll('#messages > li[data-kind]').length === 6").await;
        let still = page.eval("still").await.as_f64().unwrap();
        assert!(still < 1_000.0, "the page stood still for {still} ms");
    })
    .await;
}

/// Expressions that were replaced while typing must not delay the last one.
#[tokio::test]
async fn another_expression_takes_the_place_of_one_that_backtracks() {
    on_page(|page| async move {
        page.connect().await;
        page.send(&("a".repeat(40) + "!")).await;
        for _ in 0..5 {
            page.filter("/^(a+)+$/").await;
            page.filter("/^a+!/").await;
        }
        page.until_filter_says("2 of 3 entries match").await;
    })
    .await;
}

/// Browsers reject some expressions only at their first use.
#[tokio::test]
async fn an_expression_that_the_browser_gives_up_is_told() {
    on_page(|page| async move {
        page.connect().await;
        page.send("a").await;
        page.filter(&format!("/{}{}/", "(".repeat(20_000), ")".repeat(20_000))).await;
        page.until("document.querySelector('#filter').getAttribute('aria-invalid') === 'true'").await;
        let said = page.text("#filter-result").await;
        assert!(
            said.starts_with("The regular expression could not be matched: ") && said.len() < 300,
            "{said}"
        );
        page.filter("/^a/").await;
        page.until_filter_says("2 of 3 entries match").await;
    })
    .await;
}

#[tokio::test]
async fn every_message_is_matched_as_it_is() {
    on_page(|page| async move {
        page.connect().await;
        for text in ["\u{feff}mark", "", "two\nlines", "🦀", "nul\0"] {
            page.send(text).await;
        }
        for (typed, hits) in [
            ("/^\\ufeffmark$/", 2),
            ("/^$/", 2),
            ("/o\\nl/", 2),
            ("/^.$/u", 2),
            ("/\\0/", 2),
            ("/(?<=tw)o/", 2),
            ("/(.)\\1/", 1),
            ("/./gy", 9),
        ] {
            page.filter(typed).await;
            page.until_filter_says(&format!("{hits} of 11 entries match")).await;
        }
    })
    .await;
}

/// The filter applies to messages from before and after it was set.
#[tokio::test]
async fn a_regular_expression_goes_on_with_what_comes() {
    on_page(|page| async move {
        page.connect().await;
        page.send("first 1").await;
        page.filter("/\\d$/").await;
        page.until_filter_says("2 of 3 entries match").await;
        page.send("none").await;
        page.send("second 2").await;
        page.until_filter_says("4 of 7 entries match").await;
        assert_eq!(page.rows().await, ["first 1", "second 2"]);
    })
    .await;
}

#[tokio::test]
async fn without_its_worker_the_filter_says_so() {
    on_page(|page| async move {
        let script = "const Real = Worker; window.Worker = function (path, options) { \
                      return new Real(path.startsWith('filter') ? 'gone.js' : path, options) }";
        page.at_start(script).await;
        page.open().await;
        page.connect().await;
        page.send("a").await;
        page.filter("/a/").await;
        page.until_filter_says(
            "The filter cannot be applied: the page's file filter-worker.js could not be loaded. Is its server still there?",
        )
        .await;
        page.filter("a").await;
        page.until_filter_says("3 of 3 entries match").await;
    })
    .await;
}

/// Search of a long text in a long text in which nearly every position is a partial match.
#[tokio::test]
async fn a_text_that_nearly_matches_everywhere_is_looked_for_in_time() {
    on_page(|page| async move {
        page.connect().await;
        page.send(&"a".repeat(1 << 20)).await;
        let before = page.eval("performance.now()").await.as_f64().unwrap();
        page.filter(&("a".repeat(1 << 15) + "b")).await;
        page.until_filter_says("0 of 3 entries match").await;
        let took = page.eval("performance.now()").await.as_f64().unwrap() - before;
        assert!(took < 5_000.0, "{took} ms");
    })
    .await;
}
