//! A script without comments and needless spaces.

use std::collections::HashMap;

/// Signs beside which no space is needed.
const SEPARATORS: &str = "{}()[];,:?=";
/// Signs behind which the end of a line ends no statement.
const OPENING: &str = "{([;,:?=";
/// Signs in front of which the end of a line ends no statement, or the sign ends it too.
const CLOSING: &str = "})],:?=";
/// Words behind which `/` begins a regular expression. Behind any other word it divides.
const BEFORE_EXPRESSIONS: [&str; 11] =
    ["await", "case", "delete", "do", "else", "in", "of", "return", "throw", "typeof", "yield"];

/// Returns the script without comments and needless spaces, and with new names for those words and quoted texts that have one.
pub(crate) fn minify(script: &str, names: &HashMap<&str, String>) -> String {
    let mut out = String::with_capacity(script.len());
    let mut space = None;
    for (kind, text) in tokens(script) {
        if kind == Kind::Space {
            space = if space == Some('\n') || text.contains('\n') { Some('\n') } else { Some(' ') };
            continue;
        }
        if let (Some(space), Some(before)) = (space.take(), out.chars().next_back()) {
            let (behind, in_front) =
                if space == '\n' { (OPENING, CLOSING) } else { (SEPARATORS, SEPARATORS) };
            if !behind.contains(before) && !text.starts_with(|sign| in_front.contains(sign)) {
                out.push(space);
            }
        }
        match name(kind, text).and_then(|name| names.get(name)) {
            Some(new) if kind == Kind::Text => out.extend(["\"", new, "\""]),
            Some(new) => out.push_str(new),
            None => out.push_str(text),
        }
    }
    out
}

/// Returns how often each word and each quoted text occurs in a script.
pub(crate) fn occurrences(script: &str) -> HashMap<&str, usize> {
    let mut occurrences = HashMap::new();
    for name in tokens(script).into_iter().filter_map(|(kind, text)| name(kind, text)) {
        *occurrences.entry(name).or_default() += 1;
    }
    occurrences
}

/// Returns a word, or a text without its quotes.
fn name(kind: Kind, text: &str) -> Option<&str> {
    match kind {
        Kind::Word => Some(text),
        Kind::Text => text.get(1..text.len() - 1),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Spaces or a comment.
    Space,
    /// A name, a keyword or a number.
    Word,
    /// A string with its quotes.
    Text,
    /// A regular expression, or a part of a template beside its expressions.
    Literal,
    Sign,
}

/// Splits a script into its tokens, which are the script again when they are joined.
fn tokens(script: &str) -> Vec<(Kind, &str)> {
    let mut tokens = Vec::new();
    // For each template around the place, the number of braces that are open in its expression.
    let mut templates: Vec<usize> = Vec::new();
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        let until = |end: fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
        let behind = |end: &str| rest[2..].find(end).map_or(rest.len(), |length| 2 + length + end.len());
        let (kind, length) = match first {
            _ if first.is_whitespace() => (Kind::Space, until(|sign| !sign.is_whitespace())),
            _ if rest.starts_with("//") => (Kind::Space, until(|sign| sign == '\n')),
            _ if rest.starts_with("/*") => (Kind::Space, behind("*/")),
            _ if is_word(first) => (Kind::Word, until(|sign| !is_word(sign))),
            '"' | '\'' => (Kind::Text, literal(rest, |text| text.starts_with(first).then_some(1))),
            '/' if expects_expression(&tokens) => (Kind::Literal, regular_expression(rest)),
            '`' => (Kind::Literal, template(rest, &mut templates)),
            '}' if templates.last() == Some(&0) => {
                templates.pop();
                (Kind::Literal, template(rest, &mut templates))
            }
            _ => {
                if let Some(braces) = templates.last_mut() {
                    *braces = *braces + usize::from(first == '{') - usize::from(first == '}');
                }
                (Kind::Sign, first.len_utf8())
            }
        };
        let (token, behind) = rest.split_at(length);
        tokens.push((kind, token));
        rest = behind;
    }
    tokens
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '$' | '#')
}

