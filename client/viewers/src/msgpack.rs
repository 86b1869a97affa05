//! MessagePack (<https://github.com/msgpack/msgpack/blob/master/spec.md>).

use rmp::Marker;

use crate::{DEPTH, json::Json};

/// Returns one value as JSON, or the position of a fault.
///
/// # Errors
///
/// The bytes are not exactly one value, or it is nested deeper than [`DEPTH`].
pub fn to_json(bytes: &[u8]) -> Result<String, usize> {
    let mut reader = Reader { bytes, at: 0, out: Json::default() };
    reader.value(0)?;
    if reader.at == bytes.len() { Ok(reader.out.0) } else { Err(reader.at) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Json,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], usize> {
        let end = self.at.checked_add(length).ok_or(self.at)?;
        // A length that is too large is a fault where the bytes end.
        let taken = self.bytes.get(self.at..end).ok_or(self.bytes.len())?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], usize> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| at)
    }

    /// Reads a length of 1, 2 or 4 bytes.
    fn length<const N: usize>(&mut self) -> Result<usize, usize> {
        Ok(self.array::<N>()?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    }

    fn value(&mut self, depth: usize) -> Result<(), usize> {
        let start = self.at;
        let [first] = self.array()?;
        match Marker::from_u8(first) {
            Marker::FixPos(number) => self.out.plain(number),
            Marker::FixNeg(number) => self.out.plain(number),
            Marker::Null => self.out.plain("null"),
            Marker::False => self.out.plain(false),
            Marker::True => self.out.plain(true),
            Marker::U8 => {
                let number = u8::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::U16 => {
                let number = u16::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::U32 => {
                let number = u32::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::U64 => {
                let number = u64::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::I8 => {
                let number = i8::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::I16 => {
                let number = i16::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::I32 => {
                let number = i32::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::I64 => {
                let number = i64::from_be_bytes(self.array()?);
                self.out.plain(number);
            }
            Marker::F32 => {
                let number = f32::from_be_bytes(self.array()?);
                self.out.float(number);
            }
            Marker::F64 => {
                let number = f64::from_be_bytes(self.array()?);
                self.out.float(number);
            }
            Marker::FixStr(length) => self.text(usize::from(length))?,
            Marker::Str8 => {
                let length = self.length::<1>()?;
                self.text(length)?;
            }
            Marker::Str16 => {
                let length = self.length::<2>()?;
                self.text(length)?;
            }
            Marker::Str32 => {
                let length = self.length::<4>()?;
                self.text(length)?;
            }
            Marker::Bin8 => {
                let length = self.length::<1>()?;
                self.binary(length)?;
            }
            Marker::Bin16 => {
                let length = self.length::<2>()?;
                self.binary(length)?;
            }
            Marker::Bin32 => {
                let length = self.length::<4>()?;
                self.binary(length)?;
            }
            _ if depth >= DEPTH => return Err(start),
            Marker::FixArray(items) => self.items(usize::from(items), depth)?,
            Marker::Array16 => {
                let items = self.length::<2>()?;
                self.items(items, depth)?;
            }
            Marker::Array32 => {
                let items = self.length::<4>()?;
                self.items(items, depth)?;
            }
            Marker::FixMap(members) => self.members(usize::from(members), depth)?,
            Marker::Map16 => {
                let members = self.length::<2>()?;
                self.members(members, depth)?;
            }
            Marker::Map32 => {
                let members = self.length::<4>()?;
                self.members(members, depth)?;
            }
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => {
                let length = self.length::<1>()?;
                self.extension(length)?;
            }
            Marker::Ext16 => {
                let length = self.length::<2>()?;
                self.extension(length)?;
            }
            Marker::Ext32 => {
                let length = self.length::<4>()?;
                self.extension(length)?;
            }
            Marker::Reserved => return Err(start),
        }
        Ok(())
    }

    /// Reads a text. Old encoders write bytes in this form, so bytes that are no UTF-8 are bytes.
    fn text(&mut self, length: usize) -> Result<(), usize> {
        let bytes = self.take(length)?;
        match str::from_utf8(bytes) {
            Ok(text) => self.out.text(text),
            Err(_) => self.out.bytes([bytes]),
        }
        Ok(())
    }

    fn binary(&mut self, length: usize) -> Result<(), usize> {
        let bytes = self.take(length)?;
        self.out.bytes([bytes]);
        Ok(())
    }

    fn extension(&mut self, length: usize) -> Result<(), usize> {
        let kind = i8::from_be_bytes(self.array()?);
        let bytes = self.take(length)?;
        self.out.plain(format_args!("{{\"<ext {kind}>\":"));
        self.out.bytes([bytes]);
        self.out.plain('}');
        Ok(())
    }

    fn items(&mut self, items: usize, depth: usize) -> Result<(), usize> {
        self.out.plain('[');
        for index in 0..items {
            if index > 0 {
                self.out.plain(',');
            }
            self.value(depth + 1)?;
        }
        self.out.plain(']');
        Ok(())
    }

    fn members(&mut self, members: usize, depth: usize) -> Result<(), usize> {
        self.out.plain('{');
        for index in 0..members {
            if index > 0 {
                self.out.plain(',');
            }
            let start = self.out.0.len();
            self.value(depth + 1)?;
            self.out.make_key(start);
            self.out.plain(':');
            self.value(depth + 1)?;
        }
        self.out.plain('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        to_json(bytes).unwrap()
    }

    #[test]
    fn values_become_json() {
        for (bytes, json) in [
            (&b"\x82\xa1a\x01\xa2\xc3\xa9\x93\xc0\xc2\xc3"[..], r#"{"a":1,"é":[null,false,true]}"#),
            (
                b"\x94\xff\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xd3\x80\0\0\0\0\0\0\0\xd0\x80",
                "[-1,18446744073709551615,-9223372036854775808,-128]",
            ),
            (b"\x92\xca\x3d\xcc\xcc\xcd\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "[0.1,0.1]"),
            (b"\x92\xca\x7f\xc0\0\0\xcb\xff\xf0\0\0\0\0\0\0", r#"["<NaN>","<-Infinity>"]"#),
            (b"\x92\xc4\x02\0\xff\xa2\xff\n", r#"["h'00ff'","h'ff0a'"]"#),
            (b"\x91\xd6\xff\0\0\0\x01", r#"[{"<ext -1>":"h'00000001'"}]"#),
            (b"\x83\x01\xa1x\x91\x02\xa0\xc0\xc0", r#"{"<1>":"x","<[2]>":"","<null>":null}"#),
            (b"\xda\0\x02\"\n", r#""\"\n""#),
        ] {
            assert_eq!(decoded(bytes), json);
            serde_json::from_str::<serde_json::Value>(json).unwrap();
        }
    }

    #[test]
    fn a_fault_has_its_position() {
        for (bytes, at) in [
            (&b""[..], 0),
            (b"\x81\xa1a", 3),
            (b"\x92\x01\xc1", 2),
            (b"\x90\x90", 1),
            (b"\xdd\xff\xff\xff\xff\x01", 6),
            (b"\x91\xc6\xff\xff\xff\xffab", 8),
        ] {
            assert_eq!(to_json(bytes), Err(at), "{bytes:?}");
        }
        let deep = [vec![0x91; DEPTH], vec![1]].concat();
        assert_eq!(decoded(&deep).len(), 2 * DEPTH + 1);
        assert_eq!(to_json(&vec![0x91; 1 << 20]), Err(DEPTH));
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
