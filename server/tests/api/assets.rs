//! The files of the page over HTTP.

#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::{fs, path::Path};

use reqwest::{Client, header::HeaderMap};
use tempfile::TempDir;
use ws_echo_test_support::{raw::Raw, server::Server};

const HASHED: &str = "app-0123456789abcdef.js";

/// Creates a folder as trunk builds it. The variants of a file have different texts.
fn dist() -> TempDir {
    let outer = tempfile::tempdir().unwrap();
    fs::write(outer.path().join("secret"), "secret").unwrap();
    let dist = outer.path().join("dist");
    fs::create_dir(&dist).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html>page"),
        ("index.html.br", "page in brotli"),
        (HASHED, "script"),
        ("app-0123456789abcdef.js.br", "script in brotli"),
        ("app-0123456789abcdef.js.gz", "script in gzip"),
        ("app-0123456789abcdef_bg.wasm", "\0asm"),
        ("style.css", "p{}"),
        (".hidden", "secret"),
        (".git/config", "secret"),
        ("sub/.env", "secret"),
    ] {
        fs::create_dir_all(dist.join(name).parent().unwrap()).unwrap();
        fs::write(dist.join(name), text).unwrap();
    }
    outer
}

fn server(outer: &TempDir) -> Server {
    Server::with_dist(&outer.path().join("dist"))
}

async fn get(server: &Server, path: &str, encoding: &str) -> (u16, HeaderMap, String) {
    let request = Client::new().get(server.url(path)).header("accept-encoding", encoding);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.headers().clone(), response.text().await.unwrap())
}

#[tokio::test]
async fn files_have_their_type() {
    let outer = dist();
    let server = server(&outer);
    for (path, mime) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/app-0123456789abcdef.js", "text/javascript"),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/style.css", "text/css"),
    ] {
        let (status, headers, _) = get(&server, path, "identity").await;
        assert_eq!(status, 200, "{path}");
        let have = headers["content-type"].to_str().unwrap();
        assert!(have.starts_with(mime), "{path}: {have}");
    }
}

#[tokio::test]
async fn a_compressed_variant_is_sent_to_those_who_take_it() {
    let outer = dist();
    let server = server(&outer);
    let path = format!("/{HASHED}");
    for (accept, body, encoding) in [
        ("br, gzip", "script in brotli", Some("br")),
        ("gzip", "script in gzip", Some("gzip")),
        ("gzip, br;q=0", "script in gzip", Some("gzip")),
        ("identity", "script", None),
    ] {
        let (status, headers, text) = get(&server, &path, accept).await;
        assert_eq!((status, text.as_str()), (200, body), "{accept}");
        assert_eq!(
            headers.get("content-encoding").map(|value| value.to_str().unwrap()),
            encoding,
            "{accept}"
        );
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8", "{accept}");
        assert_eq!(headers["vary"], "accept-encoding", "{accept}");
    }
    let (_, headers, text) = get(&server, "/", "br").await;
    assert_eq!((text.as_str(), &headers["content-encoding"]), ("page in brotli", &"br".parse().unwrap()));
}

