//! The page in the program that `make build` makes: the same as the page in a folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Client, Method, Response};
use tokio::process::Command;
use tokio_tungstenite::{connect_async, tungstenite::Message};
use ws_echo_test_support::program::{Running, built};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../dist");

/// A program with an embedded page, started in a folder.
struct Started {
    running: Running,
    /// The text of the log that tells where the page comes from.
    line: String,
    url: String,
}

async fn start(folder: &Path, flags: &[&str]) -> Started {
    let mut command = Command::new(std::env::var("WS_ECHO_PROGRAM").unwrap_or_else(|_| built().to_owned()));
    command.args(["--listen", "127.0.0.1:0"]).args(flags).current_dir(folder);
    command.env_remove("WS_ECHO_DIST").stderr(std::process::Stdio::piped()).kill_on_drop(true);
    let mut running = Running::start(command);
    let line = running.line("Service started on").await;
    let url = line.split("page=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    Started { running, line, url }
}

/// Returns the names of all files of `dist`.
fn files() -> BTreeSet<String> {
    fn walk(folder: &Path, files: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else {
                files.insert(path);
            }
        }
    }
    let mut files = BTreeSet::new();
    walk(Path::new(DIST), &mut files);
    files.iter().map(|path| path.strip_prefix(DIST).unwrap().to_str().unwrap().to_owned()).collect()
}

/// Returns all that a client sees of an answer, but for the date.
async fn seen(response: Response) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let status = response.status().as_u16();
    let headers = response.headers().iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    (status, headers, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn the_program_alone_serves_the_page_and_echoes() {
    let empty = tempfile::tempdir().unwrap();
    let Started { running, line, url } = start(empty.path(), &[]).await;
    assert!(line.contains("page_from=embedded"), "{line}");
    let page = reqwest::get(&url).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("<title>ws-echo</title>"));
    let (mut client, _) = connect_async(url.replace("http", "ws") + "echo").await.unwrap();
    client.send("hello".into()).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::text("hello"));
    client.close(None).await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn the_flag_comes_first_then_a_page_in_the_folder_dist_then_the_embedded_one() {
    let (place, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(other.path().join("index.html"), "of the flag").unwrap();
    let other = other.path().to_str().unwrap();
    // The folder of some other project has no page.
    fs::create_dir(place.path().join("dist")).unwrap();
    assert!(start(place.path(), &[]).await.line.contains("page_from=embedded"));
    fs::write(place.path().join("dist/index.html"), "of the folder").unwrap();
    for (flags, from, text) in [
        (&[][..], "folder dist", "of the folder"),
        (&["--dist", other], &format!("folder {other}"), "of the flag"),
    ] {
        let started = start(place.path(), flags).await;
        assert!(started.line.contains(&format!("page_from={from}")), "{}", started.line);
        assert_eq!(reqwest::get(&started.url).await.unwrap().text().await.unwrap(), text);
    }
}

#[tokio::test]
async fn every_file_is_answered_as_from_the_folder() {
    let empty = tempfile::tempdir().unwrap();
    let client = Client::new();
    for base in ["/", "/tools/echo"] {
        let embedded = start(empty.path(), &["--base-path", base]).await;
        let folder = start(empty.path(), &["--base-path", base, "--dist", DIST]).await;
        assert!(folder.line.contains("page_from=folder"), "{}", folder.line);
        let mut paths = files();
        assert!(paths.len() > 10, "{paths:?}");
        paths.extend(
            ["", "?a=b", "gone.js", "index.html/", "index.html/x", ".git", "a%00b"].map(str::to_owned),
        );
        for path in paths {
            for accept in ["identity", "gzip", "br, gzip;q=0.5", "identity;q=0, *;q=0"] {
                let ask = async |started: &Started, method: Method, more: &[(&str, &str)]| {
                    let url = format!("{}{path}", started.url);
                    let mut request = client.request(method, url).header("accept-encoding", accept);
                    for (name, value) in more {
                        request = request.header(*name, *value);
                    }
                    request.send().await.unwrap()
                };
                let tag = ask(&embedded, Method::GET, &[]).await.headers().get("etag").cloned();
                let tag = tag.as_ref().map_or("\"none\"", |tag| tag.to_str().unwrap());
                for (method, more) in [
                    (Method::GET, &[][..]),
                    (Method::HEAD, &[]),
                    (Method::POST, &[]),
                    (Method::GET, &[("if-none-match", tag)]),
                    (Method::GET, &[("if-match", "\"other\"")]),
                    (Method::GET, &[("range", "bytes=5-20000")]),
                    (Method::GET, &[("range", "bytes=99999999-")]),
                ] {
                    let expected = seen(ask(&folder, method.clone(), more).await).await;
                    let found = seen(ask(&embedded, method.clone(), more).await).await;
                    assert!(
                        found == expected,
                        "{method} {base} {path} {accept} {more:?}:\n{:?}\n{:?}",
                        found.1,
                        expected.1
                    );
                }
            }
        }
    }
}

/// The files are sent from the program's own pages, which the system reads from its file and shares.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_page_is_not_copied_into_memory() {
    let empty = tempfile::tempdir().unwrap();
    let started = start(empty.path(), &[]).await;
    let anonymous = || {
        let status = fs::read_to_string(format!("/proc/{}/status", started.running.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let client = Client::new();
    let all = async || {
        for path in files() {
            let answer = client.get(format!("{}{path}", started.url)).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            answer.bytes().await.unwrap();
        }
    };
    client.get(&started.url).send().await.unwrap().bytes().await.unwrap();
    let (before, size) = (
        anonymous(),
        files().iter().map(|path| fs::metadata(Path::new(DIST).join(path)).unwrap().len()).sum::<u64>(),
    );
    all().await;
    let grown = anonymous().saturating_sub(before);
    assert!(grown * 1024 < size / 4, "{grown} KiB more after {size} bytes of files");
}
