//! The form for the Close frame that the page sends when the user disconnects.

use ws_echo_shared::{CloseCode, limits::CLOSE_REASON};
use yew::AttrValue;

use crate::texts::{Texts, plural};

/// Contents of the form's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseForm {
    pub code: AttrValue,
    pub reason: AttrValue,
}

/// The code and the reason of the Close frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRequest {
    /// Close code: 1000, or 3000 to 4999, as browsers allow no others.
    pub code: CloseCode,
    /// Reason: at most 123 bytes of UTF-8.
    pub reason: AttrValue,
}

/// A fault in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseProblem {
    /// The code is not one that a page may send.
    Code,
    /// The reason exceeds the limit by this number of bytes.
    Reason(usize),
}

impl Default for CloseForm {
    fn default() -> Self {
        Self { code: AttrValue::Static("1000"), reason: AttrValue::Static("") }
    }
}

impl CloseForm {
    /// Validates the fields. An empty code means 1000.
    ///
    /// # Errors
    ///
    /// Returns the fault to show beside the fields.
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

    /// Returns the length of the reason and its limit, both in bytes.
    pub fn reason_bytes(&self) -> (usize, usize) {
        (self.reason.len(), CLOSE_REASON)
    }
}

impl CloseProblem {
    /// Describes the fault and its remedy in a sentence.
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
    use crate::texts::EN;

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
