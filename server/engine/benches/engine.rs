//! The engine alone: what a frame costs before the kernel comes into it.
//!
//! `process` works in place, so each round begins with a copy of the input into the buffer, as a read would put it there. The
//! copy is measured with it; `copy` is the same without the engine.

use std::{fmt, time::Duration};

use divan::{
    Bencher, black_box,
    counter::{BytesCount, ItemsCount},
};
use ws_echo_engine::{Echo, InflateBudget, Mask, RESERVE, SLICE, Validator};
use ws_echo_shared::limits::Limits;
use ws_echo_test_support::{compress::compress, feed::agreement, frame::frame};

/// The bytes of a mask, its gap in a frame.
const GAP: usize = 4;

const KEY: [u8; GAP] = [0x12, 0x34, 0x56, 0x78];

fn main() {
    // Without this, a benchmark of microseconds is a hundred single runs.
    divan::Divan::default().min_time(Duration::from_millis(100)).config_with_args().run_benches();
}

/// Unmasks in place, and closes the gap that the mask leaves.
#[divan::bench(args = [64, 1 << 10, 16 << 10, 1 << 20])]
fn unmask(bencher: Bencher<'_, '_>, len: usize) {
    let mut buffer = vec![0xa5; GAP + len];
    bencher.counter(BytesCount::new(len)).bench_local(|| {
        Mask::new(KEY).apply(black_box(&mut buffer), GAP, 0, len);
    });
}

/// The bytes of one read, or of several.
struct Input {
    name: &'static str,
    first: u8,
    payload: fn() -> Vec<u8>,
    frames: usize,
    /// Length of a read, in bytes.
    reads_of: usize,
}

const IN_ONE: usize = usize::MAX;

const INPUTS: [Input; 12] = [
    Input::new("0 B binary", 0x82, Vec::new, 1, IN_ONE),
    Input::new("64 B binary", 0x82, || vec![0xa5; 64], 1, IN_ONE),
    Input::new("16 x 0 B binary", 0x82, Vec::new, 16, IN_ONE),
    Input::new("16 x 64 B binary", 0x82, || vec![0xa5; 64], 16, IN_ONE),
    Input::new("16 x 125 B binary", 0x82, || vec![0xa5; 125], 16, IN_ONE),
    Input::new("16 x 64 B ASCII", 0x81, || ascii(64), 16, IN_ONE),
    Input::new("16 x 64 B not ASCII", 0x81, || cyrillic(64), 16, IN_ONE),
    Input::new("16 x 64 B ping", 0x89, || vec![0xa5; 64], 16, IN_ONE),
    Input::new("64 KiB binary", 0x82, || vec![0xa5; 64 << 10], 1, IN_ONE),
    Input::new("64 KiB ASCII", 0x81, || ascii(64 << 10), 1, IN_ONE),
    Input::new("64 KiB not ASCII", 0x81, || cyrillic(64 << 10), 1, IN_ONE),
    // Held, for a text goes out when all of it was found good.
    Input::new("64 KiB ASCII by 4 KiB", 0x81, || ascii(64 << 10), 1, 4 << 10),
];

#[divan::bench(args = &INPUTS)]
fn copy(bencher: Bencher<'_, '_>, input: &Input) {
    let stream = input.stream();
    let mut buffer = vec![0; RESERVE + stream.len()];
    input.count(bencher, stream.len()).bench_local(|| {
        for read in stream.chunks(input.reads_of) {
            put(&mut buffer, read);
        }
    });
}

#[divan::bench(args = &INPUTS)]
fn echo(bencher: Bencher<'_, '_>, input: &Input) {
    let stream = input.stream();
    let mut buffer = vec![0; RESERVE + stream.len()];
    let mut echo = Echo::new(Limits::default(), None);
    input.count(bencher, stream.len()).bench_local(|| {
        for read in stream.chunks(input.reads_of) {
            put(&mut buffer, read);
            black_box(echo.process(&mut buffer, read.len(), &mut InflateBudget::new(SLICE, &mut || false)));
        }
    });
    assert_eq!(echo.end(), None);
}

/// It looks and changes nothing, so there is no copy.
#[divan::bench(args = &INPUTS)]
fn validate(bencher: Bencher<'_, '_>, input: &Input) {
    let stream = input.stream();
    let mut validator = Validator::new(Limits::default());
    input.count(bencher, stream.len()).bench_local(|| {
        for read in stream.chunks(input.reads_of) {
            assert_eq!(validator.validate(black_box(read)), Ok(()));
        }
    });
}

const NO_TAKEOVER: &str = "no context takeover";

/// A message of 1 KiB of JSON, compressed: the bytes are counted as they are in the message.
#[divan::bench(args = ["context takeover", NO_TAKEOVER])]
fn echo_deflate(bencher: Bencher<'_, '_>, takeover: &str) {
    let json = json(1 << 10);
    // A message that does not look back can come again and again.
    let stream = frame(0xc1, &compress(&json));
    let agreement = agreement(takeover == NO_TAKEOVER, 15);
    let mut echo = Echo::new(Limits::default(), Some(&agreement));
    let mut buffer = vec![0; RESERVE + stream.len()];
    bencher.counter(BytesCount::new(json.len())).counter(ItemsCount::new(1usize)).bench_local(|| {
        put(&mut buffer, &stream);
        black_box(echo.process(&mut buffer, stream.len(), &mut InflateBudget::new(SLICE, &mut || false)));
    });
    assert_eq!(echo.end(), None);
}

impl Input {
    const fn new(
        name: &'static str,
        first: u8,
        payload: fn() -> Vec<u8>,
        frames: usize,
        reads_of: usize,
    ) -> Self {
        Self { name, first, payload, frames, reads_of }
    }

    fn stream(&self) -> Vec<u8> {
        frame(self.first, &(self.payload)()).repeat(self.frames)
    }

    /// Bytes as they are on the wire, and frames.
    fn count<'a, 'b>(&self, bencher: Bencher<'a, 'b>, bytes: usize) -> Bencher<'a, 'b> {
        bencher.counter(BytesCount::new(bytes)).counter(ItemsCount::new(self.frames))
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Puts bytes where a read would.
fn put(buffer: &mut [u8], bytes: &[u8]) {
    black_box(&mut buffer[RESERVE..RESERVE + bytes.len()]).copy_from_slice(black_box(bytes));
}

fn ascii(len: usize) -> Vec<u8> {
    b"The quick brown fox jumps over the lazy dog. ".iter().copied().cycle().take(len).collect()
}

/// Two bytes a character; `len` is even.
fn cyrillic(len: usize) -> Vec<u8> {
    "съешьжеещёэтихмягкихфранцузскихбулок".bytes().cycle().take(len).collect()
}

/// Records that resemble each other, as those of an API do.
fn json(len: usize) -> Vec<u8> {
    let record = |id: usize| {
        format!("{{\"id\":{id},\"name\":\"user {}\",\"active\":{}}},", id * 7919, id.is_multiple_of(3))
    };
    (1..).flat_map(|id| record(id).into_bytes()).take(len).collect()
}
