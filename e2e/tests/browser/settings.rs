//! Tests of the settings for language, colours and times, which are stored.

use serde_json::json;

use crate::page::on_page;

#[tokio::test]
async fn every_word_changes_with_the_language_and_stays_changed() {
    on_page(|page| async move {
        page.show("settings").await;
        page.choose("#language", "zh-CN").await;
        page.until("document.documentElement.lang === 'zh-CN'").await;
        assert_eq!(page.text("#connect").await, "连接");
        page.open().await;
        assert_eq!(page.text("#send").await, "发送");
        page.click("#connect").await;
        page.until_phase("open").await;
        assert_eq!(page.text("#notice").await, "连接成功");
        assert_eq!(page.eval("document.querySelector('#language').value").await, "zh-CN");
    })
    .await;
}

#[tokio::test]
async fn a_language_whose_texts_do_not_load_is_told_and_can_be_chosen_again() {
    on_page(|page| async move {
        page.show("settings").await;
        page.block(&["*/texts/zh-CN.txt"]).await;
        page.choose("#language", "zh-CN").await;
        page.until("document.querySelector('#language-problem')?.textContent.startsWith('The texts in this language could not be')").await;
        assert_eq!(page.text("#connect").await, "connect");
        assert_eq!(page.eval("document.documentElement.lang").await, "en");
        page.block(&[]).await;
        page.choose("#language", "en").await;
        page.until("!document.querySelector('#language-problem')").await;
        page.choose("#language", "zh-CN").await;
        page.until("document.documentElement.lang === 'zh-CN'").await;
        assert_eq!(page.text("#connect").await, "连接");
    })
    .await;
}

#[tokio::test]
async fn the_colours_can_be_set_against_the_system() {
    on_page(|page| async move {
        page.emulate(1280, 800, "light").await;
        let background = "getComputedStyle(document.body).backgroundColor";
        let light = page.eval(background).await;
        page.choose("#theme", "dark").await;
        page.until(&format!("{background} !== '{}'", light.as_str().unwrap())).await;
        let dark = page.eval(background).await;
        page.open().await;
        page.until(&format!("{background} === '{}'", dark.as_str().unwrap())).await;
        page.emulate(1280, 800, "dark").await;
        page.choose("#theme", "light").await;
        page.until(&format!("{background} === '{}'", light.as_str().unwrap())).await;
    })
    .await;
}

#[tokio::test]
async fn times_can_be_those_since_the_first_row() {
    on_page(|page| async move {
        page.connect().await;
        page.send("a").await;
        page.choose("#times", "relative").await;
        page.until("document.querySelector('#messages time').textContent === '+0.000'").await;
    })
    .await;
}

#[tokio::test]
async fn a_number_that_does_not_do_is_told_and_not_taken() {
    on_page(|page| async move {
        page.show("settings").await;
        page.fill("#max-messages", "12\n").await;
        page.until("document.querySelector('#max-messages').getAttribute('aria-invalid') === 'true'").await;
        assert_eq!(page.text("#max-messages-problem").await, "A whole number from 100 to 2000000.");
        page.fill("#max-messages", "500\n").await;
        page.until("!document.querySelector('#max-messages').getAttribute('aria-invalid')").await;
        page.open().await;
        assert_eq!(page.eval("document.querySelector('#max-messages').value").await, "500");
    })
    .await;
}

#[tokio::test]
async fn damaged_or_forbidden_storage_breaks_nothing() {
    on_page(|page| async move {
        for damaged in ["", "{", "[]", "{\"version\":99}", "{\"version\":1,\"theme\":[],\"maxMessages\":-1}"] {
            let script = "for (const name of ['settings', ...Object.keys(localStorage).map(key => key.slice(8))]) \
                          localStorage.setItem('ws-echo.' + name, arguments[0])";
            page.client.execute(script, vec![damaged.into()]).await.unwrap();
            page.open().await;
            page.connect().await;
            page.send("works").await;
        }
        // A browser that forbids storage throws at the first access, and one whose storage is full throws at a write.
        for broken in ["get() { throw new DOMException('denied') }", "value: { getItem() { return null }, setItem() { throw new DOMException('full') } }"] {
            let script = format!("Object.defineProperty(window, 'localStorage', {{ configurable: true, {broken} }})");
            page.at_start(&script).await;
            page.open().await;
            page.connect().await;
            page.send("works").await;
            page.show("settings").await;
            page.choose("#theme", "dark").await;
            page.until("document.documentElement.dataset.theme === 'dark'").await;
            let said = page.text("#settings").await;
            assert!(said.contains("keeps no settings"), "{said}");
        }
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_a_later_version_stored_is_read_as_far_as_it_is_known_and_stays() {
    on_page(|page| async move {
        let later = json!({ "version": 2, "language": "zh-CN", "theme": "sepia", "maxMessages": 500, "density": [1] });
        let script = "localStorage.setItem('ws-echo.settings', arguments[0])";
        page.client.execute(script, vec![later.to_string().into()]).await.unwrap();
        page.open().await;
        page.until("document.documentElement.lang === 'zh-CN'").await;
        assert_eq!(page.eval("document.querySelector('#max-messages').value").await, "500");
        page.choose("#language", "en").await;
        page.until("document.documentElement.lang === 'en'").await;
        let stored = page.eval("JSON.parse(localStorage.getItem('ws-echo.settings'))").await;
        for name in ["version", "theme", "maxMessages", "density"] {
            assert_eq!(stored[name], later[name], "{name}");
        }
        assert_eq!(stored["language"], "en");
    })
    .await;
}

/// The style sheets animate only if the system does not prefer reduced motion.
#[tokio::test]
async fn nothing_moves_where_that_is_not_wanted() {
    on_page(|page| async move {
        page.connect().await;
        for (preference, moves) in [("no-preference", true), ("reduce", false)] {
            let features = json!({ "features": [{ "name": "prefers-reduced-motion", "value": preference }] });
            page.devtools("Emulation.setEmulatedMedia", &features).await;
            let moving = "[...document.querySelectorAll('*')].some(element => (style => \
                          style.animationName !== 'none' || style.transitionDuration !== '0s' || style.scrollBehavior === 'smooth')\
                          (getComputedStyle(element)))";
            assert_eq!(page.eval(moving).await, moves, "{preference}");
        }
    })
    .await;
}

#[tokio::test]
async fn times_can_be_those_since_the_row_above() {
    on_page(|page| async move {
        page.connect().await;
        page.send("a").await;
        page.send("b").await;
        page.choose("#times", "previous").await;
        page.until("document.querySelector('#messages time').textContent === '+0.000'").await;
        let sum = "[...document.querySelectorAll('#messages time')].reduce((sum, time) => sum + parseFloat(time.textContent), 0)";
        let sum = page.eval(sum).await.as_f64().unwrap();
        page.choose("#times", "relative").await;
        let last = "parseFloat([...document.querySelectorAll('#messages time')].at(-1).textContent)";
        page.until(&format!("Math.abs({last} - {sum}) < 0.01")).await;
    })
    .await;
}
