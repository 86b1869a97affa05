use proptest::prelude::*;

use super::*;
use crate::texts::EN;

fn http() -> Origin {
    Origin { host: "echo.example:8080".into(), ..Origin::default() }
}

fn https() -> Origin {
    Origin { secure: true, host: "echo.example".into(), ..Origin::default() }
}

/// Returns the text of the problem and the suggested URL.
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
    for url in [
        "ws://a",
        "WS://a",
        "ws://a:81/b?c=d",
        "ws://[::1]:8080/",
        "ws://[2001:db8::1]:8080/",
        "ws://user:pass@a/",
        "wss://a/%23",
        "wss://bücher.example/größe/世界",
    ] {
        assert_eq!(parse(&format!("  {url}\n"), &http()).unwrap(), url);
    }
}

#[test]
fn plain_ws_from_an_https_page_is_mixed_content_except_on_the_own_machine() {
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
fn a_host_with_a_port_gets_the_scheme() {
    for (typed, plain, secure) in [
        (" localhost:9000/path ", "ws://localhost:9000/path", "ws://localhost:9000/path"),
        ("[::1]:8080", "ws://[::1]:8080", "ws://[::1]:8080"),
        ("10.0.0.1:80", "ws://10.0.0.1:80", "wss://10.0.0.1:80"),
        ("a.example:81/b?c=ws://d", "ws://a.example:81/b?c=ws://d", "wss://a.example:81/b?c=ws://d"),
        ("echo.example:443/a", "wss://echo.example:443/a", "wss://echo.example:443/a"),
        ("localhost:443", "wss://localhost:443", "wss://localhost:443"),
        ("me:secret@a.example:81", "ws://me:secret@a.example:81", "wss://me:secret@a.example:81"),
    ] {
        assert_eq!(parse(typed, &http()).as_deref(), Ok(plain), "{typed}");
        assert_eq!(parse(typed, &https()).as_deref(), Ok(secure), "{typed}, from a page loaded by https");
    }
}

#[test]
fn the_other_scheme_is_one_that_the_page_may_use() {
    let other = |url, page: &Origin| with_other_scheme(url, page).unwrap_or_default().to_string();
    assert_eq!(other("ws://a.example:81/b", &http()), "wss://a.example:81/b");
    assert_eq!(other("wss://a.example:443", &http()), "ws://a.example:443");
    assert_eq!(other("wss://a.example:81", &https()), "", "mixed content");
    assert_eq!(other("wss://localhost:81", &https()), "ws://localhost:81");
}

#[test]
fn a_refusal_keeps_the_browser_s_words() {
    assert_eq!(
        UrlFault::Refused("The URL 'ws://a b' is invalid.".into()).text(&EN),
        "The browser refuses this URL: The URL 'ws://a b' is invalid. Check host, port and path."
    );
}

/// Input on a page loaded by http, a part of the message, and the suggested URL (empty if there is no safe guess).
const PROPOSALS: &[(&str, &str, &str)] = &[
    // Parts that are missing.
    ("localhost/echo", "scheme", "ws://localhost/echo"),
    ("a.example:80#b", "scheme", "ws://a.example:80"),
    ("1:81", "scheme", ""),
    ("http:81", "scheme", "ws://http:81"),
    ("  ", "Enter the URL", "ws://echo.example:8080/echo"),
    ("echo.example", "scheme", "ws://echo.example"),
    ("//echo.example/a", "scheme", "ws://echo.example/a"),
    ("://echo.example/a", "scheme", "ws://echo.example/a"),
    ("127.0.0.1/?to=http://b", "scheme", "ws://127.0.0.1/?to=http://b"),
    ("/echo", "scheme", "ws://echo.example:8080/echo"),
    ("ws:a/b", "slashes", "ws://a/b"),
    ("wss:/a", "slashes", "wss://a"),
    ("WS:a:81", "slashes", "ws://a:81"),
    ("ws://", "The host is missing", ""),
    ("ws:///", "The host is missing", ""),
    ("wss://:/echo", "The host is missing", ""),
    ("ws://?a", "The host is missing", ""),
    ("ws://user@/", "The host is missing", ""),
    ("ws:", "The host is missing", ""),
    ("//", "The host is missing", ""),
    ("ws://#a", "The host is missing", ""),
    // Invisible characters.
    ("ws://a\u{200b}/b\u{200b}", "U+200B", "ws://a/b"),
    ("ws://a/b\u{202e}", "U+202E", "ws://a/b"),
    ("\u{feff}ws://a/b", "scheme", "ws://a/b"),
    ("ws://a\u{7}/b", "U+0007", "ws://a/b"),
    // Fragments.
    ("ws://a/b#c", "fragment", "ws://a/b"),
    ("ws://a#", "fragment", "ws://a"),
    ("ws://a/?b#c#d", "fragment", "ws://a/?b"),
    // IPv6 addresses without brackets, with one bracket, with a port or a zone.
    ("ws://::1/echo", "in brackets", "ws://[::1]/echo"),
    ("wss://::1", "in brackets", "wss://[::1]"),
    ("ws://::1:8080/echo", "in brackets", "ws://[::1]:8080/echo"),
    ("ws://::/", "in brackets", "ws://[::]/"),
    ("ws://[::1/", "“[::1” is not a valid IPv6 address", "ws://[::1]/"),
    ("ws://2001:db8::1/a?b", "in brackets", "ws://[2001:db8::1]/a?b"),
    ("ws://[fe80::1%25eth0]:80/", "“[fe80::1%25eth0]:80” is not a valid IPv6 address", ""),
    ("ws://[::1:8080/", "is not a valid IPv6 address", "ws://[::1]:8080/"),
    ("ws://::1]:8080/", "in brackets", "ws://[::1]:8080/"),
    ("ws://1:2:3:4:5:6:7:8:9001/", "in brackets", "ws://[1:2:3:4:5:6:7:8]:9001/"),
    ("ws://user@::1/", "in brackets", "ws://user@[::1]/"),
    ("ws://[127.0.0.1]:81/", "is not a valid IPv6 address", "ws://127.0.0.1:81/"),
    ("ws://fe80::1%eth0/", "without a zone", ""),
    ("ws://[fe80::1%25eth0]:81/", "without a zone", ""),
    ("ws://[localhost]/", "is not a valid IPv6 address", ""),
    ("::1", "scheme", "ws://[::1]"),
    ("::1/echo", "scheme", "ws://[::1]/echo"),
    ("::1:8080/echo", "scheme", "ws://[::1]:8080/echo"),
    ("2001:db8::1/a?b", "scheme", "ws://[2001:db8::1]/a?b"),
    ("fe80::1%eth0", "scheme", ""),
    // A port alone is completed with the page's host, like a path.
    (":9001", "host", "ws://echo.example:9001"),
    (":9001/echo", "host", "ws://echo.example:9001/echo"),
    ("9001", "host", "ws://echo.example:9001"),
    ("9001/echo", "host", "ws://echo.example:9001/echo"),
    ("ws://:9001/echo", "host", "ws://echo.example:9001/echo"),
    (":22", "host", ""),
    ("99999", "host", ""),
    ("1/echo", "host", ""),
    ("ws://a:99999/", "“99999” is not a valid port", ""),
    ("wss://a:http/", "“http” is not a valid port", ""),
    ("ws://localhost:22/", "on port 22", ""),
    // Quotes, brackets and punctuation around.
    ("\"ws://a/echo\"", "has no \"", "ws://a/echo"),
    ("\"ws://a/echo\",", "has no \"", "ws://a/echo"),
    ("'wss://a/echo'", "has no '", "wss://a/echo"),
    ("`ws://a/echo`", "has no `", "ws://a/echo"),
    ("“ws://a/echo”", "has no “", "ws://a/echo"),
    ("《ws://a/echo》", "has no 《", "ws://a/echo"),
    ("<ws://a/echo>", "has no <", "ws://a/echo"),
    ("(ws://a/echo)", "has no (", "ws://a/echo"),
    ("ws://\"a\"/echo", "has no \"", "ws://a/echo"),
    ("ws://a/echo\"", "write %22", "ws://a/echo"),
    ("ws://a/\"b\"/c", "write %22", "ws://a/%22b%22/c"),
    ("ws://\"ws://a/echo", "has no \"", "ws://a/echo"),
    ("\"localhost:8080/echo\"", "has no \"", "ws://localhost:8080/echo"),
    ("\"http://a/echo\"", "has no \"", "ws://a/echo"),
    ("\"::1\"", "has no \"", "ws://[::1]"),
    ("\"\"", "has no \"", "ws://echo.example:8080/echo"),
    ("localhost:8080.", "scheme", "ws://localhost:8080"),
    ("ws://localhost:8080,", "is not a valid port", "ws://localhost:8080"),
    ("a.example/echo;", "scheme", "ws://a.example/echo"),
    ("const url = 'ws://a/echo';", "scheme", "ws://a/echo"),
    ("wscat -c ws://a/echo", "scheme", "ws://a/echo"),
    // White space inside.
    ("ws://a b/", "A URL has no spaces", "ws://ab/"),
    ("ws://a/b c", "A URL has no spaces", "ws://a/b%20c"),
    ("ws://a/\u{a0}b", "A URL has no spaces", "ws://a/%20b"),
    ("ws://a /echo", "no spaces", "ws://a/echo"),
    ("ws://a/one two", "no spaces", "ws://a/one%20two"),
    ("ws:// a :8080/echo", "no spaces", "ws://a:8080/echo"),
    ("ws://a/one\ntwo", "no spaces", "ws://a/onetwo"),
    ("localhost :8080/echo", "scheme", "ws://localhost:8080/echo"),
    // Other schemes and typing errors.
    ("http://a:8080/echo", "http:// is for pages; a WebSocket URL starts with ws://.", "ws://a:8080/echo"),
    ("HTTPS://a/echo", "for pages", "wss://a/echo"),
    ("ftp://a/echo", "starts with", "ws://a/echo"),
    ("https://a/b#c", "for pages", "wss://a/b"),
    ("http://::1/", "for pages", "ws://[::1]/"),
    ("http://ws://a/b", "for pages", "ws://a/b"),
    ("ftp://a b/", "starts with", "ws://ab/"),
    ("http:a/b", "slashes", "ws://a/b"),
    ("ws//a/b", "slashes", "ws://a/b"),
    ("wss;//a/b", "slashes", "wss://a/b"),
    ("ws:\\\\a\\b", "slashes", "ws://a\\b"),
    ("ws:8080/echo", "scheme", "ws://ws:8080/echo"),
    ("ws/echo", "scheme", "ws://ws/echo"),
    ("ws：//a/b", "scheme", "ws://a/b"),
    ("ws://a|b/", "no “|”", ""),
    ("ws://{host}/echo", "no “{”", ""),
    ("a^b", "scheme", ""),
    ("ws://a#b c", "no spaces", "ws://a"),
];

/// The same for a page loaded by https.
const SECURE_PROPOSALS: &[(&str, &str, &str)] = &[
    ("other.example/a", "scheme", "wss://other.example/a"),
    (":8443/a", "host", "wss://echo.example:8443/a"),
    ("ftp://a/echo", "starts with", "wss://a/echo"),
    ("http://other.example/a", "for pages", "wss://other.example/a"),
    ("http://localhost:81/a", "for pages", "ws://localhost:81/a"),
    ("\"ws://other.example/a\"", "has no \"", "wss://other.example/a"),
    ("ws://2001:db8::1/", "in brackets", "wss://[2001:db8::1]/"),
    ("ws://other.example:80/a", "mixed content", "wss://other.example:80/a"),
];

#[test]
fn what_is_proposed_is_what_was_meant() {
    for (page, proposals) in [(http(), PROPOSALS), (https(), SECURE_PROPOSALS)] {
        for (typed, said, meant) in proposals {
            let (text, suggestion) = problem(typed, &page);
            assert!(text.contains(said), "{typed:?}: {text}");
            assert_eq!(suggestion, *meant, "{typed:?}");
        }
    }
}

fn suggestion_is_good(typed: &str) {
    for page in [http(), https(), Origin::default(), Origin { host: "[::1]:8080".into(), ..http() }] {
        let suggestion = parse(typed, &page).err().and_then(|problem| problem.suggestion);
        if let Some(url) = suggestion {
            assert_eq!(parse(&url, &page), Ok(url.clone()), "proposed for {typed:?}");
        }
    }
}

#[test]
fn every_proposal_is_accepted() {
    PROPOSALS.iter().for_each(|(typed, ..)| suggestion_is_good(typed));
}

proptest! {
    #[test]
    fn every_proposal_for_anything_is_accepted(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "ws", "wss", "http", "ftp", "://", ":", "/", "//", "\\", "a", "localhost", "::1", "[", "]", "127.0.0.1", "1",
                "8080", "22", "@", "#", "?", "%", "%25", " ", "\n", "\"", "'", "<", ">", "(", ")", "“", "：", "\u{200b}", ".",
                ",", ";", "|", "{", "é", "URL:",
            ]),
            0..8,
        ),
    ) {
        suggestion_is_good(&parts.concat());
    }

    #[test]
    fn every_proposal_for_any_characters_is_accepted(typed in ".{0,20}") {
        suggestion_is_good(&typed);
    }
}
