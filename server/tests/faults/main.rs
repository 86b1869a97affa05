//! Faults of clients and networks, as seen from outside the server. `make faults` runs these tests, which take long or need the
//! machine for themselves, against a release build; `make test` runs all the others.
//!
//! | fault | what must happen | tested in |
//! |---|---|---|
//! | 1, 2: Autobahn's cases | all OK | `conformance/` |
//! | 3: broken frames | 1002 | `api/violations.rs` |
//! | 4: a length of exabytes | 1009 before 64 KiB are read | `api/violations.rs` |
//! | 5: a message over the limit | 1009 at the header that crosses it | `api/violations.rs` |
//! | 6: a flood of small fragments | 1008 at the cap, memory flat | `api/violations.rs`, `api/leftovers.rs` |
//! | 7: fragments out of order | 1002 | `api/violations.rs` |
//! | 8: bad UTF-8 in a frame that still comes | 1007 within 100 ms, nothing echoed | `api/violations.rs`, `api/deflate.rs` |
//! | 9: bad Close frames | 1002 or 1007, not echoed | `api/violations.rs` |
//! | 10: a good Close frame | same code back, gone within 300 ms | `api/close.rs` |
//! | 11: data after Close | ignored | `api/close.rs` |
//! | 12: no answer to the server's Close | dropped after 5 s | `api/endings.rs`, `patience.rs` |
//! | 13: floods that are not read | little memory, dropped at 30 s, the others not slowed down | `api/endings.rs`, `unread.rs`, `neighbours.rs` |
//! | 14: a connection goes dark | gone within 45 s | `dark.rs` |
//! | 15: a reset or an end in mid-frame | 1006 within 1 s | `api/leftovers.rs` |
//! | 16: a byte in 10 s | stays, and holds less than 1 KiB | `api/endings.rs`, `patience.rs` |
//! | 17: broken deflate, a bomb | 1007, 1009, memory bounded | `api/deflate.rs`, `api/leftovers.rs` |
//! | 18: 1,000 connections with slow heads | 408 at 5 s, others served meanwhile | `api/limits.rs`, `stopping.rs` |
//! | 19: requests that are no handshake | 4xx, never 101 | `api/handshake.rs` |
//! | 20: an origin that is not on the list | 403 | `api/handshake.rs` |
//! | 21: one connection too many | 503, health 200 | `api/handshake.rs` |
//! | 22: SIGTERM with 1,000 live and 10 stalled connections | 1001 to the live, exit 0 within 10 s | `api/drain.rs`, `stopping.rs` |
//! | 23: SIGTERM twice, SIGINT | an end at once | `api/drain.rs`, `api/process.rs` |
//! | 24: 10,000 idle connections | less than 1 KiB each | `crowd.rs` |
//! | 25: connections that come and go | no memory left behind | `crowd.rs` |
//! | 26: no more files | no spinning, recovers | `crowd.rs` |
//! | 27: paths that lead out of `dist` | 400 or 404 | `api/assets.rs` |
//! | 28: the page under its Content-Security-Policy | wasm runs, no violation | every test of `e2e/` |
//! | 29: any split of the bytes | same echo, same verdict | `splits.rs`, `fuzz/` |
//! | 30: no page | a line at the start, `/echo` works | `api/assets.rs`, `api/process.rs` |
//! | 31: a taken port, a bad flag | one line, exit code 1 or 2 | `api/process.rs` |
//! | 32: two clients race for the last place | one is served by the engine that was asked for, the other gets 503 | `app.rs`, `api/upgrades.rs` |
//! | 33: a compressed message that does not end well, or refers out of its window | 1007 on that message | `api/deflate.rs` |
//! | 34: a request that the HTTP parser refuses | a status, a line of text, a line in the log, a count | `api/bad_requests.rs` |
//! | 35: HTTP/2: floods of PING, SETTINGS, CONTINUATION and empty DATA, rapid reset, a header bomb, a window exceeded | the error of RFC 9113, memory bounded, the others' p99 under twice | `api/http2/protocol.rs`, `api/http2/limits.rs`, `http2.rs` |
//! | 36: HTTP/2: a stream that does not read; one that floods | holds only itself; the others of its connection go on | `api/http2/closing.rs`, `api/http2/limits.rs`, `http2.rs`, `unread_streams.rs` |
//! | 37: HTTP/2: SIGTERM with 1,000 streams | GOAWAY, 1001 to each, exit 0 within 10 s | `api/http2/closing.rs`, `http2.rs` |
//! | 38, 39: the scenarios and taps of the lab | the lab is not there yet | |
//! | 40: the page translated, without storage, with a filter that does not end, asleep | shows the true state, loses no message | `e2e/` |
//! | 41: plain HTTP clients that are slow or do not read their answers | little memory, counted; gone on time; others served | `plain.rs`, `api/http.rs`, `api/http_limits.rs` |
//! | 42: heads that cost as much as their bytes allow | work in proportion to bytes; 431 by bytes on the wire | `dear.rs`, `api/handshake.rs` |
//! | 43: messages that inflate a thousandfold | the others' p99 under 60 ms on one core, time-outs and drain on time | `inflating.rs`, `times.rs` |
//! | 44: permessage-deflate agreed on by many | 1 KiB idle; the window and 2 KiB after a message, counted and given back | `crowd.rs`, `windows.rs` |
//! | 45: a log that is not read; SIGHUP without TLS; a certificate that blocks | serves on, drops lines with a count; nothing; the one in use stays | `api/log.rs`, `api/process.rs`, `api/tls.rs` |
//! | every time of docs/operations.md | kept within a tenth and half a second | `times.rs`, `patience.rs` |
#![cfg(target_os = "linux")]
#![allow(unreachable_pub, reason = "nothing reaches a test from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod background;
mod crowd;
mod dark;
mod dear;
mod http2;
mod inflating;
mod load;
mod neighbours;
mod observers;
mod patience;
mod plain;
mod stopping;
mod streams;
mod times;
mod unread;
mod unread_streams;
mod windows;
