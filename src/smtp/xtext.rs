//! xtext (RFC 3461 §4): how a parameter writes what its grammar leaves out. Knows no parameter.

use std::borrow::Cow;

/// Whether a value is xtext.
///
/// ```text
/// xtext   = *( xchar / hexchar )
/// xchar   = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
/// hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
/// ```
pub(super) fn is_xtext(value: &str) -> bool {
    let is_xchar = |byte: u8| (b'!'..=b'~').contains(&byte) && byte != b'=';
    value.bytes().all(is_xchar) && decode(value).is_some()
}

/// What a value says. Characters that had to be encoded and were not are taken as they are;
/// what is not UTF-8 is read as Latin-1. None: a `+` without its two digits.
pub(super) fn decode(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('+') {
        return Some(Cow::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'+' {
            bytes.push(byte);
            continue;
        }
        let (digits, behind) = rest.split_at_checked(2)?;
        bytes.push(digit(digits[0])? * 16 + digit(digits[1])?);
        rest = behind;
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    Some(Cow::Owned(text))
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_read_back() {
        for (value, text) in [
            ("", Some("")),
            ("plain@x.test", Some("plain@x.test")),
            ("a+2Bb+3Dc+20d", Some("a+b=c d")),
            ("gr+C3+BCn", Some("grün")),
            ("gr+FCn", Some("grün")),
            ("+2b", None),
            ("+", None),
            ("a+2", None),
            ("+GG", None),
        ] {
            assert_eq!(decode(value).as_deref(), text, "{value}");
        }
    }

    #[test]
    fn what_has_to_be_encoded_is() {
        assert!(is_xtext("") && is_xtext("QQ314159") && is_xtext("a+3Db"));
        assert!(!is_xtext("a=b") && !is_xtext("a+b") && !is_xtext("grün") && !is_xtext("a\tb"));
    }
}
