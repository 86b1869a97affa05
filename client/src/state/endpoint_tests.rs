use super::*;
use crate::state::texts::EN;

fn http() -> Origin {
    Origin { host: "echo.example:8080".into(), ..Origin::default() }
}

fn https() -> Origin {
    Origin { secure: true, host: "echo.example".into(), ..Origin::default() }
}

/// The problem's text and the URL suggested.
fn problem(typed: &str, page: &Origin) -> (String, String) {
    let problem = parse(typed, page).expect_err(typed);
    (problem.fault.text(&EN).to_string(), problem.suggestion.unwrap_or_default().to_string())
}

#[test]
fn the_field_starts_with_the_page_s_own_server() {
    assert_eq!(http().echo_url(), "ws://echo.example:8080/echo");
    assert_eq!(https().echo_url(), "wss://echo.example/echo");
    assert_eq!(Origin::default().echo_url(), "ws://localhost:8080/echo");
    assert_eq!(Origin { host: "localhost:8443".into(), ..https() }.echo_url(), "wss://localhost:8443/echo");
}

#[test]
fn below_a_base_path_the_echo_is_beside_the_page() {
    for (path, base) in [
        ("/", ""),
        ("/index.html", ""),
        ("", ""),
        ("//", ""),
        ("/tools/echo/", "/tools/echo"),
        ("/tools/echo/index.html", "/tools/echo"),
    ] {
        assert_eq!(base_of(path), base, "{path}");
        let page = Origin { base: base.into(), ..http() };
        assert_eq!(page.echo_url(), format!("ws://echo.example:8080{base}/echo"));
        assert!(page.is_echo(&format!("{base}/echo")));
    }
    let page = Origin { base: "/tools".into(), ..http() };
    for path in ["/echo", "/tools", "/tools/echo/", "/toolsecho", "/tools/tools/echo"] {
        assert!(!page.is_echo(path), "{path}");
    }
    assert_eq!(
        problem("/other", &page).1,
        "ws://echo.example:8080/other",
        "what was typed is the whole path"
    );
}

#[test]
fn websocket_urls_are_taken_as_typed_less_the_space_around() {
    for url in ["ws://a", "WS://a", "ws://a:81/b?c=d", "ws://[::1]:8080/", "ws://user:pass@a/", "wss://a/%23"]
    {
        assert_eq!(parse(&format!("  {url}\n"), &http()).unwrap(), url);
    }
}

#[test]
fn nothing_typed_suggests_the_page_s_own_server() {
    let (text, meant) = problem("  ", &http());
    assert!(text.starts_with("Enter the URL"), "{text}");
    assert_eq!(meant, "ws://echo.example:8080/echo");
}

#[test]
fn a_missing_scheme_is_suggested() {
    for (typed, meant) in [
        ("localhost:8080/echo", "ws://localhost:8080/echo"),
        ("echo.example", "ws://echo.example"),
        ("//echo.example/a", "ws://echo.example/a"),
        ("://echo.example/a", "ws://echo.example/a"),
        ("127.0.0.1/?to=http://b", "ws://127.0.0.1/?to=http://b"),
        ("/echo", "ws://echo.example:8080/echo"),
    ] {
        let (text, suggestion) = problem(typed, &http());
        assert!(text.contains("scheme"), "{typed}: {text}");
        assert_eq!(suggestion, meant, "{typed}");
    }
    assert_eq!(problem("other.example/a", &https()).1, "wss://other.example/a");
    assert_eq!(problem("localhost:8080/a", &https()).1, "ws://localhost:8080/a");
}

#[test]
fn missing_slashes_are_suggested() {
    for (typed, meant) in [("ws:a/b", "ws://a/b"), ("wss:/a", "wss://a"), ("WS:a:1", "ws://a:1")] {
        let (text, suggestion) = problem(typed, &http());
        assert!(text.contains("slashes"), "{typed}: {text}");
        assert_eq!(suggestion, meant);
    }
}

