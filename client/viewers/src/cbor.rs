//! CBOR (RFC 8949).

use minicbor::{Decoder, data::Type};

use crate::{DEPTH, json::Json};

/// Returns one value as JSON, or the position of a fault.
///
/// # Errors
///
/// The bytes are not exactly one value, or it is nested deeper than [`DEPTH`].
pub fn to_json(bytes: &[u8]) -> Result<String, usize> {
    let mut reader = Reader { decoder: Decoder::new(bytes), out: Json::default() };
    reader.value(0)?;
    let end = reader.decoder.position();
    if end == bytes.len() { Ok(reader.out.0) } else { Err(end) }
}

struct Reader<'a> {
    decoder: Decoder<'a>,
    out: Json,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<(), usize> {
        let start = self.decoder.position();
        let at = |_| start.min(self.decoder.input().len());
        let kind = self.decoder.datatype().map_err(at)?;
        let fault = |_| start;
        match kind {
            Type::Bool => {
                let value = self.decoder.bool().map_err(fault)?;
                self.out.plain(value);
            }
            Type::Null => {
                self.decoder.null().map_err(fault)?;
                self.out.plain("null");
            }
            Type::Undefined => {
                self.decoder.undefined().map_err(fault)?;
                self.out.text("<undefined>");
            }
            Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::I8
            | Type::I16
            | Type::I32
            | Type::I64
            | Type::Int => {
                let value = self.decoder.int().map_err(fault)?;
                self.out.plain(i128::from(value));
            }
            Type::F16 => {
                let bits =
                    self.decoder.input().get(start + 1..start + 3).and_then(|bits| bits.try_into().ok());
                self.out.float(half(u16::from_be_bytes(bits.ok_or(start)?)));
                self.decoder.set_position(start + 3);
            }
            Type::F32 => {
                let value = self.decoder.f32().map_err(fault)?;
                self.out.float(value);
            }
            Type::F64 => {
                let value = self.decoder.f64().map_err(fault)?;
                self.out.float(value);
            }
            Type::Simple => {
                let value = self.decoder.simple().map_err(fault)?;
                self.out.text(&format!("<simple {value}>"));
            }
            Type::Bytes | Type::BytesIndef => {
                let parts: Result<Vec<_>, _> = self.decoder.bytes_iter().map_err(fault)?.collect();
                self.out.bytes(parts.map_err(fault)?);
            }
            Type::String | Type::StringIndef => {
                let parts: Result<Vec<_>, _> = self.decoder.str_iter().map_err(fault)?.collect();
                self.out.text(&parts.map_err(fault)?.concat());
            }
            _ if depth >= DEPTH => return Err(start),
            Type::Array | Type::ArrayIndef => {
                let items = self.decoder.array().map_err(fault)?;
                self.out.plain('[');
                self.repeat(items, |reader| reader.value(depth + 1))?;
                self.out.plain(']');
            }
            Type::Map | Type::MapIndef => {
                let members = self.decoder.map().map_err(fault)?;
                self.out.plain('{');
                self.repeat(members, |reader| {
                    let key = reader.out.0.len();
                    reader.value(depth + 1)?;
                    reader.out.make_key(key);
                    reader.out.plain(':');
                    reader.value(depth + 1)
                })?;
                self.out.plain('}');
            }
            Type::Tag => {
                let tag = self.decoder.tag().map_err(fault)?;
                self.out.plain(format_args!("{{\"<tag {}>\":", tag.as_u64()));
                self.value(depth + 1)?;
                self.out.plain('}');
            }
            Type::Break | Type::Unknown(_) => return Err(start),
        }
        Ok(())
    }

    /// Reads `count` items, or those up to the break of a container without a length.
    fn repeat(
        &mut self,
        count: Option<u64>,
        mut item: impl FnMut(&mut Self) -> Result<(), usize>,
    ) -> Result<(), usize> {
        let mut index = 0;
        loop {
            match count {
                Some(count) if index == count => return Ok(()),
                None if self.decoder.datatype().is_ok_and(|kind| kind == Type::Break) => {
                    self.decoder.set_position(self.decoder.position() + 1);
                    return Ok(());
                }
                _ => {}
            }
            if index > 0 {
                self.out.plain(',');
            }
            item(self)?;
            index += 1;
        }
    }
}

/// Returns the value of a float of 16 bits (RFC 8949, appendix D).
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let value = match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (fraction + 1024.0) * 2_f32.powi(exponent - 25),
    };
    if bits >> 15 == 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_become_json() {
        for (bytes, json) in [
            (&b"\xa2\x61a\x01\x62\xc3\xa9\x83\xf6\xf4\xf5"[..], r#"{"a":1,"é":[null,false,true]}"#),
            (
                b"\x83\x20\x1b\xff\xff\xff\xff\xff\xff\xff\xff\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
                "[-1,18446744073709551615,-18446744073709551616]",
            ),
            (b"\x83\xf9\x3e\x00\xfa\x3d\xcc\xcc\xcd\xfb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "[1.5,0.1,0.1]"),
            (b"\x83\xf9\x7e\x00\xf9\x7c\x00\xf7", r#"["<NaN>","<Infinity>","<undefined>"]"#),
            (b"\x9f\x5f\x41\x00\x41\xff\xff\x7f\x61a\x61b\xff\xff", r#"["h'00ff'","ab"]"#),
            (
                b"\x84\xf9\x00\x01\xf9\xc4\x00\xf9\x7b\xff\xf9\xfc\x00",
                r#"[5.9604645e-8,-4.0,65504.0,"<-Infinity>"]"#,
            ),
            (b"\xbf\x01\xc0\x60\xff", r#"{"<1>":{"<tag 0>":""}}"#),
            (b"\x81\xf8\x20", r#"["<simple 32>"]"#),
            (b"\xc2\x49\x01\0\0\0\0\0\0\0\0", r#"{"<tag 2>":"h'010000000000000000'"}"#),
        ] {
            assert_eq!(to_json(bytes).as_deref(), Ok(json));
            serde_json::from_str::<serde_json::Value>(json).unwrap();
        }
    }

    #[test]
    fn a_fault_has_its_position() {
        for (bytes, at) in [
            (&b""[..], 0),
            (b"\xa1\x61a", 3),
            (b"\x82\x01\xff", 2),
            (b"\x80\x80", 1),
            (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10),
            (b"\x81\x7b\xff\xff\xff\xff\xff\xff\xff\xffa", 1),
            (b"\x81\x61\xff", 1),
            (b"\x81\xf9\x3c", 1),
        ] {
            assert_eq!(to_json(bytes), Err(at), "{bytes:?}");
        }
        for byte in [0x81, 0x9f, 0xc6] {
            assert_eq!(to_json(&vec![byte; 1 << 20]), Err(DEPTH));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_json_or_a_fault_within(bytes: Vec<u8>) {
            match to_json(&bytes) {
                Ok(json) => prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}"),
                Err(at) => prop_assert!(at <= bytes.len()),
            }
        }
    }
}