#[tokio::test]
async fn hashed_names_are_kept_and_others_are_asked_for_again() {
    let outer = dist();
    let server = server(&outer);
    for (path, cache) in [
        ("/", "no-cache"),
        ("/index.html", "no-cache"),
        ("/style.css", "no-cache"),
        ("/app-0123456789abcdef.js", "public, max-age=31536000, immutable"),
        ("/app-0123456789abcdef_bg.wasm", "public, max-age=31536000, immutable"),
        ("/gone-0123456789abcdef.js", "no-store"),
    ] {
        assert_eq!(get(&server, path, "identity").await.1["cache-control"], cache, "{path}");
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let outer = dist();
    let server = server(&outer);
    let (_, headers, _) = get(&server, "/", "identity").await;
    let response =
        Client::new().get(server.url("/")).header("if-none-match", &headers["etag"]).send().await.unwrap();
    assert_eq!(response.status(), 304);
    assert_eq!(response.headers()["cache-control"], "no-cache");
    assert_eq!(response.headers()["etag"], headers["etag"]);
    let (_, compressed, _) = get(&server, "/", "br").await;
    assert_ne!(compressed["etag"], headers["etag"], "each variant has its own tag");
}

/// Once a tag was made from the inode and the time of a file, so each replica of the server had another one for the same page.
#[tokio::test]
async fn a_tag_depends_on_the_content_alone() {
    let (one, other) = (dist(), dist());
    let index = other.path().join("dist/index.html");
    fs::File::options().append(true).open(&index).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    let (here, there) = (server(&one), server(&other));
    let tag = get(&here, "/", "identity").await.1["etag"].clone();
    assert_eq!(get(&there, "/", "identity").await.1["etag"], tag);
    fs::write(&index, "<!doctype html>abcd").unwrap();
    assert_ne!(get(&there, "/", "identity").await.1["etag"], tag);
    fs::write(&index, "<!doctype html>page").unwrap();
    assert_eq!(get(&there, "/", "identity").await.1["etag"], tag);
}

/// Method, headers of the request, status and body.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str);

/// RFC 9110 sections 13.1 and 14.
#[tokio::test]
async fn conditions_and_ranges_are_obeyed() {
    let outer = dist();
    let server = server(&outer);
    let tag = get(&server, "/", "identity").await.1["etag"].to_str().unwrap().to_owned();
    let (weak, whole) = (format!("W/{tag}"), "<!doctype html>page");
    let cases: &[Case<'_>] = &[
        ("GET", &[("If-None-Match", &weak)], 304, ""),
        ("GET", &[("If-None-Match", "*")], 304, ""),
        ("GET", &[("If-None-Match", "\"other\"")], 200, whole),
        ("GET", &[("If-None-Match", &tag), ("Range", "bytes=0-3")], 304, ""),
        ("GET", &[("If-Match", &tag)], 200, whole),
        ("GET", &[("If-Match", "*")], 200, whole),
        ("GET", &[("If-Match", &weak)], 412, ""),
        ("GET", &[("If-Match", "\"other\"")], 412, ""),
        ("GET", &[("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")], 200, whole),
        ("GET", &[("Range", "bytes=15-")], 206, "page"),
        ("GET", &[("Range", "bytes=-4")], 206, "page"),
        ("GET", &[("Range", "bytes=-400")], 206, whole),
        ("GET", &[("Range", "bytes=1-2")], 206, "!d"),
        ("GET", &[("Range", "bytes=15-4000")], 206, "page"),
        ("GET", &[("Range", "bytes=19-")], 416, ""),
        ("GET", &[("Range", "bytes=-0")], 416, ""),
        ("GET", &[("Range", "bytes=3-1")], 200, whole),
        ("GET", &[("Range", "bytes=0-1,3-4")], 200, whole),
        ("GET", &[("Range", "bytes=a-b")], 200, whole),
        ("GET", &[("Range", "lines=1-2")], 200, whole),
        ("HEAD", &[("Range", "bytes=1-2")], 200, ""),
        ("GET", &[("Range", "bytes=1-2"), ("If-Range", &tag)], 206, "!d"),
        ("GET", &[("Range", "bytes=1-2"), ("If-Range", &weak)], 200, whole),
        ("GET", &[("Range", "bytes=1-2"), ("If-Range", "\"other\"")], 200, whole),
        ("GET", &[("Range", "bytes=1-2"), ("If-Range", "Fri, 01 Jan 2100 00:00:00 GMT")], 200, whole),
        ("GET", &[("Range", "bytes=1-2"), ("If-Range", "nonsense")], 200, whole),
    ];
    for (method, headers, status, body) in cases {
        let mut request = Client::new().request(method.parse().unwrap(), server.url("/"));
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let of = format!("{method} {headers:?}");
        assert_eq!(response.status(), *status, "{of}");
        assert_eq!(response.headers()["etag"], tag, "{of}");
        let range = response.headers().get("content-range").map(|range| range.to_str().unwrap().to_owned());
        match status {
            206 => {
                let start = whole.rfind(body).unwrap();
                let expected = format!("bytes {start}-{}/{}", start + body.len() - 1, whole.len());
                assert_eq!(range, Some(expected), "{of}");
            }
            416 => assert_eq!(range.as_deref(), Some("bytes */19"), "{of}"),
            _ => assert_eq!(range, None, "{of}"),
        }
        assert_eq!(response.text().await.unwrap(), *body, "{of}");
    }
}

#[tokio::test]
async fn nothing_outside_of_the_folder_and_no_hidden_file_is_sent() {
    let outer = dist();
    let server = server(&outer);
    let absolute = format!("/{}", outer.path().join("secret").display());
    for path in [
        &absolute,
        &absolute.replace('/', "%2f").replacen("%2f", "/", 1),
        "http://test/../secret",
        "/sub/../../secret",
        "/sub/%2e%2e/%2E%2E/secret",
        "/.%2e/secret",
        "/%252e%252e/secret",
        "/%c0%ae%c0%ae/secret",
        "/..;/secret",
        "/..\\secret",
        "/%5c..%5csecret",
        "/style.css%00",
        "/..%00/secret",
        "/.git/config",
        "/%2egit/config",
        "/sub/.env",
        "/sub/%2eenv",
        "/sub%2f.env",
        "/sub/",
        "/sub",
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/%2e%2e%2fsecret",
        "/..%5csecret",
        "/style.css/../../secret",
        "//secret",
        "/%00",
        "/.hidden",
        "/%2ehidden",
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").as_bytes()).await;
        let answer = raw.rest().await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 400 ") || head.starts_with("HTTP/1.1 404 "), "{path}: {head}");
        // An answer may repeat a name from the request, but not the content of a file.
        assert!(!body.contains("secret") && !body.contains(".env"), "{path}: {body}");
    }
}

#[tokio::test]
async fn without_the_folder_the_page_says_how_to_build_it_and_the_echo_works() {
    let server = Server::with_dist(Path::new("/nonexistent"));
    let response = server.get("/").await;
    assert_eq!(response.status(), 503);
    let text = response.text().await.unwrap();
    assert!(text.contains("make run") && text.contains("<title>"), "{text}");
    assert_eq!(server.get("/style.css").await.status(), 404);
    server.connect().await;
}

/// Once a link in the folder made every file of the machine readable, and a pipe blocked a thread for ever.
#[cfg(unix)]
#[tokio::test]
async fn links_that_lead_out_and_pipes_are_not_served() {
    let (dist, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (inside, out) = (dist.path(), outside.path());
    fs::write(out.join("secret.txt"), "secret").unwrap();
    for (name, content) in [("index.html", "the page"), ("a.txt", "a"), ("b.txt", "b"), ("c.txt", "c")] {
        fs::write(inside.join(name), content).unwrap();
    }
    let link = |target: &Path, name: &str| symlink(target, inside.join(name)).unwrap();
    link(&out.join("secret.txt"), "link.txt");
    link(out, "folder");
    link(&out.join("secret.txt"), "b.txt.gz");
    link(&inside.join("c.txt"), "inside.txt");
    let made = std::process::Command::new("mkfifo").arg(inside.join("pipe")).status().unwrap();
    assert!(made.success());
    let server = Server::with_dist(inside);
    for (path, status) in [
        ("/link.txt", 404),
        ("/folder/secret.txt", 404),
        ("/b.txt", 404),
        ("/pipe", 404),
        ("/a.txt", 200),
        ("/inside.txt", 200),
        ("/", 200),
    ] {
        let request = Client::new().get(server.url(path)).header("Accept-Encoding", "gzip");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert!(!response.text().await.unwrap().contains("secret"), "{path}");
    }
}

/// Once the server answered that the page was not built when it had no file descriptor left.
#[cfg(unix)]
#[tokio::test]
async fn a_page_that_cannot_be_read_is_not_said_to_be_missing() {
    let (dist, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Server::with_dist(dist.path());
    assert!(server.get("/").await.text().await.unwrap().contains("not built"));
    fs::write(outside.path().join("index.html"), "the page").unwrap();
    symlink(outside.path().join("index.html"), dist.path().join("index.html")).unwrap();
    let response = server.get("/").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.text().await.unwrap(), "the page cannot be read at the moment; try again\n");
}
