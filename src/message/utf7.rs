//! UTF-7 (RFC 2152) and the form of it that IMAP names mailboxes with (RFC 3501 §5.1.3).
//!
//! No browser reads it any more, and `encoding_rs` leaves it out; old mail still has it.

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// RFC 2152: shifted by `+`.
    Mail,
    /// RFC 3501: shifted by `&`, with a comma for the slash.
    Imap,
}

/// Decodes; what makes no sense becomes U+FFFD.
pub(super) fn decode(bytes: &[u8], kind: Kind) -> String {
    let shift = if kind == Kind::Mail { b'+' } else { b'&' };
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != shift {
            text.push(if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER });
            continue;
        }
        if let Some(behind) = rest.strip_prefix(b"-") {
            text.push(char::from(shift));
            rest = behind;
            continue;
        }
        let length = rest.iter().take_while(|byte| six_bits(**byte, kind).is_some()).count();
        if length == 0 {
            text.push(char::from(shift));
            continue;
        }
        shifted(&rest[..length], kind, &mut text);
        rest = &rest[length..];
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    text
}

/// Decodes a run of modified base64: big-endian UTF-16.
fn shifted(encoded: &[u8], kind: Kind, text: &mut String) {
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut units = Vec::with_capacity(encoded.len() * 6 / 16 + 1);
    for byte in encoded {
        bits = bits << 6 | six_bits(*byte, kind).unwrap_or_default();
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push((bits >> count & 0xffff) as u16);
            bits &= (1 << count) - 1;
        }
    }
    text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

fn six_bits(byte: u8, kind: Kind) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' if kind == Kind::Mail => 63,
        b',' if kind == Kind::Imap => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_2152_are_read() {
        let cases = [
            ("A+ImIDkQ.", "A\u{2262}\u{391}."),
            ("Hi Mom -+Jjo--!", "Hi Mom -\u{263a}-!"),
            ("+ZeVnLIqe-", "\u{65e5}\u{672c}\u{8a9e}"),
            ("Item 3 is +AKM-1.", "Item 3 is \u{a3}1."),
            ("1 +- 1", "1 + 1"),
            ("a+", "a+"),
        ];
        for (encoded, expected) in cases {
            assert_eq!(decode(encoded.as_bytes(), Kind::Mail), expected, "{encoded}");
        }
    }

    #[test]
    fn the_form_of_imap_is_read() {
        let encoded = b"~peter/mail/&U,BTFw-/&ZeVnLIqe-&-";
        assert_eq!(
            decode(encoded, Kind::Imap),
            "~peter/mail/\u{53f0}\u{5317}/\u{65e5}\u{672c}\u{8a9e}&"
        );
    }

    #[test]
    fn surrogates_are_joined_and_lone_ones_replaced() {
        assert_eq!(decode(b"+2D3eAA-", Kind::Mail), "\u{1f600}");
        assert_eq!(decode(b"+2D0-", Kind::Mail), "\u{fffd}");
    }
}
