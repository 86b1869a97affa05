use super::*;

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
fn the_first_bad_character_is_told() {
    use BytesKind::*;
    for (mode, text, line, column, kind) in [
        (Mode::Hex, "de ag", 1, 5, Hex('g')),
        (Mode::Hex, "de\nad 🦀", 2, 4, Hex('🦀')),
        (Mode::Hex, "d🦀", 1, 2, Hex('🦀')),
        (Mode::Hex, "xx", 1, 1, Hex('x')),
        (Mode::Hex, "de a", 1, 4, HexOdd),
        (Mode::Hex, "d ea", 1, 1, HexOdd),
        (Mode::Hex, "deadb", 1, 5, HexOdd),
        (Mode::Hex, "0x", 1, 3, HexOdd),
        (Mode::Hex, "0x 12", 1, 3, HexOdd),
        (Mode::Hex, "0x1", 1, 3, HexOdd),
        (Mode::Hex, "ab0x12", 1, 4, Hex('x')),
        (Mode::Hex, "0x0x12", 1, 4, Hex('x')),
        (Mode::Base64, "Zm9*", 1, 4, Base64('*')),
        (Mode::Base64, "Zm9v\n🦀", 2, 1, Base64('🦀')),
        (Mode::Base64, "=", 1, 1, Base64Padding),
        (Mode::Base64, "Zm9v=", 1, 5, Base64Padding),
        (Mode::Base64, "Z===", 1, 1, Base64Single),
        (Mode::Base64, "Zg=", 1, 3, Base64Padding),
        (Mode::Base64, "Zg===", 1, 5, Base64Padding),
        (Mode::Base64, "Zm8==", 1, 5, Base64Padding),
        (Mode::Base64, "Zg==Zg", 1, 3, Base64AfterPadding),
        (Mode::Base64, "Zm9vZ", 1, 5, Base64Single),
        (Mode::Base64, "Zh==", 1, 2, Base64Bits),
        (Mode::Base64, "Zm9", 1, 3, Base64Bits),
    ] {
        let BytesProblem { position, kind: have } = mode.bytes(text).unwrap_err();
        assert_eq!((position.line, position.column, have), (line, column, kind), "{mode:?}: {text}");
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
    assert_eq!([&b"f"[..], b"fo", b"foo"].map(to_base64), ["Zg==", "Zm8=", "Zm9v"]);
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
