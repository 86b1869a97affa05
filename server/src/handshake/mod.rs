//! The opening handshake (RFC 6455 section 4.2): the check of a request, the decision about it, and the answers.

pub(crate) mod decision;
pub(crate) mod refusal;
pub(crate) mod request;
