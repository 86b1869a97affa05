//! The Close frame that the page sends when its reader disconnects: what was typed, and what it means.

use ws_echo_shared::{CloseCode, limits::CLOSE_REASON};
use yew::AttrValue;

use super::texts::{Texts, plural};

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseForm {
    /// The code.
    pub code: AttrValue,
    /// The reason.
    pub reason: AttrValue,
}

/// The code and the reason to close with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRequest {
    /// 1000, or 3000 to 4999: what browsers let a page send.
    pub code: CloseCode,
    /// At most 123 bytes of UTF-8.
    pub reason: AttrValue,
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseProblem {
    /// The code is none that a page may send.
    Code,
    /// The reason is too long by so many bytes.
    Reason(usize),
}

impl Default for CloseForm {
    fn default() -> Self {
        Self { code: AttrValue::Static("1000"), reason: AttrValue::Static("") }
    }
}

impl CloseForm {
    /// Reads what was typed. No code is 1000.
    ///
    /// # Errors
    ///
    /// The problem to show beside the fields.
    pub fn parse(&self) -> Result<CloseRequest, CloseProblem> {
        let code = match self.code.trim() {
            "" => CloseCode::NORMAL,
            typed => CloseCode(typed.parse().map_err(|_| CloseProblem::Code)?),
        };
        if !matches!(code.0, 1000 | 3000..=4999) {
            return Err(CloseProblem::Code);
        }
        match self.reason.len().checked_sub(CLOSE_REASON) {
            None | Some(0) => Ok(CloseRequest { code, reason: self.reason.clone() }),
            Some(over) => Err(CloseProblem::Reason(over)),
        }
    }

    /// How long the reason is, in bytes, and how long it may be.
    pub fn reason_bytes(&self) -> (usize, usize) {
        (self.reason.len(), CLOSE_REASON)
    }
}

impl CloseProblem {
    /// What is wrong and what would be right, as a sentence.
    pub fn text(self, texts: &Texts) -> AttrValue {
        match self {
            Self::Code => AttrValue::Static(texts.connection.close_code_problem),
            Self::Reason(over) => plural(texts.connection.close_reason_problem, over).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::texts::EN;

    fn form(code: &str, reason: &str) -> CloseForm {
        CloseForm { code: code.to_owned().into(), reason: reason.to_owned().into() }
    }

    #[test]
    fn a_page_may_send_1000_and_3000_to_4999() {
        for (typed, code) in [("1000", 1000), ("", 1000), (" 3000 ", 3000), ("4999", 4999)] {
            assert_eq!(form(typed, "").parse().map(|request| request.code), Ok(CloseCode(code)), "{typed:?}");
        }
        for typed in ["1001", "2999", "5000", "0", "-1", "70000", "abc", "1000.0"] {
            assert_eq!(form(typed, "").parse(), Err(CloseProblem::Code), "{typed:?}");
        }
    }

    #[test]
    fn a_reason_is_measured_in_bytes() {
        assert!(form("1000", &"x".repeat(123)).parse().is_ok());
        assert_eq!(form("1000", &"x".repeat(124)).parse(), Err(CloseProblem::Reason(1)));
        let crabs = form("1000", &"🦀".repeat(31));
        assert_eq!((crabs.reason_bytes(), crabs.parse()), ((124, 123), Err(CloseProblem::Reason(1))));
        assert_eq!(CloseProblem::Reason(2).text(&EN), "The reason is 2 bytes too long: 123 are allowed.");
    }
}
