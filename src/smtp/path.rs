//! The paths of MAIL and RCPT (RFC 5321 §4.1.2), kept as sent.
//!
//! A catcher wants to show what was sent, so this finds where an address ends and refuses what
//! has no reading; it unquotes nothing, changes nothing, and looks nothing up.

/// Cuts a path off the front of an argument: the address as sent, without its angle brackets,
/// and what follows it. The null path `<>` gives the empty address.
///
/// ```text
/// Path    = "<" [ A-d-l ":" ] Mailbox ">"
/// A-d-l   = "@" Domain *( "," "@" Domain )
/// Mailbox = ( Dot-string / Quoted-string ) "@" ( Domain / address-literal )
/// ```
///
/// More than the grammar is taken: no brackets, no domain (`<postmaster>` is in the RFC itself),
/// any characters in atoms and domains but blanks, brackets and a second `@`. None when there is
/// no address or no telling where it ends.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let Some(inside) = text.strip_prefix('<') else {
        let end = scan(text)?;
        let (address, rest) = text.split_at(end);
        // `Name <address>` is a header's syntax: the address is not the name.
        let named = rest.contains(" <");
        return (is_end(rest) && !named).then_some((address, rest));
    };
    if let Some(rest) = inside.strip_prefix('>') {
        return is_end(rest).then_some(("", rest));
    }
    let end = scan(inside)?;
    let (address, rest) = inside.split_at(end);
    let rest = rest.strip_prefix('>')?;
    is_end(rest).then_some((address, rest))
}

/// After a path comes nothing or a blank.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t'])
}

/// The length of the address `text` begins with.
fn scan(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let start = if bytes.first() == Some(&b'@') { route(bytes)? } else { 0 };
    let local_part_end = local_part(bytes, start)?;
    if local_part_end == start {
        return None;
    }
    if bytes.get(local_part_end) != Some(&b'@') {
        return Some(local_part_end);
    }
    let end = domain(bytes, local_part_end + 1)?;
    (end > local_part_end + 1 && bytes.get(end) != Some(&b'@')).then_some(end)
}

/// Where the mailbox behind a source route starts (RFC 5321 appendix C).
fn route(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        if bytes.get(at) != Some(&b'@') {
            return None;
        }
        let end = domain(bytes, at + 1)?;
        match bytes.get(end)? {
            b',' if end > at + 1 => at = end + 1,
            b':' if end > at + 1 => return Some(end + 1),
            _ => return None,
        }
    }
}

/// Where a local part ends; quoted strings and escapes may stand anywhere in it.
fn local_part(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut quoted = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => {
                bytes.get(at + 1)?;
                at += 1;
            }
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'@' | b'>' | b' ' | b'\t' => break,
            b'<' => return None,
            _ => {}
        }
        at += 1;
    }
    (!quoted).then_some(at)
}

/// Where a domain or address literal ends.
fn domain(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start) == Some(&b'[') {
        let length = bytes[start..].iter().position(|byte| matches!(byte, b']' | b'>' | b' '))?;
        return (bytes[start + length] == b']').then_some(start + length + 1);
    }
    let stop = |byte: &u8| matches!(byte, b'@' | b'>' | b' ' | b'\t' | b'<' | b'"' | b',' | b':');
    let end = bytes[start..].iter().position(stop).map_or(bytes.len(), |length| start + length);
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_its_grammar_says() {
        for (text, address, rest) in [
            ("<>", "", ""),
            ("<> SIZE=1", "", " SIZE=1"),
            ("<a@x.test> SIZE=1", "a@x.test", " SIZE=1"),
            ("a@x.test SIZE=1", "a@x.test", " SIZE=1"),
            (r#"<"a > b"@x.test>"#, r#""a > b"@x.test"#, ""),
            (r#"<"a\" > b\\"@x.test>"#, r#""a\" > b\\"@x.test"#, ""),
            ("<@a.test,@b.test:c@d.test>", "@a.test,@b.test:c@d.test", ""),
            ("<a@[IPv6:::1]>\tX", "a@[IPv6:::1]", "\tX"),
            ("<ä@ö>", "ä@ö", ""),
        ] {
            assert_eq!(split(text), Some((address, rest)), "{text}");
        }
    }

    #[test]
    fn what_has_no_reading_is_no_path() {
        for text in
            ["", " ", "<", "<a", "a>", "<a>b", "<a b>", "<\"a>", "<a@b@c>", "<@a>", "<a@>", "<a\\"]
        {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
