//! Bodies for transport: as they are where they can be, else quoted-printable or base64 (RFC 2045).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A body, and the encoding it is written in.
pub(super) struct Body {
    /// The value of Content-Transfer-Encoding.
    pub(super) encoding: &'static str,
    /// What is written, with a line end behind its last line.
    pub(super) bytes: Vec<u8>,
}

/// A text, with CRLF at the end of each line whatever it had.
pub(super) fn text(text: &str) -> Body {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(&text).split('\n').collect();
    let is_plain = |line: &&str| {
        let seen = |b: u8| matches!(b, b'\t' | b' '..=b'~');
        line.len() <= LINE_BYTES_MAX && line.bytes().all(seen) && !line.ends_with([' ', '\t'])
    };
    if lines.iter().all(is_plain) {
        let bytes = lines.iter().flat_map(|line| [line.as_bytes(), b"\r\n"]).flatten().copied();
        return Body { encoding: "7bit", bytes: bytes.collect() };
    }
    // A text that is hardly ASCII would be three times as long, and nobody could read it either.
    let foreign = text.bytes().filter(|byte| !byte.is_ascii()).count();
    if foreign * 3 > text.len() {
        return base64(lines.join("\r\n").as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len() * 2);
    for line in lines {
        quoted_printable(line.as_bytes(), &mut bytes);
    }
    Body { encoding: "quoted-printable", bytes }
}

/// Bytes as they are.
pub(super) fn base64(content: &[u8]) -> Body {
    let mut bytes = Vec::with_capacity(content.len() * 4 / 3 + content.len() / 20 + 4);
    // 57 bytes are 76 of base64, the longest line there may be (§6.8).
    for piece in content.chunks(57) {
        bytes.extend_from_slice(STANDARD.encode(piece).as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    Body { encoding: "base64", bytes }
}

/// A mail within the mail, which may not be encoded (RFC 2046 §5.2.1); None when it cannot go
/// through as it is.
pub(super) fn mail(content: &[u8]) -> Option<Body> {
    let content = content.strip_suffix(b"\r\n").unwrap_or(content);
    let lines: Vec<&[u8]> = content.split(|byte| *byte == b'\n').collect();
    let last = lines.len() - 1;
    let fits = |(index, line): (usize, &&[u8])| {
        let line = if index == last { Some(*line) } else { line.strip_suffix(b"\r") };
        line.is_some_and(|line| {
            line.len() <= LINE_BYTES_MAX && !line.contains(&b'\r') && !line.contains(&0)
        })
    };
    lines.iter().enumerate().all(fits).then(|| {
        let encoding = if content.is_ascii() { "7bit" } else { "8bit" };
        Body { encoding, bytes: [content, b"\r\n"].concat() }
    })
}

/// A line with its end, in pieces of at most 76 characters (§6.7).
fn quoted_printable(line: &[u8], bytes: &mut Vec<u8>) {
    let mut column = 0;
    for (index, &byte) in line.iter().enumerate() {
        let is_last = index + 1 == line.len();
        let plain = match byte {
            b' ' | b'\t' => !is_last,
            byte => byte.is_ascii_graphic() && byte != b'=',
        };
        let width = if plain { 1 } else { 3 };
        if column + width > 75 {
            bytes.extend_from_slice(b"=\r\n");
            column = 0;
        }
        column += width;
        if plain {
            bytes.push(byte);
        } else {
            bytes.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
    }
    bytes.extend_from_slice(b"\r\n");
}

/// RFC 5322 §2.1.1: a line must not be longer, without its CRLF.
const LINE_BYTES_MAX: usize = 998;
