//! Cleaning of pasted URLs: removes surrounding quotes, brackets, punctuation and words.

/// Characters that open a quotation or a bracket in front of a URL.
const OPENING: &str = "\"'`<([{“”„‘‚«‹「『《〈（【";

/// Characters that close a quotation or a bracket behind a URL.
const CLOSING: &str = "\"'`>)]}“”‘’»›」』》〉）】";

/// Punctuation that may follow a URL.
const PUNCTUATION: &str = ".,;!。，；！、";

/// True if a URL that begins with this character is quoted or in brackets.
pub fn is_opening(c: char) -> bool {
    OPENING.contains(c)
}

/// True for characters that may surround a URL but cannot occur in one (RFC 3986 appendix C, and their counterparts in other
/// scripts). Browsers would treat them as part of the path.
pub const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '<' | '>' | '`' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' | '《' | '》')
}

/// True for control characters and for characters that have no width or only set a direction. Browsers silently drop some of them
/// from a host, and send others as part of the path.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Returns the URL without its surroundings. Inside the URL, only full-width signs of Chinese keyboards are replaced, and
/// invisible characters removed.
pub fn tidy(url: &str) -> String {
    let url = url.replace(is_invisible, "").replace('：', ":").replace('／', "/");
    let url = of_websocket(&url).unwrap_or(&url);
    let mut rest = url.trim();
    loop {
        let tidied = without_end(without_start(rest)).trim();
        if tidied == rest {
            return rest.to_owned();
        }
        rest = tidied;
    }
}

/// Returns the first WebSocket URL in the text, up to its end. A URL that is part of another URL is not returned.
fn of_websocket(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let start = ["ws://", "wss://"].iter().filter_map(|scheme| lower.find(scheme)).min()?;
    let (before, url) = text.split_at(start);
    let ends = |(at, c): (usize, char)| {
        let next = || url[at + c.len_utf8()..].chars().next();
        let is_last =
            || next().is_none_or(|c| c.is_whitespace() || CLOSING.contains(c) || PUNCTUATION.contains(c));
        if before.is_empty() { is_quote(c) && is_last() } else { is_quote(c) || c.is_whitespace() }
    };
    let end = url.char_indices().find(|place| ends(*place)).map_or(url.len(), |(at, _)| at);
    (!before.contains(['/', '?', '#'])).then(|| &url[..end])
}

fn without_start(text: &str) -> &str {
    let is_ipv6 = text.starts_with('[') && text.find(':') < text.find(']');
    let text = if is_ipv6 { text } else { text.trim_start_matches(is_opening) };
    // The prefix "URL:" of RFC 3986 appendix C.
    text.get(..4)
        .filter(|start| start.eq_ignore_ascii_case("url:"))
        .map_or(text, |start| &text[start.len()..])
}

fn without_end(text: &str) -> &str {
    let Some(last) = text.chars().next_back() else { return text };
    let count = |c| text.chars().filter(|other| *other == c).count();
    let is_a_pair = match last {
        ')' => count('(') >= count(')'),
        ']' => count('[') >= count(']'),
        '}' => count('{') >= count('}'),
        _ => false,
    };
    if !is_a_pair && (CLOSING.contains(last) || PUNCTUATION.contains(last)) {
        &text[..text.len() - last.len_utf8()]
    } else {
        text
    }
}

/// Removes quotes from a URL, except in the path, where they are percent-encoded.
pub fn without_quotes(url: &str) -> String {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let path = url[authority..].find(['/', '?', '#']).map_or(url.len(), |at| authority + at);
    let encoded = url[path..].chars().map(|c| if is_quote(c) { percent_encoded(c) } else { c.to_string() });
    url[..path].replace(is_quote, "") + &encoded.collect::<String>()
}

/// Removes white space from an authority and encodes spaces in the text behind it. Line ends and tabs are removed from both.
pub fn without_space(authority: &str, after: &str) -> String {
    let is_break = |c: char| matches!(c, '\t' | '\n' | '\r');
    let path = after.replace(is_break, "").replace(char::is_whitespace, "%20");
    authority.replace(char::is_whitespace, "") + &path
}

/// Returns the percent-encoding of a character.
pub fn percent_encoded(c: char) -> String {
    c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_url_is_taken_away() {
        for (typed, url) in [
            ("\"ws://a/b\"", "ws://a/b"),
            ("  'ws://a/b',", "ws://a/b"),
            ("`localhost:8080/echo`;", "localhost:8080/echo"),
            ("“ws://a/b”。", "ws://a/b"),
            ("<ws://a/b>", "ws://a/b"),
            ("<URL:ws://a/b>", "ws://a/b"),
            ("URL: wss://a/b", "wss://a/b"),
            ("(see ws://a/b).", "ws://a/b"),
            ("[link](ws://a/b)", "ws://a/b"),
            ("[ws://a/b]", "ws://a/b"),
            ("const url = \"ws://a/b\";", "ws://a/b"),
            ("wscat -c ws://a/b --no-check", "ws://a/b"),
            ("ws://a/b\" connected", "ws://a/b"),
            ("ws://a/(b)", "ws://a/(b)"),
            ("ws：／／a/b", "ws://a/b"),
            ("[::1]:80", "[::1]:80"),
            ("[::1]", "[::1]"),
            ("\u{feff}ws://a\u{200b}/b", "ws://a/b"),
            ("a/?to=ws://b", "a/?to=ws://b"),
            ("http://ws://a", "http://ws://a"),
            ("\"\"", ""),
            ("", ""),
        ] {
            assert_eq!(tidy(typed), url, "{typed}");
        }
    }
}
