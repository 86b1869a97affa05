//! Random numbers that cannot be guessed.

use crate::common::bytes_input::to_hex;

/// Returns 32 random hexadecimal digits.
pub fn hex() -> String {
    let mut bytes = [0; 16];
    // Fails only for more than 65,536 bytes.
    let _ = web_sys::window()
        .and_then(|window| window.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok());
    to_hex(&bytes).replace(' ', "")
}
