//! Tests of the page over TLS.

use ws_echo_test_support::tls_client::Identity;

use crate::{
    page::{Page, on_page},
    server::Server,
};

/// Loads the page from a new server with TLS.
async fn move_to_tls(page: &mut Page) {
    let identity = Identity::new();
    page.server = Server::start(&identity.flags()).await;
    page.open().await;
}

#[tokio::test]
async fn over_https_the_page_is_the_same_and_its_echo_is_wss() {
    on_page(|mut page| async move {
        move_to_tls(&mut page).await;
        let own = format!("wss://{}/echo", page.server.address);
        assert_eq!(page.find("#url").await.prop("value").await.unwrap().unwrap(), own);
        page.connect().await;
        page.send("secret").await;
        let long = "é".repeat(500_000);
        page.send(&long).await;
        assert_eq!(page.rows().await[0], "secret");
        page.click("#connect").await;
        page.until_phase("closed").await;
        let state = page.state().await;
        assert!(state.contains("1000") && state.contains("Closed by this page"), "{state}");
        assert_eq!(page.console_errors().await, [""; 0]);
    })
    .await;
}

/// Browsers reject mixed content with an exception that explains little.
#[tokio::test]
async fn mixed_content_is_explained_before_it_is_tried() {
    on_page(|mut page| async move {
        move_to_tls(&mut page).await;
        page.fill("#url", "ws://echo.example.com/echo").await;
        page.click("#connect").await;
        page.until("document.querySelector('#url').getAttribute('aria-invalid') === 'true'").await;
        let problem = page.text(".endpoint .problem").await;
        for part in ["mixed content", "wss://echo.example.com/echo"] {
            assert!(problem.contains(part), "{problem}");
        }
        assert_eq!(page.console_errors().await, [""; 0], "nothing was tried");
    })
    .await;
}
