//! Tests of accessibility: keyboard, screen reader and phone.

use fantoccini::key::Key;

use crate::page::{Page, on_page};

async fn press(page: &Page, key: Key) {
    page.client.active_element().await.unwrap().send_keys(&key.to_string()).await.unwrap();
}

async fn focused(page: &Page) -> String {
    page.eval("document.activeElement.id").await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    on_page(|page| async move {
        let mut reached = Vec::new();
        for _ in 0..9 {
            press(&page, Key::Tab).await;
            reached.push(focused(&page).await);
        }
        for id in ["url", "connect", "message", "send"] {
            assert!(reached.iter().any(|have| have == id), "{id} in {reached:?}");
        }
        for key in [Key::Enter, Key::Space] {
            page.eval("document.querySelector('#connect').focus()").await;
            press(&page, key).await;
            page.until_phase("open").await;
            assert_eq!(focused(&page).await, "connect", "the focus stays");
            press(&page, key).await;
            page.until_phase("closed").await;
            assert_eq!(focused(&page).await, "connect", "the focus stays");
        }
        page.eval("document.querySelector('#url').focus()").await;
        press(&page, Key::Enter).await;
        page.until_phase("open").await;
    })
    .await;
}

#[tokio::test]
async fn the_focus_can_be_seen() {
    on_page(|page| async move {
        for _ in 0..4 {
            press(&page, Key::Tab).await;
            let style = page
                .eval("(s => s.outlineStyle + s.boxShadow)(getComputedStyle(document.activeElement))")
                .await;
            assert_ne!(style, "nonenone", "{}", focused(&page).await);
        }
    })
    .await;
}

#[tokio::test]
async fn controls_have_names_and_notices_are_live() {
    on_page(|page| async move {
        assert_eq!(page.eval("document.documentElement.lang").await, "en");
        assert_eq!(page.eval("document.querySelector('#notice').getAttribute('role')").await, "status");
        for (css, name) in [("#url", "URL"), ("#message", "message")] {
            let label = page.eval(&format!("document.querySelector('{css}').labels[0].textContent")).await;
            assert!(label.as_str().unwrap().to_lowercase().contains(&name.to_lowercase()), "{css}: {label}");
        }
        assert_eq!(page.eval("document.querySelector('#connect').getAttribute('role')").await, "button");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_wider_than_a_phone() {
    on_page(|page| async move {
        page.connect().await;
        page.send(&"W".repeat(5_000)).await;
        page.send("https://example.com/a/very/long/path/without/any/place/to/break/it/at/all/index.html?query=string").await;
        for width in [320, 360, 1280, 1920] {
            page.emulate(width, 740, "light").await;
            page.until(&format!("innerWidth === {width}")).await;
            let wide = page.eval("document.documentElement.scrollWidth").await;
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{wide} at {width}");
        }
        let whole = page.eval("(m => m.getBoundingClientRect().width / m.parentElement.clientWidth)(document.querySelector('#message'))").await;
        assert!(whole.as_f64().unwrap() > 0.9, "the textarea is as wide as its place: {whole}");
    })
    .await;
}

#[tokio::test]
async fn light_and_dark_follow_the_system() {
    on_page(|page| async move {
        let mut backgrounds = Vec::new();
        for scheme in ["light", "dark"] {
            page.emulate(1280, 800, scheme).await;
            page.until(&format!("matchMedia('(prefers-color-scheme: {scheme})').matches")).await;
            backgrounds.push(page.eval("getComputedStyle(document.body).backgroundColor").await);
        }
        assert_ne!(backgrounds[0], backgrounds[1]);
    })
    .await;
}
