//! The choice of a subprotocol (RFC 6455 sections 1.9 and 4.2.2). The echo works with any of them.

use std::collections::HashSet;

use ws_echo_shared::is_token;

/// Subprotocols that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubprotocolPolicy {
    /// All of them: the client's first choice is taken.
    Any,
    /// The subprotocols of a list: the client's first choice among them is taken. If it offers none of them, none is chosen, and
    /// the client may end the connection.
    Only(Vec<String>),
}

/// An error of a `Sec-WebSocket-Protocol` header that is not a list of tokens.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Sec-WebSocket-Protocol must list tokens, separated by commas, each of them once")]
pub struct BadOffer;

impl SubprotocolPolicy {
    /// Chooses among the offers in the values of `Sec-WebSocket-Protocol`, in their order.
    ///
    /// # Errors
    /// A value is not a list of tokens, or a token occurs twice (RFC 6455 section 4.1, item 10 of the request).
    pub fn choose<'a>(&self, offers: impl Iterator<Item = &'a [u8]>) -> Result<Option<&'a str>, BadOffer> {
        // A set: with a list, a head of 64 KiB with 30,000 names would take a second of the thread's time.
        let mut offered = HashSet::new();
        let mut chosen = None;
        for header in offers {
            let header = std::str::from_utf8(header).map_err(|_| BadOffer)?;
            for token in header.split(',').map(|token| token.trim_matches([' ', '\t'])) {
                // RFC 9110 section 5.6.1.2: empty elements of a list are ignored.
                if token.is_empty() {
                    continue;
                }
                if !is_token(token) || !offered.insert(token) {
                    return Err(BadOffer);
                }
                if chosen.is_none() && self.allows(token) {
                    chosen = Some(token);
                }
            }
        }
        Ok(chosen)
    }

    fn allows(&self, token: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(list) => list.iter().any(|allowed| allowed == token),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(policy: &SubprotocolPolicy, offers: &[&'static str]) -> Result<Option<&'static str>, BadOffer> {
        policy.choose(offers.iter().map(|offer| offer.as_bytes()))
    }

    #[test]
    fn the_first_offer_is_taken() {
        let any = SubprotocolPolicy::Any;
        assert_eq!(choose(&any, &[]), Ok(None));
        assert_eq!(choose(&any, &["chat"]), Ok(Some("chat")));
        assert_eq!(choose(&any, &["v2.chat ,\tv1.chat"]), Ok(Some("v2.chat")));
        assert_eq!(choose(&any, &["b", "a"]), Ok(Some("b")));
        assert_eq!(choose(&any, &[", ,a,"]), Ok(Some("a")));
        assert_eq!(choose(&any, &[""]), Ok(None));
    }

    #[test]
    fn a_list_restricts_and_the_client_still_prefers() {
        let only = SubprotocolPolicy::Only(vec!["a".into(), "b".into()]);
        assert_eq!(choose(&only, &["x, b, a"]), Ok(Some("b")));
        assert_eq!(choose(&only, &["x", "a"]), Ok(Some("a")));
        assert_eq!(choose(&only, &["A"]), Ok(None));
    }

    #[test]
    fn an_offer_that_is_no_list_of_tokens_is_refused() {
        for offer in ["a b", "a, a", "a(b)", "ä"] {
            assert_eq!(choose(&SubprotocolPolicy::Any, &[offer]), Err(BadOffer), "{offer}");
        }
    }
}
