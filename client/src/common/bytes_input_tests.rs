use super::*;

fn problem(read: Result<Vec<u8>, BytesProblem>) -> (usize, usize, BytesKind) {
    let problem = read.unwrap_err();
    (problem.position.line, problem.position.column, problem.kind)
}

#[test]
fn hex_is_taken_as_people_paste_it() {
    for text in [
        "deadbeef",
        "DE AD BE EF",
        "de:ad:be:ef",
        "0xde, 0xad, 0xbe, 0xef",
        "0xdeadbeef",
        "0XDEAD 0xBEEF\n",
        "\tde\r\nad\nbeef",
    ] {
        assert_eq!(hex(text), Ok(vec![0xde, 0xad, 0xbe, 0xef]), "{text}");
    }
    for text in ["", " \n", ",,"] {
        assert_eq!(hex(text), Ok(Vec::new()), "{text:?}");
    }
    assert_eq!(hex("00 0x00"), Ok(vec![0, 0]));
}

#[test]
fn the_first_bad_character_of_hex_is_told() {
    use BytesKind::*;
    for (text, line, column, kind) in [
        ("de ag", 1, 5, Hex('g')),
        ("de\nad 🦀", 2, 4, Hex('🦀')),
        ("d🦀", 1, 2, Hex('🦀')),
        ("xx", 1, 1, Hex('x')),
        ("de a", 1, 4, HexOdd),
        ("d ea", 1, 1, HexOdd),
        ("deadb", 1, 5, HexOdd),
        ("0x", 1, 3, HexOdd),
        ("0x 12", 1, 3, HexOdd),
        ("0x1", 1, 3, HexOdd),
        ("ab0x12", 1, 4, Hex('x')),
        ("0x0x12", 1, 4, Hex('x')),
    ] {
        assert_eq!(problem(hex(text)), (line, column, kind), "{text}");
    }
}

#[test]
fn base64_is_taken_in_both_alphabets_with_and_without_padding() {
    for (text, bytes) in [
        ("", &b""[..]),
        ("Zg==", b"f"),
        ("Zg", b"f"),
        ("Zm8=", b"fo"),
        ("Zm8", b"fo"),
        ("Zm9v", b"foo"),
        ("Zm9v\nYmFy ", b"foobar"),
        ("Z g = =", b"f"),
        ("++//", b"\xfb\xef\xff"),
        ("--__", b"\xfb\xef\xff"),
    ] {
        assert_eq!(base64(text).as_deref(), Ok(bytes), "{text}");
    }
}

#[test]
fn the_first_bad_character_of_base64_is_told() {
    use BytesKind::*;
    for (text, line, column, kind) in [
        ("Zm9*", 1, 4, Base64('*')),
        ("Zm9v\n🦀", 2, 1, Base64('🦀')),
        ("=", 1, 1, Base64Padding),
        ("Zm9v=", 1, 5, Base64Padding),
        ("Z===", 1, 1, Base64Single),
        ("Zg=", 1, 3, Base64Padding),
        ("Zg===", 1, 5, Base64Padding),
        ("Zm8==", 1, 5, Base64Padding),
        ("Zg==Zg", 1, 3, Base64AfterPadding),
        ("Zm9vZ", 1, 5, Base64Single),
        ("Zh==", 1, 2, Base64Bits),
        ("Zm9", 1, 3, Base64Bits),
    ] {
        assert_eq!(problem(base64(text)), (line, column, kind), "{text}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    let all: Vec<u8> = (0..=255).collect();
    for length in 0..=256 {
        let bytes = &all[..length];
        assert_eq!(hex(&to_hex(bytes)).as_deref(), Ok(bytes));
        assert_eq!(base64(&to_base64(bytes)).as_deref(), Ok(bytes));
    }
    assert_eq!(to_hex(&[0, 0x0f, 0xff]), "00 0f ff");
    assert_eq!(
        (to_base64(b"f"), to_base64(b"fo"), to_base64(b"foo")),
        ("Zg==".into(), "Zm8=".into(), "Zm9v".into())
    );
}

#[test]
fn a_change_of_mode_keeps_the_bytes() {
    assert_eq!(Mode::Text.convert("é\n", Mode::Hex).as_deref(), Ok("c3 a9 0a"));
    assert_eq!(Mode::Hex.convert("c3 a9 0a", Mode::Base64).as_deref(), Ok("w6kK"));
    assert_eq!(Mode::Base64.convert("w6kK", Mode::Text).as_deref(), Ok("é\n"));
}

#[test]
fn what_cannot_change_its_mode_says_why() {
    assert_eq!(Mode::Hex.convert("ff fe", Mode::Text), Err(Unconvertible::NoText));
    assert_eq!(Mode::Hex.convert("61 0d 0a", Mode::Text).as_deref(), Ok("a\r\n"));
    assert_eq!(Mode::Text.convert("a\r\n", Mode::Hex).as_deref(), Ok("61 0d 0a"));
    assert_eq!(Mode::Hex.convert("0d 0a 0a", Mode::Text), Err(Unconvertible::MixedLineEnds));
    assert_eq!(Mode::Hex.convert("zz", Mode::Text), Err(Unconvertible::Wrong));
}

#[test]
fn modes_have_names() {
    for mode in Mode::ALL {
        assert_eq!(Mode::named(mode.name()), Some(mode));
    }
    assert_eq!(Mode::named("octal"), None);
}
