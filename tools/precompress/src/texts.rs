//! Texts of the page, without their keys.

/// Packs the lines of a file, which are `[section]` or `key: text`, behind `#` a comment, or empty.
///
/// Output: a line with the fingerprint of the keys, and the texts, a line each. The page knows the keys and their order by its build
/// (`client/src/texts/mod.rs`). The fingerprint is the 32-bit FNV-1a hash of each section's name and each key, with a line feed behind it.
pub(crate) fn pack(file: &str) -> String {
    let (mut hash, mut texts) = (0x811c_9dc5_u32, String::new());
    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let key = match line.split_once(": ") {
            Some((key, text)) => {
                texts += "\n";
                texts += text;
                key
            }
            None => line.trim_matches(['[', ']']),
        };
        for byte in key.bytes().chain([b'\n']) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash.to_string() + &texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_its_fingerprint_and_its_texts() {
        let packed = pack("# comment\n\n[one]\na: A: b\n[two]\nc: {n} d|e\n");
        let (fingerprint, texts) = packed.split_once('\n').unwrap();
        assert_eq!(texts, "A: b\n{n} d|e");
        assert_eq!(fingerprint, pack("[one]\na: x\n[two]\nc: y").lines().next().unwrap());
        assert_ne!(fingerprint, pack("[one]\nc: x\n[two]\na: y").lines().next().unwrap());
        assert_eq!(pack(""), "2166136261");
    }
}