#[test]
fn http_urls_are_corrected() {
    assert_eq!(
        problem("http://a:8080/echo", &http()),
        ("http:// is for pages; a WebSocket URL starts with ws://.".into(), "ws://a:8080/echo".into())
    );
    assert_eq!(problem("HTTPS://a/echo", &http()).1, "wss://a/echo");
    assert_eq!(problem("ftp://a/echo", &http()).1, "ws://a/echo");
    assert_eq!(problem("ftp://a/echo", &https()).1, "wss://a/echo");
}

#[test]
fn a_missing_host_is_named() {
    for typed in ["ws://", "ws:///", "wss://:8080/echo", "ws://?a", "ws://user@/", "ws:", "//", "ws://#a"] {
        let (text, meant) = problem(typed, &http());
        assert!(text.starts_with("The host is missing"), "{typed}: {text}");
        assert_eq!(meant, "", "{typed}");
    }
}

#[test]
fn a_space_inside_is_named() {
    for typed in ["ws://a b/", "ws://a/b c", "ws://a/\u{a0}b"] {
        assert!(problem(typed, &http()).0.starts_with("A URL has no spaces"), "{typed}");
    }
}

#[test]
fn an_invisible_character_is_named_and_left_out() {
    for (typed, code) in [
        ("ws://a\u{200b}/b", "U+200B"),
        ("ws://a/b\u{202e}", "U+202E"),
        ("\u{feff}ws://a/b", "scheme"),
        ("ws://a\u{7}/b", "U+0007"),
    ] {
        let (text, meant) = problem(typed, &http());
        assert!(text.contains(code), "{typed:?}: {text}");
        assert!(meant.starts_with("ws://"), "{typed:?}: {meant}");
    }
    assert_eq!(problem("ws://a\u{200b}/b\u{200b}", &http()).1, "ws://a/b");
    assert!(parse("wss://bücher.example/größe/世界", &http()).is_ok());
}

#[test]
fn a_bad_address_or_port_is_named() {
    for (typed, named, meant) in [
        ("ws://[::1/", "“[::1” is no IPv6 address", ""),
        ("ws://[fe80::1%25eth0]:80/", "“[fe80::1%25eth0]:80” is no IPv6 address", ""),
        ("ws://2001:db8::1/a?b", "in brackets", "ws://[2001:db8::1]/a?b"),
        ("ws://a:99999/", "“99999” is no port", ""),
        ("wss://a:http/", "“http” is no port", ""),
        ("ws://localhost:22/", "on port 22", ""),
    ] {
        let (text, suggestion) = problem(typed, &http());
        assert!(text.contains(named), "{typed}: {text}");
        assert_eq!(suggestion, meant, "{typed}");
    }
    assert!(parse("ws://[2001:db8::1]:8080/", &http()).is_ok());
}

#[test]
fn a_fragment_is_left_out() {
    for (typed, meant) in [("ws://a/b#c", "ws://a/b"), ("ws://a#", "ws://a"), ("ws://a/?b#c#d", "ws://a/?b")]
    {
        let (text, suggestion) = problem(typed, &http());
        assert!(text.contains("fragment"), "{typed}: {text}");
        assert_eq!(suggestion, meant);
    }
}

#[test]
fn plain_ws_from_an_https_page_is_mixed_content_except_on_the_own_machine() {
    let (text, meant) = problem("ws://other.example:80/a", &https());
    assert!(text.contains("mixed content"), "{text}");
    assert_eq!(meant, "wss://other.example:80/a");
    for host in
        ["localhost", "LOCALHOST:81", "a.localhost", "localhost.", "127.0.0.1", "127.9.9.9:81", "[::1]:81"]
    {
        assert!(parse(&format!("ws://{host}/"), &https()).is_ok(), "{host}");
    }
    for host in ["localhost.example", "128.0.0.1", "127.0.0.1.example", "[::2]"] {
        assert!(parse(&format!("ws://{host}/"), &https()).is_err(), "{host}");
    }
    assert!(parse("ws://other.example/", &http()).is_ok());
    assert!(parse("wss://other.example/", &https()).is_ok());
}

#[test]
fn a_refusal_keeps_the_browser_s_words() {
    assert_eq!(
        UrlProblem::refused("The URL 'ws://a b' is invalid.").fault.text(&EN),
        "The browser refuses this URL: The URL 'ws://a b' is invalid. Check host, port and path."
    );
}
