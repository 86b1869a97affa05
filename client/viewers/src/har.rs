//! Logs as HAR 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>), with the messages of WebSockets as Chromium writes them.
//!
//! The other side is the page's own format: a JSON object a line (client/src/log/model/jsonl).

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Nanoseconds since 1970.
type Nanos = i128;

/// Turns lines of the page's format into HAR.
///
/// # Errors
///
/// The position of a line that is no JSON.
pub fn write(lines: &str) -> Result<String, usize> {
    let mut entries: Vec<Value> = Vec::new();
    let mut at = 0;
    for line in lines.split_inclusive('\n') {
        let fields: Value = serde_json::from_str(line).map_err(|_| at)?;
        at += line.len();
        let words = |name: &str| fields[name].as_str().unwrap_or_default();
        let is_message = fields["way"].is_string();
        if words("event") == "opened" || (is_message && entries.is_empty()) {
            entries.push(entry(words("time"), words("url"), words("protocol"), words("extensions")));
        }
        let Some(last) = entries.last_mut().filter(|_| is_message) else { continue };
        let is_binary = words("kind") == "binary";
        let message = json!({
            "type": if words("way") == "sent" { "send" } else { "receive" },
            "time": nanos(words("time")).unwrap_or_default() as f64 / 1e9,
            "opcode": if is_binary { 2 } else { 1 },
            "data": words("data"),
        });
        if let Some(messages) = last["_webSocketMessages"].as_array_mut() {
            messages.push(message);
        }
    }
    let creator = json!({ "name": "ws-echo", "version": env!("CARGO_PKG_VERSION") });
    Ok(json!({ "log": { "version": "1.2", "creator": creator, "pages": [], "entries": entries } })
        .to_string())
}

/// The handshake of a connection.
fn entry(time: &str, url: &str, protocol: &str, extensions: &str) -> Value {
    let headers = [("Sec-WebSocket-Protocol", protocol), ("Sec-WebSocket-Extensions", extensions)];
    let headers = headers.iter().filter(|(_, value)| !value.is_empty());
    let headers: Vec<_> = headers.map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({
        "startedDateTime": time,
        "time": 0,
        "request": {
            "method": "GET", "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "headers": [], "queryString": [],
            "headersSize": -1, "bodySize": -1,
        },
        "response": {
            "status": 101, "statusText": "Switching Protocols", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers, "content": { "size": 0, "mimeType": "x-unknown" }, "redirectURL": "",
            "headersSize": -1, "bodySize": -1,
        },
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": 0 },
        "_resourceType": "websocket",
        "_webSocketMessages": [],
    })
}

/// Turns the WebSockets of a HAR into lines of the page's format, in the order of their times, each with an event for its connection.
/// Returns an empty text if there are none, and `!` with its path for a value that is missing or wrong.
///
/// # Errors
///
/// The position of the first fault of a text that is no JSON.
pub fn read(text: &str) -> Result<String, usize> {
    // Some programs put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let har: Value = serde_json::from_str(text).map_err(|error| {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1)
    })?;
    Ok(lines(&har).unwrap_or_else(|path| format!("!{path}")))
}

fn lines(har: &Value) -> Result<String, String> {
    let entries = har["log"]["entries"].as_array().ok_or("log.entries")?;
    let mut all: Vec<(Nanos, Value)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(messages) = entry.get("_webSocketMessages") else { continue };
        let wrong = |place: &str| format!("log.entries[{index}].{place}");
        let messages = messages.as_array().ok_or_else(|| wrong("_webSocketMessages"))?;
        let started =
            entry["startedDateTime"].as_str().and_then(nanos).ok_or_else(|| wrong("startedDateTime"))?;
        let url = entry["request"]["url"].as_str().ok_or_else(|| wrong("request.url"))?;
        let header = |name: &str| {
            let headers = entry["response"]["headers"].as_array().into_iter().flatten();
            let is_it =
                |header: &&Value| header["name"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(name));
            headers.filter(is_it).find_map(|header| header["value"].as_str()).unwrap_or_default()
        };
        let opened = json!({
            "event": "opened", "url": url, "protocol": header("Sec-WebSocket-Protocol"),
            "extensions": header("Sec-WebSocket-Extensions"),
        });
        all.push((started, opened));
        for (index, message) in messages.iter().enumerate() {
            let wrong = |name: &str| wrong(&format!("_webSocketMessages[{index}].{name}"));
            let way = match message["type"].as_str() {
                Some("send") => "sent",
                Some("receive") => "received",
                // Chromium notes errors in the same list.
                Some(_) => continue,
                None => return Err(wrong("type")),
            };
            let kind = match message["opcode"].as_u64() {
                Some(1) => "text",
                Some(2) => "binary",
                // Control frames.
                Some(_) => continue,
                None => return Err(wrong("opcode")),
            };
            let seconds =
                message["time"].as_f64().filter(|seconds| (0.0..253_402_300_800.0).contains(seconds));
            let data = message["data"].as_str();
            let data = data.filter(|data| kind == "text" || is_base64(data)).ok_or_else(|| wrong("data"))?;
            // Microseconds are what a float of this size holds.
            let time = (seconds.ok_or_else(|| wrong("time"))? * 1e6).round() as Nanos * 1_000;
            all.push((time, json!({ "way": way, "kind": kind, "data": data })));
        }
    }
    // Stable, so that messages of one time keep their order.
    all.sort_by_key(|(time, _)| *time);
    let mut out = String::new();
    for (time, mut line) in all {
        line["time"] = formatted(time).into();
        out.push_str(&line.to_string());
        out.push('\n');
    }
    Ok(out)
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() < 3
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn nanos(time: &str) -> Option<Nanos> {
    OffsetDateTime::parse(time, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp_nanos)
}

