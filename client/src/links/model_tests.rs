use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::texts::EN;

fn page() -> Origin {
    Origin { host: "echo.example:8080".into(), ..Origin::default() }
}

fn read(query: &str) -> Link {
    let (link, problems) = Link::parse(query);
    assert_eq!(problems, [""; 0], "{query}");
    link
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn a_link_says_what_the_page_shall_do() {
    let nothing = Link::default;
    let protocols = || Link { protocols: strings(&["a", "b"]), ..nothing() };
    let connect = || Link { connect: true, ..nothing() };
    let whole = Link {
        url: Some("ws://a/b".into()),
        protocols: strings(&["chat"]),
        connect: true,
        send: strings(&["hello world"]),
        ..nothing()
    };
    for (query, meant) in [
        ("?url=ws%3A%2F%2Fa%2Fb&protocol=chat&connect=1&send=hello+world", whole),
        ("", nothing()),
        ("?", nothing()),
        ("?utm_source=x&URL=ws://a", nothing()),
        ("?url=&protocol=", nothing()),
        // Protocols are repeated, or in a list.
        ("?protocol=a&protocol=b", protocols()),
        ("?protocol=a,b", protocols()),
        ("?protocol=a%2C+b", protocols()),
        ("?protocol=,a,&protocol=b&protocol=", protocols()),
        // Messages keep their order, and may be empty. The first URL counts.
        (
            "?send=1&url=ws://a&send=&send=3&url=ws://b",
            Link { url: Some("ws://a".into()), send: strings(&["1", "", "3"]), ..nothing() },
        ),
        // Only `connect=1` connects, and the first one counts.
        ("?connect=1", connect()),
        ("?connect=1&connect=0", connect()),
        ("?connect", nothing()),
        ("?connect=", nothing()),
        ("?connect=0", nothing()),
        ("?connect=true", nothing()),
        ("?connect=11", nothing()),
        ("?connect=0&connect=1", nothing()),
    ] {
        assert_eq!(read(query), meant, "{query}");
    }
}

#[test]
fn bad_encoding_is_told_of_a_link_s_own_parameters() {
    for (query, names) in [
        ("?send=100%&other=%&url=ws://a/%ff", &["send", "url"][..]),
        ("?as=octal&send=7", &["as"]),
        ("?as=hex&send=0", &["send"]),
        ("?as=base64&send=*", &["send"]),
    ] {
        assert_eq!(Link::parse(query).1, names, "{query}");
    }
    assert_eq!(Link::parse("?send=100%").0.send, ["100%"]);
}

/// A link to bytes once had their digits without their form, and was sent as a text.
#[test]
fn messages_keep_their_form() {
    for (form, text) in [(Mode::Hex, "00 ff"), (Mode::Base64, "AP8=")] {
        let link = Link { form, send: strings(&[text]), ..Link::default() };
        assert_eq!(read(&link.query()), link);
        assert_eq!(link.bodies(), [Body::binary([0, 255])]);
        assert_eq!(link.silent().query(), "");
    }
    assert_eq!(read("?send=00&as=hex&as=text").bodies(), [Body::binary([0])], "the first one counts");
    assert_eq!(read("?send=00").bodies(), [Body::text("00")]);
}

#[test]
fn a_link_connects_by_itself_only_to_the_page_s_own_host_and_sends_only_to_the_echo() {
    let http = Origin { host: "echo.example".into(), ..Origin::default() };
    let https = Origin { secure: true, ..http.clone() };
    let ipv6 = Origin { host: "[::1]:8080".into(), ..Origin::default() };
    for (page, plan, queries) in [
        (
            page(),
            Plan::FillIn,
            &["", "?url=ws://echo.example:8080/echo&send=x", "?url=ws://evil.example/&send=x"][..],
        ),
        (
            page(),
            Plan::Connect,
            &[
                "?connect=1",
                "?connect=1&send=x",
                "?connect=1&url=ws://echo.example:8080/echo&send=x",
                "?connect=1&url=%20WS://Echo.Example:8080/echo?a=b%20&send=x",
                "?connect=1&url=ws://echo.example:8080",
                "?connect=1&url=ws://echo.example:8080/other",
                // What cannot be opened needs no question.
                "?connect=1&url=nonsense&send=x",
                "?connect=1&url=ws:evil.example/echo&send=x",
                "?connect=1&url=http://evil.example/echo&send=x",
                "?connect=1&url=ws://evil.example:22/&send=x",
                "?connect=1&url=ws://a%23b&send=x",
            ],
        ),
        (
            page(),
            Plan::Ask,
            &[
                "?connect=1&url=ws://evil.example/echo",
                "?connect=1&url=evil.example:81/echo",
                "?connect=1&url=ws://echo.example/echo",
                "?connect=1&url=ws://echo.example:8081/echo",
                "?connect=1&url=ws://echo.example.evil.example:8080/echo",
                "?connect=1&url=ws://user@echo.example:8080/echo",
                "?connect=1&url=ws://evil.example\\@echo.example:8080/echo",
                "?connect=1&url=ws:///evil.example/echo",
                "?connect=1&url=ws://echo.example:8080/other&send=x",
                "?connect=1&url=ws://echo.example:8080/echo/../other&send=x",
                "?connect=1&url=ws://echo.example:8080\\other&send=",
            ],
        ),
        // The port of the scheme need not be written.
        (
            https,
            Plan::Connect,
            &["?connect=1&url=wss://echo.example/echo", "?connect=1&url=wss://echo.example:443/echo"],
        ),
        (http, Plan::Ask, &["?connect=1&url=wss://echo.example/echo"]),
        // A page from a file has no host.
        (Origin::default(), Plan::Ask, &["?connect=1&url=ws://localhost:8080/echo"]),
        (ipv6, Plan::Connect, &["?connect=1&url=ws://[::1]:8080/echo"]),
    ] {
        for query in queries {
            assert_eq!(read(query).plan(&page), plan, "{query} on {page:?}");
        }
    }
}

#[test]
fn the_question_tells_another_host_from_another_service() {
    let of = |url: &str| Link { url: Some(url.into()), ..Link::default() }.is_own_host(&page());
    assert!(of("ws://echo.example:8080/other") && Link::default().is_own_host(&page()));
    assert!(!of("ws://echo.example/other") && !of("ws://evil.example:8080/echo"));
}

#[test]
fn a_notice_tells_the_length_or_the_names() {
    let hint = |notice: LinkNotice| notice.hint(&EN).unwrap_or_default().to_string();
    assert_eq!(hint(LinkNotice::Copied(None)), "");
    assert!(hint(LinkNotice::Copied(Some(TooLong(12_345)))).contains("12,345 bytes, and 8,000"));
    let twice = strings(&["send", "send", "url"]);
    assert!(hint(LinkNotice::Damaged(twice)).starts_with("Badly encoded: send, url."));
}

#[test]
fn an_address_has_no_password_and_no_more_than_fits() {
    let link = Link { url: Some("ws://me:secret@a/b".into()), connect: true, ..Link::default() };
    assert_eq!(link.address("http://p/").unwrap(), "http://p/?url=ws://a/b&connect=1");
    assert_eq!(Link::default().address("http://p/").unwrap(), "http://p/");

    let long = Link { send: vec!["🦀".repeat(700)], ..link };
    assert_eq!(long.address("http://p/"), Err(TooLong(32 + 6 + 700 * 12)));
    assert!(long.silent().address("http://p/").is_ok());
    let room = LONGEST - "http://p/?send=".len();
    let fits =
        |length| Link { send: vec!["x".repeat(length)], ..Link::default() }.address("http://p/").is_ok();
    assert!(fits(room) && !fits(room + 1));
}

prop_compose! {
    fn link()(
        url in option::of(any::<String>().prop_filter("empty is none", |url| !url.is_empty())),
        protocols in vec("[^, ]{1,9}", 0..4),
        connect: bool,
        form in prop::sample::select(Mode::ALL.to_vec()),
        send: Vec<String>,
    ) -> Link {
        let send = send.iter().filter_map(|text| match form {
            Mode::Text => Some(text.clone()),
            _ => Mode::Text.convert(text, form).ok(),
        });
        Link { url, protocols, connect, form, send: send.collect() }
    }
}

proptest! {
    #[test]
    fn what_a_link_asks_for_is_what_it_was_made_of(link in link()) {
        prop_assert_eq!(Link::parse(&link.query()), (link, vec![]));
    }

    #[test]
    fn any_query_can_be_read(query: String) {
        let (link, _) = Link::parse(&query);
        prop_assert_eq!(Link::parse(&link.query()), (link, vec![]));
    }
}
