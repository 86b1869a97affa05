use super::*;

fn problem(text: &str) -> (usize, usize, JsonKind) {
    let problem = check(text).expect_err(text);
    assert_eq!(pretty(text), Err(problem), "{text}");
    (problem.position.line, problem.position.column, problem.kind)
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    use JsonKind::*;
    for (text, line, column, kind) in [
        ("", 1, 1, End),
        ("\n ", 2, 2, End),
        ("[1,\n2", 2, 2, End),
        ("{\"a\"", 1, 5, End),
        ("[1,", 1, 4, End),
        ("\"abc", 1, 5, EndInString),
        ("\"abc\\", 1, 6, EndInString),
        ("[1,]", 1, 3, TrailingComma),
        ("{\"a\":1,\n}", 1, 7, TrailingComma),
        ("[1 2]", 1, 4, MissingComma),
        ("{\"a\":1 \"b\":2}", 1, 8, MissingComma),
        ("{\"a\" 1}", 1, 6, MissingColon),
        ("{\"a\",1}", 1, 5, MissingColon),
        ("{a:1}", 1, 2, Unquoted),
        ("{'a':1}", 1, 2, Unquoted),
        ("['a']", 1, 2, Unquoted),
        ("[True]", 1, 2, Word),
        ("nul", 1, 4, End),
        ("NaN", 1, 1, Word),
        ("[01]", 1, 2, Number),
        ("+1", 1, 1, Number),
        (".5", 1, 1, Number),
        ("1.", 1, 1, Number),
        ("1e", 1, 1, Number),
        ("-", 1, 1, Number),
        ("--1", 1, 1, Number),
        ("1.2.3", 1, 1, Number),
        ("0x10", 1, 1, Number),
        ("-Infinity", 1, 1, Number),
        ("\"🦀\\x\"", 1, 3, Escape),
        ("\"\\u12g4\"", 1, 2, Escape),
        ("\"\\u12", 1, 6, EndInString),
        ("[nul]", 1, 2, Word),
        ("[truex]", 1, 2, Word),
        ("[1 'a']", 1, 4, Unquoted),
        ("\"a\n\"", 1, 3, ControlCharacter),
        ("\"\t\"", 1, 2, ControlCharacter),
        ("{} {}", 1, 4, More),
        ("1,", 1, 2, More),
        ("[,1]", 1, 2, Unexpected(',')),
        ("[1}", 1, 3, Unexpected('}')),
        ("{]", 1, 2, Unexpected(']')),
        ("[1,,2]", 1, 4, Unexpected(',')),
        ("{1:2}", 1, 2, Unexpected('1')),
        ("{\"a\":}", 1, 6, Unexpected('}')),
        ("[“a”]", 1, 2, Unexpected('“')),
        ("\u{feff}{}", 1, 1, Unexpected('\u{feff}')),
        ("[1 // x\n]", 1, 4, Unexpected('/')),
    ] {
        assert_eq!(problem(text), (line, column, kind), "{text}");
    }
}

#[test]
fn the_place_is_told_in_bytes_too() {
    assert_eq!(check("[\"🦀\",]").map_err(|problem| (problem.at, problem.position.column)), Err((7, 5)));
}

#[test]
fn every_token_stays_as_it_is_written() {
    let text = r#"{"b":1.00,"a":12345678901234567890,"a":1e400,"c":["\u00e9\/",{}, [ ],-0.0],"d":null}"#;
    let laid_out = r#"{
  "b": 1.00,
  "a": 12345678901234567890,
  "a": 1e400,
  "c": [
    "\u00e9\/",
    {},
    [],
    -0.0
  ],
  "d": null
}"#;
    assert_eq!(pretty(text).as_deref(), Ok(laid_out));
    assert_eq!(pretty(laid_out).as_deref(), Ok(laid_out), "a second time changes nothing");
    assert_eq!(pretty(" 1.0 ").as_deref(), Ok("1.0"));
    assert_eq!(pretty("[[1,2]]").as_deref(), Ok("[\n  [\n    1,\n    2\n  ]\n]"));
}

#[test]
fn deep_texts_need_no_stack_and_no_square_of_their_length() {
    let depth = 2 << 20;
    let text = "[".repeat(depth) + &"]".repeat(depth);
    let laid_out = pretty(&text).unwrap();
    assert!(laid_out.len() < text.len() + 64 * 150 * 2);
    assert_eq!(laid_out.chars().filter(|c| !c.is_whitespace()).collect::<String>(), text);
    assert_eq!(problem(&"{\"a\":[".repeat(100_000)).2, JsonKind::End);
    let deep = "[".repeat(66) + "1,2" + &"]".repeat(66);
    assert!(pretty(&deep).unwrap().contains('\n') && pretty(&deep).unwrap().contains("[[1, 2]]"));
}

#[test]
fn long_texts_are_read_in_one_go() {
    let text = format!("[{}1]", "{\"name\":\"value\"},".repeat(16 << 20 >> 4));
    assert!(text.len() > 16 << 20);
    let laid_out = pretty(&text).unwrap();
    assert_eq!(laid_out.lines().count(), (16 << 20 >> 4) * 3 + 3);
}

#[test]
fn a_text_that_would_become_huge_is_refused_and_not_laid_out() {
    let text = "[".repeat(64) + &"1,".repeat(2 << 20) + "1" + &"]".repeat(64);
    assert_eq!(check(&text), Ok(()));
    assert_eq!(pretty(&text).map_err(|problem| problem.kind), Err(JsonKind::TooLong));
}