/// Writes a time in RFC 3339, in UTC and microseconds.
fn formatted(nanos: Nanos) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, (hour, minute, second, micro)) = (time.date(), time.time().as_hms_micro());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = concat!(
        r#"{"ws-echo":"log","version":2}"#,
        "\n",
        r#"{"id":1,"event":"opened","time":"2026-11-22T18:20:28.123Z","url":"ws://h/echo","protocol":"chat","extensions":""}"#,
        "\n",
        r#"{"id":2,"way":"sent","time":"2026-11-22T18:20:28.500Z","kind":"text","data":"é\n"}"#,
        "\n",
        r#"{"id":3,"way":"received","time":"2026-11-22T18:20:28.501250Z","kind":"binary","data":"AP8=","roundTripMs":1.25}"#,
        "\n",
        r#"{"id":4,"event":"closed","time":"2026-11-22T18:20:29.000Z","url":"ws://h/echo","code":1000,"reason":"","clean":true,"asked":true}"#,
        "\n",
    );

    #[test]
    fn a_log_becomes_har_and_a_log_again() {
        let har: Value = serde_json::from_str(&write(LINES).unwrap()).unwrap();
        let entry = &har["log"]["entries"][0];
        assert_eq!(har["log"]["version"], "1.2");
        assert_eq!(
            (&entry["_resourceType"], &entry["request"]["url"]),
            (&json!("websocket"), &json!("ws://h/echo"))
        );
        assert_eq!(
            entry["_webSocketMessages"],
            json!([
                { "type": "send", "time": 1795371628.5, "opcode": 1, "data": "é\n" },
                { "type": "receive", "time": 1795371628.50125, "opcode": 2, "data": "AP8=" },
            ])
        );
        let lines = read(&har.to_string()).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            lines,
            [
                json!({ "event": "opened", "time": "2026-11-22T18:20:28.123000Z", "url": "ws://h/echo", "protocol": "chat", "extensions": "" }),
                json!({ "way": "sent", "time": "2026-11-22T18:20:28.500000Z", "kind": "text", "data": "é\n" }),
                json!({ "way": "received", "time": "2026-11-22T18:20:28.501250Z", "kind": "binary", "data": "AP8=" }),
            ]
        );
    }

    fn har(entries: &Value) -> String {
        json!({ "log": { "entries": entries } }).to_string()
    }

    #[test]
    fn several_connections_are_in_the_order_of_their_times() {
        let entry = |url: &str, started: &str, messages: Value| json!({ "startedDateTime": started, "request": { "url": url }, "_webSocketMessages": messages });
        let message =
            |time: f64, data: &str| json!({ "type": "receive", "time": time, "opcode": 1, "data": data });
        let error = json!({ "type": "error", "time": 5.0, "opcode": -1, "data": "lost" });
        let text = read(&har(&json!([
            { "request": { "url": "http://h/" } },
            entry("ws://a", "1970-01-01T01:00:01+01:00", json!([message(3.0, "a3"), error])),
            entry("ws://b", "1970-01-01T00:00:02Z", json!([message(2.5, "b2"), message(3.0, "b3")])),
        ])))
        .unwrap();
        let seen = text.lines().map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["url"].as_str().or(line["data"].as_str()).unwrap().to_owned()
        });
        assert_eq!(seen.collect::<Vec<_>>(), ["ws://a", "ws://b", "b2", "a3", "b3"]);
    }

    #[test]
    fn what_is_missing_or_wrong_has_a_place() {
        assert_eq!(read(&har(&json!([{ "request": {} }]))).as_deref(), Ok(""));
        assert_eq!(read("{}").as_deref(), Ok("!log.entries"));
        assert_eq!(read("{\n\"log\": x}"), Err(9));
        assert!(read("").is_err());
        assert!(read(&"[".repeat(1 << 20)).is_err(), "deep texts need no stack");
        let started = "2026-11-22T18:20:28Z";
        for (message, place) in [
            (json!({ "type": "send", "time": 1, "opcode": 1 }), "data"),
            (json!({ "type": "send", "opcode": 1, "data": "" }), "time"),
            (json!({ "type": "send", "time": 1e300, "opcode": 1, "data": "" }), "time"),
            (json!({ "type": "send", "time": 1, "opcode": 2, "data": "é" }), "data"),
            (json!({ "time": 1, "opcode": 2, "data": "" }), "type"),
            (json!({ "type": "send", "time": 1, "data": "" }), "opcode"),
        ] {
            let text = har(
                &json!([{ "startedDateTime": started, "request": { "url": "" }, "_webSocketMessages": [message] }]),
            );
            assert_eq!(read(&text), Ok(format!("!log.entries[0]._webSocketMessages[0].{place}")));
        }
    }
}
