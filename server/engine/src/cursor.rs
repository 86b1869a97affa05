//! The way through a buffer that turns what was read into what goes back.

use super::mask::Mask;

/// Where the next byte is read and where the next one is written. Writing never overtakes reading, for every frame gets
/// shorter by its mask.
pub(super) struct Cursor {
    pub(super) read: usize,
    pub(super) write: usize,
}

/// Writes a frame's header without the mask, and steps over it. `len` is that of the header that was read.
pub(super) fn write_header(buffer: &mut [u8], cursor: &mut Cursor, len: usize) {
    let Cursor { read, write } = *cursor;
    if len == 6 {
        // Nearly all headers of small messages: worth not to call memmove for two bytes.
        [buffer[write], buffer[write + 1]] = [buffer[read], buffer[read + 1] & 0x7f];
    } else {
        buffer.copy_within(read..read + len - 4, write);
        buffer[write + 1] &= 0x7f;
    }
    cursor.read += len;
    cursor.write += len - 4;
}

/// Unmasks as much of a payload as is there to where it goes out; says how much that was.
pub(super) fn pass(left: u64, mask: &mut Mask, buffer: &mut [u8], cursor: &mut Cursor) -> u64 {
    let len = left.min((buffer.len() - cursor.read) as u64) as usize;
    mask.apply(buffer, cursor.read, cursor.write, len);
    cursor.read += len;
    cursor.write += len;
    len as u64
}
