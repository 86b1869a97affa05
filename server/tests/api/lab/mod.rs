//! The lab: each scenario through the socket, the catalogue, the taps, and the limits that no scenario can leave.

mod bad_requests;
mod catalogue;
mod closing;
mod limits;
mod scenarios;
mod taps;
mod violations;

use serde_json::Value;
use ws_echo_test_support::{frame::Frame, raw::Raw, server::Server};

/// Connects to a scenario.
///
/// # Panics
/// The answer is not 101.
async fn open(server: &Server, target: &str) -> Raw {
    let (raw, head) = Raw::at(server.address, target, "").await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{target}: {head}");
    raw
}

/// The next frame as JSON.
///
/// # Panics
/// It is no text with JSON.
async fn json(raw: &mut Raw) -> Value {
    let frame = raw.frame().await.expect("a message");
    assert_eq!(frame.first, 0x81, "{frame:?}");
    serde_json::from_slice(&frame.payload).unwrap()
}

/// The code of the next frame, which is a Close frame.
async fn close_code(raw: &mut Raw) -> u16 {
    let frame = raw.frame().await.expect("a Close frame");
    frame.close().unwrap_or_else(|| panic!("a Close frame, and not {frame:?}")).0
}

fn text(payload: &str) -> Frame {
    Frame { first: 0x81, payload: payload.into() }
}

/// The answer to a handshake that is refused: its status and its JSON.
async fn refused(server: &Server, target: &str, lines: &str) -> (u16, Value) {
    let (mut raw, head) = Raw::at(server.address, target, lines).await;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let rest = raw.rest().await;
    (status, serde_json::from_str(&rest).unwrap_or(Value::String(rest)))
}

/// The content of a tap once its connection has ended.
pub(crate) async fn tap(server: &Server, id: &str) -> Vec<Value> {
    loop {
        let mut content: Value = server.get(&format!("/api/taps/{id}")).await.json().await.unwrap();
        if content["ended"] == true {
            let Value::Array(entries) = content["entries"].take() else { panic!("{content}") };
            return entries;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// The only report in a tap.
fn report(entries: &[Value]) -> &Value {
    let reports: Vec<_> = entries.iter().filter(|entry| entry["type"] == "report").collect();
    assert_eq!(reports.len(), 1, "{entries:?}");
    &reports[0]["report"]
}
