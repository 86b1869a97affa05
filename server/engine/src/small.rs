//! The shortest way for what most clients send: small messages of one frame each, uncompressed. What is not like that is left
//! to the general way, which would do the same with these, in three times the time.

use super::{Fault, cursor::Cursor, mask::Mask, tally::Tally};

/// The longest payload whose length is in the second byte of the header (RFC 6455 section 5.2).
const LONGEST: u64 = 125;

/// Echoes messages from the cursor on, as far as all of them is there and none is longer than `limit`, and counts them. No message
/// may be open.
pub(super) fn echo(
    buffer: &mut [u8],
    cursor: &mut Cursor,
    limit: u64,
    tally: &mut Tally,
) -> Result<(), Fault> {
    let longest = limit.min(LONGEST) as usize;
    while let &[first @ (0x81 | 0x82), second, a, b, c, d, ref rest @ ..] = &buffer[cursor.read..] {
        // A frame that is not masked gets too long by this.
        let len = usize::from(second ^ 0x80);
        if len > longest || len > rest.len() {
            break;
        }
        let (start, body) = (cursor.write, cursor.write + 2);
        buffer[start..body].copy_from_slice(&[first, len as u8]);
        Mask::new([a, b, c, d]).apply(buffer, cursor.read + 6, body, len);
        cursor.read += 6 + len;
        if first == 0x81 && simdutf8::basic::from_utf8(&buffer[body..body + len]).is_err() {
            return Err(Fault::NotUtf8);
        }
        cursor.write = body + len;
        let count = tally.of(first == 0x81);
        count.messages += 1;
        count.bytes += len as u64;
    }
    Ok(())
}
