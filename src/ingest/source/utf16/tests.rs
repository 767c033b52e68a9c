use super::*;

fn transcode(order: ByteOrder, bytes: &[u8], portion: usize) -> Vec<u8> {
    let mut utf16 = Utf16::new(order);
    let mut out = Vec::new();
    for part in bytes.chunks(portion) {
        utf16.push(part, &mut out);
    }
    utf16.finish(&mut out);
    out
}

#[test]
fn text_is_the_same_in_any_portions() {
    let text = "2 eni-ü 10.0.0.1 €😀\r\n\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for portion in 1..7 {
        assert_eq!(
            transcode(ByteOrder::Little, &little, portion),
            text.as_bytes()
        );
        assert_eq!(transcode(ByteOrder::Big, &big, portion), text.as_bytes());
    }
}

#[test]
fn what_is_no_character_makes_the_text_invalid() {
    for units in [
        &[0xd800, 0x61][..],
        &[0xdc00, 0x61],
        &[0x61, 0xd800],
        &[0xd800, 0xd800, 0xdc00],
    ] {
        let bytes: Vec<u8> = units.iter().copied().flat_map(u16::to_le_bytes).collect();
        let out = transcode(ByteOrder::Little, &bytes, 3);
        assert!(std::str::from_utf8(&out).is_err(), "{units:?}");
    }
    assert_eq!(transcode(ByteOrder::Big, &[0, b'a', 0], 9), [b'a', 0xff]);
}

#[test]
fn a_mark_is_removed_at_the_beginning_of_a_line_alone() {
    let text = "a\n\u{feff}b\u{feff}\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let out = transcode(ByteOrder::Big, &bytes, 2);
    assert_eq!(out, "a\nb\u{feff}\n".as_bytes());
}
