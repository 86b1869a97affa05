//! Tests of the layout: one screen, on which nothing moves.

use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
};
use serde_json::{Value, json};

use crate::{
    page::{Page, on_page},
    peer::nobody,
};

/// Panels that open over the page.
const PANELS: [&str; 7] = ["recent", "options", "settings", "state-details", "snippets", "repeat", "more"];

/// Returns the distance of the list from the top of the page, and its height, in CSS pixels.
async fn list(page: &Page) -> (f64, f64) {
    let list =
        "(box => [box.top + scrollY, box.height])(document.querySelector('#view').getBoundingClientRect())";
    serde_json::from_value(page.eval(list).await).unwrap()
}

/// Returns the boxes of the parts that must not move.
async fn boxes(page: &Page) -> Value {
    page.eval(
        "['#url', '#connect', '#show-options', '#state', '#message', '#send', '#show-repeat', '.tabs', '#filter', '#view', '.foot']\
         .map(css => (b => [css, b.x, b.y, b.width, b.height].join(' '))(document.querySelector(css).getBoundingClientRect()))",
    )
    .await
}

/// Presses Tab without an element as its target: a file input would take the key for the name of a file.
async fn press_tab(page: &Page) {
    let key = Key::Tab.into();
    let keys = KeyActions::new("keys".to_owned())
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key });
    page.client.perform_actions(keys).await.unwrap();
}

async fn resize(page: &Page, width: u32, height: u32) {
    page.emulate(width, height, "light").await;
    page.until(&format!("innerWidth === {width} && innerHeight === {height}")).await;
}

/// Fails if the list begins below `top`, or has less than `share` of the window.
async fn has_its_place(page: &Page, state: &str, top: f64, share: f64) {
    let (begin, height) = list(page).await;
    let window = page.eval("innerHeight").await.as_f64().unwrap();
    assert!(
        begin <= top && height >= share * window,
        "{state}: the list begins at {begin} and is {height} high"
    );
}

#[tokio::test]
async fn the_list_has_most_of_the_window_and_nothing_moves() {
    for (width, height, top, share) in [(1280, 800, 290.0, 0.6), (390, 844, 480.0, 0.3)] {
        on_page(move |page| async move {
            resize(&page, width, height).await;
            let idle = boxes(&page).await;
            has_its_place(&page, "idle", top, share).await;
            for panel in PANELS {
                page.show(panel).await;
                assert_eq!(boxes(&page).await, idle, "{panel}");
                page.hide().await;
            }
            page.connect().await;
            page.send("hello").await;
            assert_eq!(boxes(&page).await, idle, "open");
            page.click("#connect").await;
            page.until_phase("closed").await;
            assert_eq!(boxes(&page).await, idle, "closed");
            page.click("#clear").await;
            page.connect_to(&nobody().await).await;
            page.until("document.querySelector('#failure')").await;
            assert_eq!(boxes(&page).await, idle, "refused");
            page.connect_to("http://localhost/").await;
            page.until("document.querySelector('#url-problem')").await;
            assert_eq!(boxes(&page).await, idle, "bad URL");
        })
        .await;
    }
}

#[tokio::test]
async fn nothing_moves_while_reconnecting() {
    on_page(|page| async move {
        resize(&page, 390, 844).await;
        let idle = boxes(&page).await;
        page.eval("Math.random = () => 1").await;
        page.show("options").await;
        page.click("#reconnect").await;
        page.hide().await;
        page.connect_to(&nobody().await).await;
        page.until("document.querySelector('#reconnect-now')").await;
        assert_eq!(boxes(&page).await, idle);
        assert_eq!(page.eval("document.documentElement.scrollWidth").await, 390);
    })
    .await;
}

#[tokio::test]
async fn a_low_window_scrolls_and_the_list_keeps_its_height() {
    on_page(|page| async move {
        for (width, height) in [(640, 400), (320, 568)] {
            resize(&page, width, height).await;
            let (_, list) = list(&page).await;
            assert!(list >= 200.0, "{list} at {width} x {height}");
            assert!(page.eval("document.documentElement.scrollHeight > innerHeight").await == json!(true));
            assert_eq!(page.eval("document.documentElement.scrollWidth").await, width);
        }
    })
    .await;
}

