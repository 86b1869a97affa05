//! Placeholders of repeated texts and of snippets: `{{n}}`, `{{uuid}}`, `{{now}}` and `{{random 16}}`.

/// Most digits of a random number.
const RANDOM_MOST: usize = 1_000;

/// Values that a message takes in place of its placeholders.
pub struct Values<'a> {
    /// Number of the message, from 1.
    pub n: u32,
    /// The present time, as RFC 3339 writes it.
    pub now: &'a str,
    /// Returns 32 random hexadecimal digits.
    pub random: fn() -> String,
}

/// True if a text may have placeholders.
pub fn has_any(text: &str) -> bool {
    text.contains("{{")
}

/// Replaces the placeholders of a text. Everything else in double braces stays.
pub fn replace(text: &str, values: &Values<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("{{") {
        out.push_str(before);
        let value = inside.split_once("}}").and_then(|(name, behind)| Some((values.of(name)?, behind)));
        (rest, _) = match value {
            Some((value, behind)) => (behind, out.push_str(&value)),
            None => (inside, out.push_str("{{")),
        };
    }
    out + rest
}

impl Values<'_> {
    fn of(&self, name: &str) -> Option<String> {
        match name.trim() {
            "n" => Some(self.n.to_string()),
            "now" => Some(self.now.to_owned()),
            "uuid" => Some(uuid(&(self.random)())),
            name => self.digits(name.strip_prefix("random ")?.trim().parse().ok()?),
        }
    }

    fn digits(&self, count: usize) -> Option<String> {
        (1..=RANDOM_MOST).contains(&count).then(|| {
            let mut digits = String::new();
            while digits.len() < count {
                digits += &(self.random)();
            }
            digits.truncate(count);
            digits
        })
    }
}

/// Makes a UUID of version 4 (RFC 9562 section 5.4) of 32 random hexadecimal digits.
fn uuid(random: &str) -> String {
    let mut out = String::with_capacity(36);
    for (index, digit) in random.chars().take(32).enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(match (index, digit) {
            (12, _) => '4',
            // The variant is in the upper two bits.
            (16, '0' | '4' | '8' | 'c') => '8',
            (16, '1' | '5' | '9' | 'd') => '9',
            (16, '2' | '6' | 'a' | 'e') => 'a',
            (16, _) => 'b',
            _ => digit,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: Values<'_> = Values {
        n: 7,
        now: "2026-01-02T03:04:05.678Z",
        random: || "0123456789abcdefedcba98765432100".into(),
    };

    #[test]
    fn placeholders_are_replaced_and_all_else_stays() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("{\"id\": {{n}}, \"at\": \"{{now}}\"}", "{\"id\": 7, \"at\": \"2026-01-02T03:04:05.678Z\"}"),
            ("{{ n }}{{n}}", "77"),
            ("{{random 4}}", "0123"),
            ("{{random 40}}", "0123456789abcdefedcba9876543210001234567"),
            ("{{uuid}}", "01234567-89ab-4def-adcb-a98765432100"),
            // Not known, not closed, or not a number that is allowed.
            ("{{N}} {{m}} {{", "{{N}} {{m}} {{"),
            (
                "{{random}} {{random 0}} {{random 1001}} {{random x}}",
                "{{random}} {{random 0}} {{random 1001}} {{random x}}",
            ),
            ("{{{n}}}", "{{{n}}}"),
            ("{{x {{n}}", "{{x 7"),
            ("{n} }} {{n", "{n} }} {{n"),
        ] {
            assert_eq!(replace(text, &VALUES), expected, "{text}");
            assert!(has_any(text) || text == expected, "{text}");
        }
    }
}
