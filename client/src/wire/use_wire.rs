//! Follows the tap of the page's newest connection.

use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, abortable};
use gloo_net::websocket::Message;
use gloo_net::websocket::futures::WebSocket;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use ws_echo_shared::paths;
use yew::prelude::*;

use super::model::entry;
use super::model::tap;
use super::model::wire::Wire;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::log::model::log::VersionedLog;
use crate::session::origin::origin;

/// Time between two renders while many entries come, in milliseconds.
const INTERVAL_MS: u32 = 50;

/// Keeps the record of the connection with the tap `tap`. `has_begun` is true once its handshake is over: before, the server knows
/// no such tap.
#[hook]
pub fn use_wire(tap: Option<AttrValue>, has_begun: bool, log: &VersionedLog) -> Live<Wire> {
    let wire = use_live(Wire::default);
    let next = log.borrow().next_id();
    use_memo(tap.clone(), |_| wire.update(|wire| *wire = Wire::new(next)));
    if tap.is_some() {
        wire.update(|wire| wire.look(&log.borrow()));
    }
    use_effect_with((tap, has_begun), {
        let wire = wire.clone();
        move |(tap, has_begun)| {
            let followed =
                tap.as_ref().filter(|_| *has_begun).map(|tap| abortable(follow(tap.clone(), wire)));
            let following = followed.map(|(follow, following)| {
                spawn_local(async {
                    // Both results, done and aborted, need no action.
                    let _ = follow.await;
                });
                following
            });
            move || following.iter().for_each(AbortHandle::abort)
        }
    });
    wire
}

/// Takes the entries of a tap until it ends.
async fn follow(id: AttrValue, wire: Live<Wire>) {
    // Fails only where the handshake of the connection itself has failed.
    let Ok(socket) = WebSocket::open(&format!("{}{}/{id}", tap::root(&origin()), paths::TAP)) else { return };
    let mut lines = socket.ready_chunks(1_000);
    while let Some(chunk) = lines.next().await {
        wire.change(|wire| {
            for line in chunk {
                if let Ok(Message::Text(line)) = line {
                    entry::read(&line).into_iter().for_each(|entry| wire.push(entry));
                }
            }
        });
        TimeoutFuture::new(INTERVAL_MS).await;
    }
}