#[tokio::test]
async fn the_textarea_is_as_wide_as_the_window_and_keeps_its_height() {
    on_page(|page| async move {
        for width in [390, 1280, 1920] {
            resize(&page, width, 800).await;
            let free = page.eval("innerWidth - document.querySelector('#message').offsetWidth").await;
            assert!(free.as_f64().unwrap() <= 32.0, "{free} px are free at {width}");
        }
        page.eval("void (document.querySelector('#message').style.height = '150px')").await;
        page.until("localStorage.getItem('ws-echo.message-height') === '150'").await;
        page.open().await;
        page.until("document.querySelector('#message').offsetHeight === 150").await;
    })
    .await;
}

#[tokio::test]
async fn tab_goes_in_the_order_that_is_seen() {
    on_page(|page| async move {
        page.connect().await;
        page.paste("{}").await;
        page.send("hello").await;
        page.eval("document.activeElement.blur()").await;
        let mut before = (f64::MIN, f64::MIN, String::new());
        for _ in 0..22 {
            press_tab(&page).await;
            let script = "(e => (b => [Math.round((b.top + b.bottom) / 2), b.left, e.id])(e.getBoundingClientRect()))(document.activeElement)";
            let at: (f64, f64, String) = serde_json::from_value(page.eval(script).await).unwrap();
            if at.2.is_empty() && at.1 == 0.0 {
                break;
            }
            // Elements of one row have nearly the same centre.
            assert!(at.0 > before.0 + 8.0 || at.1 >= before.1, "{} comes after {}", at.2, before.2);
            before = at;
        }
        assert!(["messages", "view", "tab-messages"].iter().any(|id| before.2 == *id), "{}", before.2);
    })
    .await;
}

#[tokio::test]
async fn what_is_open_closes_by_escape_and_by_back_and_returns_the_focus() {
    on_page(|page| async move {
        for panel in PANELS {
            page.show(panel).await;
            page.until("history.state === true").await;
            page.client.active_element().await.unwrap().send_keys(&Key::Escape.to_string()).await.unwrap();
            page.until("!document.querySelector(':popover-open') && history.state === null").await;
            let opener = page.eval("document.activeElement.getAttribute('popovertarget')").await;
            assert_eq!(opener, panel, "the focus is back");

            page.show(panel).await;
            page.until("history.state === true").await;
            page.client.back().await.unwrap();
            page.until("!document.querySelector(':popover-open') && history.state === null").await;
        }
        page.click("#show-shortcuts").await;
        page.until("document.querySelector('#shortcuts').open && history.state === true").await;
        page.client.back().await.unwrap();
        page.until("!document.querySelector('#shortcuts').open && history.state === null").await;
        assert_eq!(page.eval("document.activeElement.id").await, "show-shortcuts");

        // From one to the next there is one entry.
        page.show("options").await;
        page.click("#show-settings").await;
        page.until("!document.querySelector('#options:popover-open') && history.state === true").await;
        page.client.back().await.unwrap();
        page.until("!document.querySelector(':popover-open') && history.state === null").await;
        assert_eq!(
            page.eval("document.querySelector('#connect') !== null").await,
            true,
            "the page is the same"
        );
    })
    .await;
}

