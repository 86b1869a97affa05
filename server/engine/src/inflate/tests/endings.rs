//! The end of a message, well formed or not.

use super::*;

/// Returns a text that zlib compresses to a block with dynamic codes.
fn text() -> Vec<u8> {
    (0..200).flat_map(|number: u32| format!("{{\"id\":{}}},", number.pow(3)).into_bytes()).collect()
}

#[test]
fn well_formed_messages_are_accepted() {
    let stored = |first: u8, bytes: &[u8]| {
        let len = (bytes.len() as u16).to_le_bytes();
        [&[first, len[0], len[1], !len[0], !len[1]], bytes].concat()
    };
    let text = text();
    for (case, message, plain) in [
        ("an empty message", vec![0x00], &b""[..]),
        ("padding that is not zero", vec![0xf8], b""),
        ("an empty message as zlib makes it", vec![0x02, 0x00], b""),
        ("two empty blocks", vec![0x00, 0x00, 0x00, 0xff, 0xff, 0x00], b""),
        ("fixed codes", Bits::default().block(false).literals(b"a").end_of_block().message(), b"a"),
        ("dynamic codes", compress(&text), &text),
        ("without compression", [stored(0, b"Hello"), vec![0]].concat(), b"Hello"),
        ("a final block", vec![0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00], b"Hello"),
        ("a final block without compression", [stored(1, b"Hello"), vec![0]].concat(), b"Hello"),
        ("data behind a final block", [stored(1, b"Hel"), stored(0, b"lo"), vec![0]].concat(), b"Hello"),
        ("two final blocks", [stored(1, b"Hel"), stored(1, b"lo"), vec![0]].concat(), b"Hello"),
        // Section 7.2.1 requires an empty stored block at the end, and does not require that its BFINAL is 0.
        ("a final block at the end", vec![0x01], b""),
        ("data, and a final block at the end", [stored(0, b"Hello"), vec![1]].concat(), b"Hello"),
    ] {
        for_each_way(&message, |way, inflater, pieces| {
            assert_eq!(inflate(inflater, pieces).as_deref(), Ok(plain), "{case}, {way}");
            // The next message can be inflated.
            assert_eq!(
                inflate(inflater, [&compress(b"next")[..]]).as_deref(),
                Ok(&b"next"[..]),
                "{case}, {way}"
            );
        });
    }
}

#[test]
fn a_message_that_is_not_well_formed_is_refused_before_the_next() {
    let text = compress(&text());
    let fixed = |is_final| Bits::default().block(is_final).literals(b"Hello").clone();
    let mut cases = vec![
        ("nothing", vec![]),
        ("a final block and nothing behind it", vec![0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]),
        (
            "a block and two bits of the empty one",
            Bits::default().block(false).literals(&[0xff; 4]).end_of_block().put(0, 2).bytes.clone(),
        ),
        ("data and no end of its block", fixed(false).bytes),
        ("data and no end of its final block", fixed(true).bytes),
        ("a block of a type that there is not", vec![0x06]),
        ("the header of a block with fixed codes", vec![0x02]),
        ("the header of a block with dynamic codes", vec![0x04]),
        ("a length without compression", vec![0x00, 0x05]),
        ("three of the four bytes of the lengths", vec![0x00, 0x05, 0x00, 0xfa]),
        ("lengths that wait for the tail's first byte", vec![0x00, 0xff, 0xff, 0x00]),
        ("no data without compression", vec![0x00, 0x05, 0x00, 0xfa, 0xff]),
        ("the tail is data without compression", vec![0x00, 0x04, 0x00, 0xfb, 0xff]),
        ("too little data without compression", vec![0x00, 0x05, 0x00, 0xfa, 0xff, b'H']),
        ("the empty block with all its lengths", vec![0x00, 0x00, 0x00, 0xff, 0xff]),
        ("a byte too many", vec![0x00, 0x00]),
        // RFC 1951 section 3.2.6: the first zeros of the tail end the block.
        ("fixed codes that the tail ends", fixed(false).put(0, 4).bytes.clone()),
    ];
    // Cuts within the codes and within the data.
    for len in (1..100).chain((100..text.len()).step_by(53)) {
        cases.push(("a message that is cut", text[..len].to_vec()));
    }
    for (case, message) in cases {
        for_each_way(&message, |way, inflater, pieces| {
            let error = inflate(inflater, pieces).expect_err(case);
            let expected = matches!(error, ProtocolError::UnfinishedDeflate)
                // A reserved type of block is an error at its own byte.
                || message == [0x06] && error == ProtocolError::BadDeflate;
            assert!(expected, "{case} of {} bytes, {way}: {error}", message.len());
        });
    }
}

