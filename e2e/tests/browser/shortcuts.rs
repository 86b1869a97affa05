//! Tests of the page's keyboard shortcuts, and of the dialog that lists them.

use fantoccini::key::Key;
use serde_json::json;

use crate::page::{Page, on_page};

async fn press(page: &Page, keys: &str) {
    page.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

async fn focused(page: &Page) -> String {
    page.eval("document.activeElement.id").await.as_str().unwrap().to_owned()
}

async fn is_open(page: &Page) -> bool {
    page.eval("document.querySelector('#shortcuts').open").await.as_bool().unwrap()
}

#[tokio::test]
async fn the_list_opens_by_its_key_and_the_focus_comes_back() {
    on_page(|page| async move {
        page.eval("document.querySelector('#messages').focus()").await;
        press(&page, "?").await;
        page.until("document.querySelector('#shortcuts').open").await;
        assert!(page.text("#shortcuts").await.contains("Keyboard shortcuts"));
        assert_eq!(
            page.eval("document.activeElement.closest('dialog')?.id").await,
            "shortcuts",
            "it has the focus"
        );
        // Shortcuts have no effect in the dialog.
        press(&page, "?").await;
        press(&page, "/").await;
        press(&page, &Key::Escape.to_string()).await;
        page.until("!document.querySelector('#shortcuts').open").await;
        assert_eq!(focused(&page).await, "messages");
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_list_opens_and_closes_by_buttons() {
    on_page(|page| async move {
        page.click("#show-shortcuts").await;
        page.until("document.querySelector('#shortcuts').open").await;
        page.click("#shortcuts button").await;
        page.until("!document.querySelector('#shortcuts').open").await;
        assert_eq!(focused(&page).await, "show-shortcuts");
    })
    .await;
}

#[tokio::test]
async fn in_a_field_the_keys_are_letters() {
    on_page(|page| async move {
        for field in ["#message", "#url"] {
            page.fill(field, "?/").await;
            assert_eq!(page.find(field).await.prop("value").await.unwrap().unwrap(), "?/");
            assert!(!is_open(&page).await, "{field}");
            assert_eq!(focused(&page).await, field[1..]);
        }
    })
    .await;
}

/// Presses keys with a script that returns the cases in which the page handled a key or not, unlike expected.
#[tokio::test]
async fn a_key_that_belongs_elsewhere_is_left_alone() {
    on_page(|page| async move {
        let wrong = page
            .eval(
                r"(() => {
                    const press = (target, init) => !target.dispatchEvent(
                        new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
                    const wrong = [];
                    for (const key of ['?', '/']) {
                        for (const flag of ['ctrlKey', 'altKey', 'metaKey', 'repeat', 'isComposing']) {
                            if (press(document.body, { key, [flag]: true })) wrong.push([key, flag]);
                        }
                    }
                    for (const key of ['a', 'Enter', 'Escape', '']) {
                        if (press(document.body, { key })) wrong.push(key);
                    }
                    const takes = {
                        '<textarea>': false, '<select>': false, '<p contenteditable>': false, '<input readonly>': false,
                        '<input>': false, '<input type=search>': false, '<input type=number>': false, '<input type=novel>': false,
                        '<input type=checkbox>': true, '<input type=RADIO>': true, '<button>': true, '<p>': true,
                    };
                    for (const [html, expected] of Object.entries(takes)) {
                        const place = document.body.appendChild(document.createElement('div'));
                        place.innerHTML = html;
                        if (press(place.firstChild, { key: '/' }) !== expected) wrong.push(html);
                        place.remove();
                    }
                    return wrong;
                })()",
            )
            .await;
        assert_eq!(wrong, json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_slash_goes_to_the_filter_and_is_not_written() {
    on_page(|page| async move {
        // The filter belongs to the tab of the messages, which is shown then.
        page.click("#tab-stats").await;
        press(&page, "/").await;
        page.until("document.activeElement.id === 'filter'").await;
        page.connect().await;
        page.send("hello").await;
        page.eval("document.querySelector('#messages').focus()").await;
        press(&page, &(Key::Control + "/")).await;
        assert_eq!(focused(&page).await, "messages", "with Ctrl it is another key");
        press(&page, "/").await;
        page.until("document.activeElement.id === 'filter'").await;
        assert_eq!(page.find("#filter").await.prop("value").await.unwrap().unwrap(), "");
        press(&page, "/").await;
        assert_eq!(page.find("#filter").await.prop("value").await.unwrap().unwrap(), "/");
    })
    .await;
}
