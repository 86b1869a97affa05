//! Tests of undoing a clear, and of the focus, which nothing may drop.

use futures_util::StreamExt;
use serde_json::json;

use crate::{
    page::{Page, on_page},
    peer::{nobody, peers},
};

impl Page {
    async fn focus(&self, css: &str) {
        self.eval(&format!("document.querySelector('{css}').focus()")).await;
    }

    /// Presses a button that has the focus, as the keyboard does, and waits until the focus is on the element `then`. In one step, because
    /// some buttons come and go by themselves.
    async fn press_and_focus(&self, css: &str, then: &str) {
        let press = "(button => { button.focus(); button.click() })";
        self.eval(&format!("void {press}(document.querySelector('{css}'))")).await;
        self.until(&format!("document.activeElement.matches('{then}')")).await;
    }

    /// Presses a key together with Ctrl, for the whole page.
    async fn press_with_ctrl(&self, key: char) {
        let press = format!("new KeyboardEvent('keydown', {{ key: '{key}', ctrlKey: true, bubbles: true }})");
        self.eval(&format!("document.activeElement.dispatchEvent({press})")).await;
    }
}

#[tokio::test]
async fn a_clear_can_be_undone_with_all_that_it_took() {
    on_page(|page| async move {
        page.connect().await;
        for text in ["one", "two"] {
            page.send(text).await;
        }
        page.click("#clear").await;
        page.until("document.querySelector('#undo-clear')").await;
        assert_eq!(page.text("#received-count").await, "0 messages received");
        page.send("three").await;
        assert_eq!(page.rows().await, ["three"]);
        page.click("#undo-clear").await;
        page.until_count(3).await;
        assert_eq!(page.rows().await, ["one", "two", "three"]);
        assert_eq!(page.text("#sent-count").await, "3 sent");
        let numbers = "[...document.querySelectorAll('#messages > li')].map(row => +row.dataset.number)";
        assert_eq!(page.eval(numbers).await, json!([1, 2, 3, 4, 5, 6, 7]));
        page.until("document.activeElement.id === 'messages'").await;
        page.click("#tab-stats").await;
        page.until("document.querySelector('#figures').textContent.match(/round trip.*3|3/i)").await;
        assert_eq!(page.eval("!!document.querySelector('#undo-clear')").await, false);
    })
    .await;
}

#[tokio::test]
async fn the_keys_undo_a_clear_but_not_in_a_field() {
    on_page(|page| async move {
        page.connect().await;
        page.send("one").await;
        page.press_and_focus("#clear", "#clear").await;
        page.until("document.querySelector('#undo-clear')").await;
        page.focus("#message").await;
        page.press_with_ctrl('z').await;
        page.focus("#tab-messages").await;
        assert_eq!(page.rows().await, [""; 0]);
        page.press_with_ctrl('z').await;
        page.until_count(1).await;
        assert_eq!(page.rows().await, ["one"]);
        // An emptied list has nothing to bring back.
        page.click("#clear").await;
        page.click("#clear").await;
        page.until("!document.querySelector('#undo-clear')").await;
    })
    .await;
}

#[tokio::test]
async fn nothing_drops_the_focus() {
    on_page(|page| async move {
        page.connect().await;
        page.send("one").await;
        page.send("{}").await;
        page.press_and_focus("#clear", "#clear").await;
        page.press_and_focus("#undo-clear", "#messages").await;

        page.find("#messages").await.send_keys("\n").await.unwrap();
        page.until("document.querySelector('#detail')").await;
        page.press_and_focus("#detail-close", "#messages").await;
        page.fill("#filter", "nothing like it").await;
        page.until("document.querySelector('#clear-filter')").await;
        page.press_and_focus("#clear-filter", "#messages").await;
        page.press_and_focus("#pause", "#pause").await;
        page.press_and_focus("#pause", "#pause").await;

        page.show("snippets").await;
        page.save_snippet("a", "a").await;
        page.save_snippet("b", "b").await;
        page.press_and_focus("#snippet-list .delete", "#snippet-undo").await;
        page.press_and_focus("#snippet-undo", "#snippet-name").await;
        page.press_and_focus("#snippet-list .delete", "#snippet-undo").await;
        page.press_and_focus("#snippet-list .send", ".send").await;
        page.press_and_focus("#snippet-list .load", ".load").await;
        // The button for undoing goes with the next message of the panel.
        page.press_and_focus("#snippet-list .delete", "#snippet-undo").await;
        page.press_and_focus("#forget", "#forget").await;
        page.hide().await;

        page.show("recent").await;
        page.press_and_focus("#recent li button:last-child", "#recent-list").await;
        page.hide().await;

        page.focus("#show-close-menu").await;
        page.show("close-menu").await;
        page.press_and_focus("[data-code=\"4001\"]", "#connect").await;
        page.until_phase("closed").await;
        page.press_and_focus("#connect", "#connect").await;
        page.until_phase("open").await;
        page.press_and_focus("#connect", "#connect").await;
        page.until_phase("closed").await;

        let url = peers(|_, mut socket| async move {
            // The first connection is dropped by a message.
            socket.next().await;
        })
        .await;
        page.show("options").await;
        page.click("#reconnect").await;
        page.hide().await;
        page.eval("Math.random = () => 1").await;
        page.connect_to(&url).await;
        page.until_phase("open").await;
        page.click("#send").await;
        page.until("document.querySelector('#reconnect-now')").await;
        page.press_and_focus("#stop-reconnect", "#connect").await;

        let place = nobody().await.replace("ws://", "");
        page.connect_to(&place).await;
        page.until("document.querySelector('#try-other')").await;
        page.press_and_focus("#try-other", "#connect").await;
    })
    .await;
}

#[tokio::test]
async fn the_icon_of_the_tab_tells_the_state() {
    on_page(|page| async move {
        let icon = "document.querySelector('link[rel~=icon]').href";
        page.until(&format!("{icon}.startsWith('data:image/svg+xml,') && !{icon}.includes('circle')")).await;
        page.connect().await;
        page.until(&format!("{icon}.includes('22c55e')")).await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        page.until(&format!("!{icon}.includes('circle')")).await;
        page.connect_to(&nobody().await).await;
        page.until(&format!("{icon}.includes('dc2626')")).await;
        // The browser can draw it.
        let drawn = "(async icon => { const image = new Image(); image.src = icon; await image.decode(); return image.width })";
        page.eval(&format!("void {drawn}({icon}).then(width => window.drawn = width)")).await;
        page.until("window.drawn > 0").await;
        assert_eq!(page.console_errors().await.iter().filter(|error| error.contains("icon")).count(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_options_have_command_lines_for_what_a_browser_cannot_do() {
    on_page(|page| async move {
        page.fill("#url", "ws://a.test:81/it's?b&c").await;
        page.show("options").await;
        page.fill("#protocols", "chat, v2").await;
        let lines = "[...document.querySelectorAll('#elsewhere code')].map(code => code.textContent)";
        page.until(&format!("{lines}[1].includes('v2')")).await;
        assert_eq!(
            page.eval(lines).await,
            json!([
                r"websocat '--protocol=chat,v2' -H 'Authorization: Bearer TOKEN' 'ws://a.test:81/it'\''s?b&c'",
                r"wscat '--subprotocol=chat' '--subprotocol=v2' -H 'Authorization: Bearer TOKEN' -c 'ws://a.test:81/it'\''s?b&c'",
            ])
        );
        page.click("#elsewhere button").await;
        page.until("document.querySelector('#elsewhere [role=status]').textContent === 'copied'").await;
    })
    .await;
}
