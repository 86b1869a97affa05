//! Tests of the page below a base path.

use crate::{
    page::{Page, on_page},
    server::Server,
};

/// Starts a new server, which serves the page below `/tools/echo`.
async fn move_below(page: &mut Page) {
    page.server = Server::start(&["--base-path", "/tools/echo"]).await;
}

#[tokio::test]
async fn below_a_path_the_page_finds_its_files_and_its_echo() {
    on_page(|mut page| async move {
        move_below(&mut page).await;
        let own = format!("ws://{}/tools/echo/echo", page.server.address);
        for path in ["/tools/echo", "/tools/echo/index.html"] {
            page.open_at(path).await;
            assert_eq!(page.find("#url").await.prop("value").await.unwrap().unwrap(), own, "{path}");
            page.connect().await;
            page.send("below").await;
            assert_eq!(page.rows().await, ["below"], "{path}");
        }
        page.until("document.styleSheets.length > 0").await;
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_link_below_a_path_sends_to_its_own_echo_and_asks_before_any_other() {
    on_page(|mut page| async move {
        move_below(&mut page).await;
        page.open_at("/tools/echo?connect=1&send=hello").await;
        page.until_count(1).await;
        let own = format!("ws://{}/tools/echo/echo", page.server.address);
        page.open_at(&format!("/tools/echo/?url={own}&connect=1&send=hello")).await;
        page.until_count(1).await;
        // The root path of the same host is another service, so the page asks first.
        page.open_at(&format!("/tools/echo/?url=ws://{}/echo&connect=1&send=hello", page.server.address))
            .await;
        page.until("document.querySelector('#question')").await;
    })
    .await;
}
