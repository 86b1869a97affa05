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

/// The page's WebSocket is a stream of the connection that the page came over (RFC 8441): the tap has the version and the stream, and the peer is
/// the same.
#[tokio::test]
async fn page_and_socket_share_one_connection_of_http_2() {
    on_page(|mut page| async move {
        move_to_tls(&mut page).await;
        let protocol = "performance.getEntriesByType('navigation')[0].nextHopProtocol";
        assert_eq!(page.eval(protocol).await, "h2");
        page.click("#tab-wire").await;
        page.click("#record").await;
        page.until("document.querySelector('#record').checked").await;
        page.connect().await;
        page.send("hello").await;
        page.until("document.querySelectorAll('#frames li').length > 2").await;
        let row = page.text("#frames li .body").await;
        assert!(row.starts_with("HTTP/2 CONNECT /echo?tap=") && row.contains(" → 200 · "), "{row}");
        assert!(row.contains("stream "), "{row}");

        // The tap itself is read by a request, whose peer is in the server's log; a second connection would be another peer.
        let peers = "const done = arguments[0]; const own = document.querySelector('#wire a').href; \
                     fetch(own).then(answer => answer.json()).then(tap => done(tap.entries[0].request))";
        let request = page.client.execute_async(peers, Vec::new()).await.unwrap();
        assert_eq!(request["http_version"], "2", "{request}");
        assert_eq!(request["tls"]["alpn"], "h2", "{request}");
        let line = page.server.line("path=\"/api/taps/").await;
        assert!(line.contains(&format!("peer={}", request["peer"].as_str().unwrap())), "{line} {request}");

        page.click("#connect").await;
        page.until_phase("closed").await;
        page.until("[...document.querySelectorAll('#frames li')].some(row => row.textContent.includes('HTTP/2 stream ended'))").await;
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
