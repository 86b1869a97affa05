//! Hex dump of bytes: offset, hexadecimal digits, and ASCII.

use std::fmt::Write as _;

/// Usual number of bytes in a line.
pub const USUAL: usize = 16;

/// Returns the largest number of bytes in a line whose width, in characters, fits; four if none fits.
pub fn fitting(width: usize) -> usize {
    [USUAL, 8].into_iter().find(|columns| characters(*columns) <= width).unwrap_or(4)
}

/// Returns the width of a line in characters: an offset of eight digits, the bytes, and their ASCII, with gaps of two.
const fn characters(columns: usize) -> usize {
    8 + 2 + hex_characters(columns) + 2 + columns
}

/// Two digits per byte and a space between bytes, with one more space in the middle of sixteen.
const fn hex_characters(columns: usize) -> usize {
    columns * 3 - 1 + columns / USUAL
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Offset of the line's first byte, in eight hexadecimal digits.
    pub offset: String,
    /// Bytes in hexadecimal, padded to the same width in every line.
    pub hex: String,
    /// One character per byte: the byte itself if it is printable ASCII, otherwise a dot.
    pub ascii: String,
}

/// Returns the place of a byte's digits in [`Line::hex`]. `byte` is its index in the line.
pub fn column(byte: usize) -> usize {
    byte * 3 + usize::from(byte >= 8)
}

/// Returns the line with this index, or `None` behind the end. `columns` is the number of bytes in a line.
pub fn line(bytes: &[u8], columns: usize, index: usize) -> Option<Line> {
    let start = index.checked_mul(columns)?;
    let bytes = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    let bytes = bytes.get(..columns).unwrap_or(bytes);
    let mut hex = String::with_capacity(hex_characters(columns));
    for (place, byte) in bytes.iter().enumerate() {
        let gap = match place {
            0 => "",
            8 => "  ",
            _ => " ",
        };
        // Writing to a String cannot fail.
        let _ = write!(hex, "{gap}{byte:02x}");
    }
    hex.extend(std::iter::repeat_n(' ', hex_characters(columns).saturating_sub(hex.len())));
    let printable = |byte: &u8| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '.' };
    let ascii = bytes.iter().map(printable).collect();
    Some(Line { offset: format!("{start:08x}"), hex, ascii })
}

/// Returns the dump of the first bytes, up to a limit, as text with a line feed behind each line.
pub fn dump(bytes: &[u8], columns: usize, limit: usize) -> String {
    let bytes = bytes.get(..limit).unwrap_or(bytes);
    let lines = bytes.len().div_ceil(columns);
    let mut out = String::with_capacity(lines.saturating_mul(characters(columns) + 1));
    for line in (0..lines).map_while(|index| line(bytes, columns, index)) {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}  {}  {}", line.offset, line.hex, line.ascii);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_offset_bytes_and_ascii() {
        let bytes: Vec<u8> = (0x28..0x48).collect();
        let second = line(&bytes, 16, 1).unwrap();
        assert_eq!(second.offset, "00000010");
        assert_eq!(second.hex, "38 39 3a 3b 3c 3d 3e 3f  40 41 42 43 44 45 46 47");
        assert_eq!(second.ascii, "89:;<=>?@ABCDEFG");
        assert_eq!(line(&bytes, 16, 2), None);
        let narrow = line(&bytes, 8, 3).unwrap();
        assert_eq!((narrow.offset.as_str(), narrow.ascii.as_str()), ("00000018", "@ABCDEFG"));
        assert_eq!(line(&[], 16, 0), None);
        assert_eq!(line(&bytes, 16, usize::MAX), None);
    }

    #[test]
    fn what_is_not_printable_ascii_is_a_dot() {
        let bytes: Vec<u8> = (0..=255).collect();
        let ascii: String = (0..16).map(|index| line(&bytes, 16, index).unwrap().ascii).collect();
        assert_eq!(ascii.len(), 256);
        assert_eq!(ascii.chars().filter(|c| *c != '.').count(), 0x7f - 0x20 - 1, "the dot itself is one too");
        assert_eq!(&ascii[0x1f..0x22], ". !");
        assert_eq!(&ascii[0x7d..0x81], "}~..");
    }

    #[test]
    fn every_line_of_a_dump_is_as_wide_as_is_said() {
        for columns in [4, 8, 16] {
            let bytes = vec![b'x'; columns * 2];
            let text = dump(&bytes, columns, usize::MAX);
            assert!(text.lines().all(|line| line.len() == characters(columns)), "{text}");
            assert_eq!(text.lines().count(), 2);
            assert_eq!(fitting(characters(columns)), columns);
        }
        assert_eq!([characters(16) - 1, characters(8) - 1, 0].map(fitting), [8, 4, 4]);
    }

    #[test]
    fn the_last_line_keeps_its_columns() {
        assert_eq!(
            dump(b"0123456789abcdef\n", 16, usize::MAX),
            "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n\
             00000010  0a                                                .\n"
        );
        assert_eq!(dump(b"abc", 4, 2), "00000000  61 62        ab\n", "no more than the limit");
        assert_eq!(dump(b"", 16, 9), "");
    }

    #[test]
    fn a_line_of_a_long_message_costs_no_more_than_one_of_a_short_one() {
        let bytes = vec![0; 64 << 20];
        assert_eq!(line(&bytes, 16, (4 << 20) - 1).unwrap().offset, "03fffff0");
    }
}
