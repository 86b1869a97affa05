//! Meanings of the close codes.

use ws_echo_shared::CloseCode;

texts! {
    CloseCodeTexts {
        code_1000;
        code_1001;
        code_1002;
        code_1003;
        code_1005;
        code_1006;
        code_1007;
        code_1008;
        code_1009;
        code_1010;
        code_1011;
        code_1012;
        code_1013;
        code_1014;
        code_1015;
        registered;
        private;
        other;
    }
}

impl CloseCodeTexts {
    /// Returns the meaning of a code as a sentence.
    pub const fn meaning(&self, code: CloseCode) -> &'static str {
        match code.0 {
            1000 => self.code_1000,
            1001 => self.code_1001,
            1002 => self.code_1002,
            1003 => self.code_1003,
            1005 => self.code_1005,
            1006 => self.code_1006,
            1007 => self.code_1007,
            1008 => self.code_1008,
            1009 => self.code_1009,
            1010 => self.code_1010,
            1011 => self.code_1011,
            1012 => self.code_1012,
            1013 => self.code_1013,
            1014 => self.code_1014,
            1015 => self.code_1015,
            3000..=3999 => self.registered,
            4000..=4999 => self.private,
            _ => self.other,
        }
    }
}