#[tokio::test]
async fn panels_fit_every_window() {
    on_page(|page| async move {
        for (width, height) in [(320, 568), (390, 844), (768, 1024), (1280, 800)] {
            resize(&page, width, height).await;
            for panel in PANELS {
                let fits = page
                    .eval(&format!(
                        "(panel => {{ panel.showPopover(); const box = panel.getBoundingClientRect();\
                         const fits = box.x >= 0 && box.right <= innerWidth && box.y >= 0 && box.bottom <= innerHeight\
                                      && panel.scrollWidth <= panel.clientWidth;\
                         panel.hidePopover(); return fits; }})(document.querySelector('#{panel}'))"
                    ))
                    .await;
                assert_eq!(fits, json!(true), "{panel} at {width} x {height}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_tools_of_a_tab_stand_in_its_row() {
    on_page(|page| async move {
        for (width, height) in [(390, 844), (1280, 800)] {
            resize(&page, width, height).await;
            for (tab, tool) in [("#tab-stats", "#reset-figures"), ("#tab-messages", "#filter")] {
                page.click(tab).await;
                page.until(&format!("document.querySelector('{tool}')")).await;
                let above = page
                    .eval(&format!(
                        "document.querySelector('{tool}').getBoundingClientRect().bottom\
                         <= document.querySelector('#view').getBoundingClientRect().top"
                    ))
                    .await;
                assert_eq!(above, json!(true), "{tool} at {width}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn tabs_are_chosen_by_arrow_keys() {
    on_page(|page| async move {
        page.eval("document.querySelector('#tab-messages').focus()").await;
        for (key, tab, shown, hidden) in [
            (Key::Right, "tab-stats", "figures", "panel-messages"),
            (Key::Right, "tab-lab", "lab", "figures"),
            (Key::Right, "tab-wire", "wire", "lab"),
            (Key::Right, "tab-messages", "panel-messages", "wire"),
            (Key::Left, "tab-wire", "wire", "panel-messages"),
            (Key::Home, "tab-messages", "panel-messages", "wire"),
            (Key::End, "tab-wire", "wire", "panel-messages"),
        ] {
            page.client.active_element().await.unwrap().send_keys(&key.to_string()).await.unwrap();
            page.until(&format!(
                "document.activeElement.id === '{tab}' && document.activeElement.ariaSelected === 'true' && \
                 document.activeElement.getAttribute('aria-controls') === '{shown}' && \
                 getComputedStyle(document.querySelector('#{shown}')).visibility === 'visible' && \
                 getComputedStyle(document.querySelector('#{hidden}')).visibility === 'hidden'"
            ))
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_opens_beside_the_list_and_its_width_is_remembered() {
    on_page(|page| async move {
        resize(&page, 1280, 800).await;
        page.connect().await;
        page.send("{\"a\": 1}").await;
        let before = list(&page).await;
        page.click("#messages > li[data-kind]").await;
        page.until("document.querySelector('section#detail')").await;
        assert_eq!(list(&page).await, before, "the list has its height");
        let width = "document.querySelector('#detail').offsetWidth";
        let first = page.eval(width).await.as_f64().unwrap();
        let drag = "const boundary = document.querySelector('#boundary'), b = boundary.getBoundingClientRect();
            boundary.setPointerCapture = () => {};
            const tell = (kind, clientX) => boundary.dispatchEvent(new PointerEvent(kind, { clientX, pointerId: 1, bubbles: true }));
            const [done] = arguments;
            tell('pointerdown', b.x);
            setTimeout(() => { tell('pointermove', b.x + 100); setTimeout(() => { tell('pointerup', b.x + 100); done() }, 50) }, 50)";
        page.client.execute_async(drag, vec![]).await.unwrap();
        page.until(&format!("Math.abs({width} - {}) < 20", first - 100.0)).await;
        page.find("#boundary").await.send_keys(&Key::Left.to_string()).await.unwrap();
        page.until(&format!("Math.abs({width} - {}) < 20", first - 68.0)).await;
        let dragged = page.eval(width).await;
        page.open().await;
        page.connect().await;
        page.send("again").await;
        page.click("#messages > li[data-kind]").await;
        page.until(&format!("document.querySelector('#detail')?.offsetWidth === {dragged}")).await;
    })
    .await;
}

#[tokio::test]
async fn on_a_narrow_window_a_message_opens_over_the_list() {
    on_page(|page| async move {
        resize(&page, 390, 844).await;
        page.connect().await;
        page.send("hello").await;
        for close in ["escape", "back", "button"] {
            page.click("#messages > li[data-kind]").await;
            page.until("document.querySelector('dialog#detail')?.open && history.state === true").await;
            assert_eq!(page.eval("document.querySelector('#detail').matches(':modal')").await, true);
            match close {
                "escape" => page.find("#detail").await.send_keys(&Key::Escape.to_string()).await.unwrap(),
                "back" => page.client.back().await.unwrap(),
                _ => page.click("#detail-close").await,
            }
            page.until("!document.querySelector('#detail') && document.activeElement.id === 'messages' && history.state === null")
                .await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_explained_until_there_are_messages() {
    on_page(|page| async move {
        page.connect_to(&nobody().await).await;
        page.until("document.querySelector('#failure')").await;
        let said = page.text("#failure").await;
        assert!(
            said.contains("1006") && said.contains("could not connect") && said.contains("No server there"),
            "{said}"
        );
        let line = page.eval("document.querySelector('#state').offsetHeight").await;
        assert!(line.as_f64().unwrap() <= 40.0, "one line: {line}");
        page.connect_to(&format!("ws://{}/echo", page.server.address)).await;
        page.until("!document.querySelector('#failure')").await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        assert_eq!(page.eval("document.querySelector('#failure')").await, Value::Null, "that was wanted");
    })
    .await;
}

/// Script that returns the controls whose borders or marks differ from their surroundings by less than 3 : 1. WCAG 1.4.11 asks
/// for it, and axe-core does not check it.
const FAINT: &str = "
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data] };
    const luminance = ([r, g, b]) => { const part = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) };
    const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((a, b) => b - a); return (x + 0.05) / (y + 0.05) };
    const behind = element => { for (; element; element = element.parentElement) {
        const colour = rgba(getComputedStyle(element).backgroundColor); if (colour[3] === 255) return colour } return [255, 255, 255, 255] };
    const faint = [], check = (element, what, colour, ground) => { const ratio = contrast(rgba(colour), ground);
        if (ratio < 3) faint.push(`${element.tagName}#${element.id}.${element.className} ${what}: ${ratio.toFixed(2)}`) };
    const seen = css => [...document.querySelectorAll(css)].filter(e => e.checkVisibility({ visibilityProperty: true }) && e.offsetWidth > 2);
    for (const e of seen('input:not([type=file]), select, textarea, .choices, #connect, #send, #show-options'))
        check(e, 'border', getComputedStyle(e).borderTopColor, behind(e.parentElement));
    for (const e of seen('[aria-pressed=true], [aria-selected=true], [data-current]')) {
        const mark = getComputedStyle(e).boxShadow.match(/(rgba?|color|oklch|srgb)\\([^)]*\\)/)?.[0];
        mark ? check(e, 'mark', mark, behind(e)) : faint.push(`${e.id} has no mark`);
    }
    const selected = getComputedStyle(document.querySelector('#message'), '::selection');
    for (const css of ['#message', '.panel', 'body'])
        check(document.querySelector(css), 'selection', selected.backgroundColor, behind(document.querySelector(css)));
    const [sent, received] = ['sent', 'received'].map(way => getComputedStyle(document.querySelector(`#messages [data-way=${way}] .way`)).color);
    if (sent === received) faint.push('the two ways have one colour');
    return faint";

#[tokio::test]
async fn borders_marks_and_selections_can_be_seen() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        page.click("#pause").await;
        page.click("#messages > li[data-kind]").await;
        for theme in ["light", "dark"] {
            page.choose("#theme", theme).await;
            page.until(&format!("document.documentElement.dataset.theme === '{theme}'")).await;
            for panel in PANELS {
                page.show(panel).await;
                assert_eq!(page.client.execute(FAINT, vec![]).await.unwrap(), json!([]), "{theme}, {panel}");
                page.hide().await;
            }
        }
    })
    .await;
}

/// Script that returns what is chosen and has not the colours that the system has for it.
const NOT_FORCED: &str = "
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style = 'forced-color-adjust: none; background: SelectedItem; color: SelectedItemText';
    const colours = e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color].join();
    const wanted = colours(probe);
    const chosen = [...document.querySelectorAll('[aria-pressed=true], [role=tab][aria-selected=true], #messages [aria-selected=true], [data-primary]')];
    return [chosen.length > 3, ...chosen.filter(e => colours(e) !== wanted).map(e => `${e.id} ${e.textContent}: ${colours(e)}`)]";

#[tokio::test]
async fn with_forced_colours_what_is_chosen_has_those_of_the_system() {
    on_page(|page| async move {
        page.connect().await;
        page.send("hello").await;
        page.click("#messages > li[data-kind]").await;
        for scheme in ["light", "dark"] {
            let features = [("forced-colors", "active"), ("prefers-color-scheme", scheme)]
                .map(|(name, value)| json!({ "name": name, "value": value }));
            page.devtools("Emulation.setEmulatedMedia", &json!({ "features": features })).await;
            page.until("matchMedia('(forced-colors: active)').matches").await;
            assert_eq!(page.client.execute(NOT_FORCED, vec![]).await.unwrap(), json!([true]), "{scheme}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_button_is_filled_at_a_time() {
    on_page(|page| async move {
        let filled = "[...document.querySelectorAll('[data-primary]')].map(e => e.id).join()";
        assert_eq!(page.eval(filled).await, "connect");
        page.connect().await;
        page.until(&format!("{filled} === 'send'")).await;
        page.click("#connect").await;
        page.until_phase("closed").await;
        page.until(&format!("{filled} === 'connect'")).await;
    })
    .await;
}

#[tokio::test]
async fn fields_are_large_enough_for_a_finger_and_a_phone_does_not_zoom() {
    on_page(|page| async move {
        let touch = json!({ "enabled": true });
        page.devtools("Emulation.setTouchEmulationEnabled", &touch).await;
        let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
        page.devtools("Emulation.setDeviceMetricsOverride", &metrics).await;
        page.until("matchMedia('(pointer: coarse)').matches").await;
        let sizes = "[...document.querySelectorAll('input:not([type=checkbox], [type=file]), select, textarea')]\
                     .filter(e => parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.id)";
        assert_eq!(page.eval(sizes).await, json!([]));
    })
    .await;
}
