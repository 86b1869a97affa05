//! Parsers for the values of flags. Each error has a correct example.

use std::{net::SocketAddr, ops::RangeInclusive, time::Duration};

use bytesize::ByteSize;
use ws_echo_shared::{is_token, limits::HEAD_BYTES};

/// Limit on times, so that adding one to a clock cannot overflow.
const LONGEST: Duration = Duration::from_hours(24);

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    text.parse().map_err(|_| {
        let port = text.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok()).unwrap_or("8080");
        format!("write an IP address and a port, such as 0.0.0.0:{port}, 127.0.0.1:{port} or [::]:{port}")
    })
}

pub(super) fn size(text: &str) -> Result<ByteSize, String> {
    size_within(text, 1..=i64::MAX as u64).ok_or_else(|| {
        "write a number of bytes of at least 1, with a unit if you like, such as 65536, 64KiB or 16MiB".into()
    })
}

/// Reads an amount of memory that a process can address.
pub(super) fn memory(text: &str) -> Result<ByteSize, String> {
    size_within(text, 1..=isize::MAX as u64)
        .ok_or_else(|| "write a number of bytes that fits into memory, such as 64MiB or 1GiB".into())
}

pub(super) fn head(text: &str) -> Result<ByteSize, String> {
    size_within(text, 256..=HEAD_BYTES as u64)
        .ok_or_else(|| "write a number of bytes from 256 to 65536, such as 8KiB or 64KiB".into())
}

fn size_within(text: &str, range: RangeInclusive<u64>) -> Option<ByteSize> {
    text.parse::<ByteSize>().ok().filter(|size| range.contains(&size.as_u64()))
}

/// Reads a time limit.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    pause(text).ok().filter(|time| !time.is_zero()).ok_or_else(|| {
        "write a time with its unit, longer than nothing and at most 24h, such as 500ms, 20s or 2m".into()
    })
}

/// Reads a time that may be zero.
pub(super) fn pause(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text.trim())
        .ok()
        .filter(|time| *time <= LONGEST)
        .ok_or_else(|| "write a time with its unit, at most 24h, such as 0s, 500ms, 20s or 2m".into())
}

/// Reads a time without a limit, which may be zero.
pub(super) fn days(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text.trim())
        .map_err(|_| "write a time with its unit, such as 0s, 1d or 365d".into())
}

pub(super) fn workers(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=256) => Ok(count),
        _ => Err("write a whole number from 1 to 256".into()),
    }
}

pub(super) fn subprotocol(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_token(text) {
        Ok(text.to_owned())
    } else {
        Err("write a name of letters, digits and !#$%&'*+-.^_`|~, such as chat.v2".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_correct_example() {
        assert_eq!(
            listen("9000").unwrap_err(),
            "write an IP address and a port, such as 0.0.0.0:9000, 127.0.0.1:9000 or [::]:9000"
        );
        assert!(listen("localhost:70000").unwrap_err().contains("0.0.0.0:8080"));
        assert_eq!(listen("[::1]:0").unwrap().to_string(), "[::1]:0");
        assert_eq!(size("16MiB").unwrap().as_u64(), 16 << 20);
        for bad in ["", "0", "-1", "much", "99999999EiB"] {
            assert!(size(bad).unwrap_err().contains("64KiB"), "{bad}");
        }
        assert!(head("255").is_err() && head("65KiB").is_err() && head("8KiB").is_ok());
        assert!(workers("0").is_err() && workers("2").is_ok());
        assert!(subprotocol("a b").is_err() && subprotocol("chat.v2").is_ok());
    }

    #[test]
    fn times_have_units_and_a_limit() {
        assert_eq!(time("500ms").unwrap(), Duration::from_millis(500));
        assert_eq!(time(" 1m 30s ").unwrap(), Duration::from_secs(90));
        assert_eq!(pause("0s").unwrap(), Duration::ZERO);
        for bad in ["", "20", "0s", "-1s", "25h", "soon"] {
            assert!(time(bad).unwrap_err().contains("20s"), "{bad}");
        }
        assert!(pause("20").is_err());
    }
}