/// Calls `check` with inflaters of each kind, new and used, and with the message whole, byte by byte, and split in two.
fn for_each_way(message: &[u8], check: impl Fn(&str, &mut Inflater, Vec<&[u8]>)) {
    let mut ways = vec![vec![message], message.chunks(1).collect()];
    for at in (0..=message.len()).filter(|at| at + 6 > message.len()) {
        let (head, tail) = message.split_at(at);
        ways.push(vec![head, &[], tail, &[]]);
    }
    for (window_bits, no_context_takeover) in [(12, false), (12, true), (15, false), (15, true)] {
        for pieces in &ways {
            let lens: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
            let way = format!("{window_bits} bits, no context takeover: {no_context_takeover}, {lens:?}");
            check(&way, &mut inflater(window_bits, no_context_takeover), pieces.clone());
            let mut used = inflater(window_bits, no_context_takeover);
            assert_eq!(inflate(&mut used, [&compress(b"before")[..]]).as_deref(), Ok(&b"before"[..]));
            check(&way, &mut used, pieces.clone());
        }
    }
}

/// Returns the beginning of the header of a block with dynamic codes, which the tail completes: its 16 zeros are 16 codes that do
/// not occur, its next 8 ones are a run of 10 more, and the next `bits` ones are the end of the block. The code for the lengths
/// has one bit for 0, two for 18, and five for seven lengths and for 17, whose bits are all ones.
fn header_that_the_tail_completes(bits: u32) -> Vec<u8> {
    const ORDER: [u32; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    // Seven lengths, so that there are eight codes of five bits. The last code of the longest length is the end of the block.
    let (lengths, literals) = match bits {
        8 => (2..=8, vec![2, 2, 2, 3, 4, 5, 6, 7, 8]),
        bits => (1..=7, (1..=bits).collect()),
    };
    let code_of = |symbol: u32| 0b11000 + symbol - lengths.start();
    // The header has to end at a byte boundary: single zeros fill it up.
    for singles in 0..8 {
        let mut header = Bits::default();
        header.put(0, 1).put(2, 2).put(0, 5).put(26 - 1, 5).put(19 - 4, 4);
        for symbol in ORDER {
            let len = match symbol {
                0 => 1,
                18 => 2,
                17 => 5,
                length if lengths.contains(&length) => 5,
                _ => 0,
            };
            header.put(len, 3);
        }
        for &length in &literals {
            header.code(code_of(length), 5);
        }
        let zeros = 256 - literals.len() as u32 - singles;
        header.put(0, singles);
        for run in [138, zeros - 138] {
            header.code(0b10, 2).put(run - 11, 7);
        }
        header.code(code_of(bits), 5);
        if header.used == 8 {
            return header.bytes;
        }
    }
    unreachable!("one of eight numbers of bits ends with a byte")
}

#[test]
fn a_header_that_the_tail_completes_is_refused() {
    for bits in 1..=7 {
        let message = header_that_the_tail_completes(bits);
        for_each_way(&message, |way, inflater, pieces| {
            assert_eq!(
                inflate(inflater, pieces),
                Err(ProtocolError::UnfinishedDeflate),
                "{bits} bits, {way}"
            );
        });
    }
    // The block ends with the tail. No decoder that appends the tail (RFC 7692 section 7.2.2) can notice that, and the next
    // message can be inflated.
    let message = header_that_the_tail_completes(8);
    for_each_way(&message, |way, inflater, pieces| {
        assert_eq!(inflate(inflater, pieces), Ok(vec![]), "{way}");
        assert_eq!(inflate(inflater, [&compress(b"next")[..]]).as_deref(), Ok(&b"next"[..]), "{way}");
    });
}