/// True if an expression begins behind the tokens, and no operator.
fn expects_expression(tokens: &[(Kind, &str)]) -> bool {
    match tokens.iter().rfind(|(kind, _)| *kind != Kind::Space) {
        Some((Kind::Word, word)) => BEFORE_EXPRESSIONS.contains(word),
        Some((Kind::Sign, sign)) => !matches!(*sign, ")" | "]" | "}"),
        Some((Kind::Literal, part)) => part.ends_with("${"),
        Some(_) => false,
        None => true,
    }
}

/// Returns the length of a literal. `end` returns the length of its end if a text begins with it. `\` and the sign behind it are no end.
fn literal(text: &str, mut end: impl FnMut(&str) -> Option<usize>) -> usize {
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        if sign == '\\' {
            signs.next();
        } else if let Some(length) = end(&text[at..]) {
            return at + length;
        }
    }
    text.len()
}

/// Returns the length of a regular expression without its flags. A `/` in brackets does not end it.
fn regular_expression(text: &str) -> usize {
    let mut is_in_brackets = false;
    literal(text, |rest| {
        is_in_brackets = !rest.starts_with(']') && (is_in_brackets || rest.starts_with('['));
        (!is_in_brackets && rest.starts_with('/')).then_some(1)
    })
}

/// Returns the length of a template up to its end or the beginning of its next expression.
fn template(text: &str, templates: &mut Vec<usize>) -> usize {
    literal(text, |rest| {
        if rest.starts_with("${") {
            templates.push(0);
            return Some(2);
        }
        rest.starts_with('`').then_some(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, expected: &str) {
        let joined: String = tokens(script).into_iter().map(|(_, text)| text).collect();
        assert_eq!(joined, script);
        let names = HashMap::from([("long", "a".to_owned()), ("./module.js", "b".to_owned())]);
        assert_eq!(minify(script, &names), expected);
    }

    #[test]
    fn spaces_and_comments_go() {
        check(
            "/** doc */\nexport function f(a, b) {\n    // why\n    return a + b;\n}\n",
            "export function f(a,b){return a + b;}",
        );
        check("const { a } = b ? [1] : x => 2; /* c */ let d", "const{a}=b?[1]:x=> 2;let d");
        check("typeof a /* b */ === 'c'", "typeof a==='c'");
    }

    #[test]
    fn spaces_that_mean_something_stay() {
        check("a + +b - -c", "a + +b - -c");
        check("let a = b\nc()\n(d)\n++e", "let a=b\nc()\n(d)\n++e");
        check("return /* \n */ a", "return\na");
        check("f = () => {}\n/a/.test(b)", "f=()=>{}\n/a/.test(b)");
        check("a in b instanceof C", "a in b instanceof C");
    }

    #[test]
    fn literals_stay() {
        check("a = 'it\\'s  // no' + \"/*  */\"", "a='it\\'s  // no' + \"/*  */\"");
        check(
            "a = `x  // ${ b + `{  ${ { c: 1 }.c }  ` }  }` ;  d",
            "a=`x  // ${b + `{  ${{c:1}.c}  `}  }`;d",
        );
        check("`\\`  \\${  }`  +  a", "`\\`  \\${  }` + a");
        check("a = /[/\"]  \\/ '/g ;  b", "a=/[/\"]  \\/ '/g;b");
        check("a = b  /  c  /  'd'", "a=b / c / 'd'");
        check("return  /  '/ ; (a)  /  2", "return /  '/;(a)/ 2");
        check("`${  /  `/ }`", "`${/  `/}`");
    }

    #[test]
    fn names_are_replaced_where_they_are_whole() {
        check("({ long: longer, \"./module.js\": 'long', d: `long` })", "({a:longer,\"b\":\"a\",d:`long`})");
    }

    #[test]
    fn a_damaged_script_is_no_reason_to_fail() {
        for script in ["'", "`", "`${", "/*", "/", "a = /", "}", "\\", "'\\"] {
            minify(script, &HashMap::new());
        }
    }
}
