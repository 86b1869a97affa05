//! Close codes: their names, and the ones that may be sent in a Close frame.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The status code of a closed connection (RFC 6455 section 7.4 and IANA's WebSocket Close Code Number Registry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// The purpose of the connection was fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// The server shuts down, or the browser leaves the page.
    pub const GOING_AWAY: Self = Self(1001);
    /// The peer violated the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// The Close frame had no code. Never sent in a frame.
    pub const NO_STATUS: Self = Self(1005);
    /// The connection ended without a Close frame. Never sent in a frame.
    pub const ABNORMAL: Self = Self(1006);
    /// The payload does not fit its type: a text message that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// The peer violated a policy of this server.
    pub const POLICY_VIOLATION: Self = Self(1008);
    /// The message is longer than this server accepts.
    pub const MESSAGE_TOO_BIG: Self = Self(1009);
    /// The server is overloaded.
    pub const TRY_AGAIN_LATER: Self = Self(1013);

    /// True if an endpoint may send this code in a Close frame (RFC 6455 sections 7.4.1 and 7.4.2).
    pub const fn may_be_sent(self) -> bool {
        matches!(self.0, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }

    /// Returns the code's registered name, or the purpose of its range.
    pub const fn name(self) -> &'static str {
        match self.0 {
            1000 => "Normal Closure",
            1001 => "Going Away",
            1002 => "Protocol Error",
            1003 => "Unsupported Data",
            1005 => "No Status Received",
            1006 => "Abnormal Closure",
            1007 => "Invalid Payload Data",
            1008 => "Policy Violation",
            1009 => "Message Too Big",
            1010 => "Mandatory Extension",
            1011 => "Internal Error",
            1012 => "Service Restart",
            1013 => "Try Again Later",
            1014 => "Bad Gateway",
            1015 => "TLS Handshake Failed",
            3000 => "Unauthorized",
            3003 => "Forbidden",
            3008 => "Timeout",
            3001..=3999 => "Registered Code",
            4000..=4999 => "Private Code",
            _ => "Reserved Code",
        }
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_for_the_wire_are_those_of_the_rfc_and_of_iana() {
        for code in
            [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
        {
            assert!(CloseCode(code).may_be_sent(), "{code}");
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] {
            assert!(!CloseCode(code).may_be_sent(), "{code}");
        }
    }

    #[test]
    fn a_code_reads_as_number_and_name() {
        assert_eq!(CloseCode(1000).to_string(), "1000 Normal Closure");
        assert_eq!(CloseCode(4001).to_string(), "4001 Private Code");
        assert_eq!(CloseCode(1004).to_string(), "1004 Reserved Code");
    }
}
