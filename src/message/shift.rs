//! Seven-bit text that switches character sets, turned into what `encoding_rs` reads: forms of
//! Chinese and Korean that browsers dropped and old mail still has, and careless Japanese.

/// HZ (RFC 1843) as GBK: `~{` starts two-byte characters, `~}` ends them, `~~` is a tilde.
pub(super) fn hz_to_gbk(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        let (written, taken) = match (byte, behind.first()) {
            (b'~', Some(b'{')) => {
                shifted = true;
                (None, 2)
            }
            (b'~', Some(b'}')) => {
                shifted = false;
                (None, 2)
            }
            (b'~', Some(b'~')) if !shifted => (Some(b'~'), 2),
            (b'~', Some(b'\n')) if !shifted => (None, 2),
            (b'\n', _) => {
                shifted = false;
                (Some(byte), 1)
            }
            (0x21..=0x7e, _) if shifted => (Some(byte | 0x80), 1),
            _ => (Some(byte), 1),
        };
        out.extend(written);
        rest = &rest[taken..];
    }
    out
}

/// ISO-2022-KR (RFC 1557) as EUC-KR: SO starts two-byte characters, SI ends them.
pub(super) fn iso_2022_kr_to_euc(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            0x1b if rest.starts_with(b"$)C") => rest = &rest[3..],
            0x0e => shifted = true,
            0x0f => shifted = false,
            0x21..=0x7e if shifted => out.push(byte | 0x80),
            _ => out.push(byte),
        }
    }
    out
}

/// ISO-2022-JP (RFC 1468) without switches that nothing follows. Adjacent encoded words make
/// them, and the WHATWG decoder, meant to catch attacks on browsers, takes them for damage.
pub(super) fn without_idle_switches(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        let length = switch_length(rest);
        if length > 0 && switch_length(&rest[length..]) > 0 {
            rest = &rest[length..];
        } else {
            out.push(byte);
            rest = behind;
        }
    }
    out
}

/// The length of the switch that stands here: `ESC ( B`, `ESC ( J`, `ESC $ @`, `ESC $ B`.
fn switch_length(bytes: &[u8]) -> usize {
    match bytes {
        [0x1b, b'(', b'B' | b'I' | b'J', ..] | [0x1b, b'$', b'@' | b'B', ..] => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hz_is_read() {
        let gbk = hz_to_gbk(b"A ~{<:Ky2;~}~~ B");
        let (text, _, damaged) = encoding_rs::GBK.decode(&gbk);
        assert_eq!((text.as_ref(), damaged), ("A \u{5df1}\u{6240}\u{4e0d}~ B", false));
    }

    #[test]
    fn iso_2022_kr_is_read() {
        let euc = iso_2022_kr_to_euc(b"\x1b$)C\x0eGQ1[\x0f ok");
        let (text, _, damaged) = encoding_rs::EUC_KR.decode(&euc);
        assert_eq!((text.as_ref(), damaged), ("\u{d55c}\u{ae00} ok", false));
    }

    #[test]
    fn idle_switches_are_dropped() {
        let read = without_idle_switches(b"\x1b$B%F\x1b(B\x1b$B%9\x1b(B ok");
        let (text, _, damaged) = encoding_rs::ISO_2022_JP.decode(&read);
        assert_eq!((text.as_ref(), damaged), ("\u{30c6}\u{30b9} ok", false));
    }
}
