//! Encoded bytes, whole and damaged.

use super::*;

#[test]
fn base64_is_decoded_whatever_stands_between() {
    let cases: &[(&str, &str, bool)] = &[
        ("SGVsbG8=", "Hello", false),
        ("SGVs\r\nbG8=\r\n", "Hello", false),
        ("SGVsbG8", "Hello", true),
        ("SGVs*bG8=", "Hello", true),
        ("SGVsbG8=IQ==", "Hello!", false),
        ("SGVsbG8=====", "Hello", false),
        ("SGVsbG8hA", "Hello!", true),
        ("", "", false),
        ("====", "", false),
    ];
    for (encoded, expected, damaged) in cases {
        let decoded = base64(encoded.as_bytes(), usize::MAX);
        assert_eq!(String::from_utf8_lossy(&decoded.bytes), *expected, "{encoded}");
        assert_eq!(decoded.damaged, *damaged, "{encoded}");
    }
}

#[test]
fn quoted_printable_is_decoded_line_by_line() {
    let cases: &[(&str, &str, bool)] = &[
        ("a=20b", "a b", false),
        ("a=\r\nb", "ab", false),
        ("a=\nb", "ab", false),
        ("a= \t\r\nb", "ab", false),
        ("a  \r\nb", "a\r\nb", false),
        ("a=3d=3D", "a==", false),
        ("a=", "a", false),
        ("a=XYb", "a=XYb", true),
        ("a=4", "a=4", true),
        ("100=% \r\n", "100=%\r\n", true),
    ];
    for (encoded, expected, damaged) in cases {
        let decoded = quoted_printable(encoded.as_bytes(), usize::MAX);
        assert_eq!(String::from_utf8_lossy(&decoded.bytes), *expected, "{encoded}");
        assert_eq!(decoded.damaged, *damaged, "{encoded}");
    }
}

#[test]
fn uuencode_is_decoded_with_and_without_its_frame() {
    assert_eq!(uuencode(b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", usize::MAX).bytes, b"Cat");
    assert_eq!(uuencode(b"#0V%T\n", usize::MAX).bytes, b"Cat");
    assert!(uuencode(b"M0V%T\n", usize::MAX).damaged);
}

#[test]
fn the_beginning_is_that_of_the_whole() {
    let cases = [
        (Transfer::Identity, "Some text"),
        (Transfer::Base64, "SGVs*bG8=\r\nIHdvcmxkIQ=="),
        (Transfer::QuotedPrintable, "=41=42=\r\nno escapes here=43  \r\nmore=\r\n=\r\n=XY"),
        (Transfer::Uuencode, "begin 644 a\r\n#0V%T\r\n#0V%T\r\n`\r\nend\r\n"),
    ];
    for (transfer, encoded) in cases {
        let (whole, _) = transfer.decode(encoded.as_bytes());
        for length in 0..=whole.len() + 1 {
            let beginning = transfer.beginning(encoded.as_bytes(), length);
            assert_eq!(*beginning, whole[..length.min(whole.len())], "{transfer:?}, {length}");
        }
    }
}

#[test]
fn names_of_encodings_are_forgiven() {
    assert_eq!(Transfer::from_name("BASE64"), Transfer::Base64);
    assert_eq!(Transfer::from_name("Quoted-Printable"), Transfer::QuotedPrintable);
    assert_eq!(Transfer::from_name("x-uuencode"), Transfer::Uuencode);
    assert_eq!(Transfer::from_name("8bit"), Transfer::Identity);
    assert_eq!(Transfer::from_name("x-rot13"), Transfer::Identity);
}
