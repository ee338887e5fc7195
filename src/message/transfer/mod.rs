//! Content-Transfer-Encoding (RFC 2045 §6): decoders that never fail and say what was damaged.
//!
//! `mailparse` and the base64 crates answer an error for a stray character; a reader of damaged
//! mail wants everything that can still be read, so these are our own.

use std::borrow::Cow;

use memchr::memchr;

/// How the bytes of a body are encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transfer {
    /// 7bit, 8bit, binary, none, or unknown: the bytes are what they are.
    #[default]
    Identity,
    /// RFC 2045 §6.8.
    Base64,
    /// RFC 2045 §6.7.
    QuotedPrintable,
    /// uuencode, as `x-uuencode` names it.
    Uuencode,
}

impl Transfer {
    /// What a Content-Transfer-Encoding names, blanks, case and common misspellings forgiven.
    pub fn from_name(name: &str) -> Self {
        let is = |known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is(&["base64", "base-64", "base 64", "x-base64", "b64", "\"base64\""]) {
            Self::Base64
        } else if is(&[
            "quoted-printable",
            "quoted printable",
            "quotedprintable",
            "quoted_printable",
            "quoted-printeable",
            "quote-printable",
            "qp",
            "\"quoted-printable\"",
        ]) {
            Self::QuotedPrintable
        } else if is(&["x-uuencode", "uuencode", "x-uue", "uue", "x-uu"]) {
            Self::Uuencode
        } else {
            Self::Identity
        }
    }

    /// The decoded bytes, and whether some of the encoded ones made no sense.
    pub fn decode(self, encoded: &[u8]) -> (Cow<'_, [u8]>, bool) {
        self.decode_up_to(encoded, usize::MAX)
    }

    /// The first `bytes_max` decoded bytes; no more than they need is decoded.
    pub fn beginning(self, encoded: &[u8], bytes_max: usize) -> Cow<'_, [u8]> {
        match self.decode_up_to(encoded, bytes_max).0 {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..bytes.len().min(bytes_max)]),
            Cow::Owned(mut bytes) => {
                bytes.truncate(bytes_max);
                Cow::Owned(bytes)
            }
        }
    }

    /// Decodes until `bytes_max` bytes are there, or a few more.
    fn decode_up_to(self, encoded: &[u8], bytes_max: usize) -> (Cow<'_, [u8]>, bool) {
        let decoded = match self {
            Self::Identity => return (Cow::Borrowed(encoded), false),
            Self::Base64 => base64(encoded, bytes_max),
            Self::QuotedPrintable => quoted_printable(encoded, bytes_max),
            Self::Uuencode => uuencode(encoded, bytes_max),
        };
        (Cow::Owned(decoded.bytes), decoded.damaged)
    }
}

/// Decoded bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    pub bytes: Vec<u8>,
    /// Whether some of the encoded bytes made no sense.
    pub damaged: bool,
}

impl Decoded {
    /// Nothing yet, with room for what is to come.
    fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), damaged: false }
    }
}

/// Decodes base64: stray characters are passed over, padding may be missing or in the middle.
/// Ends when `bytes_max` bytes are there, or a few more.
pub(super) fn base64(encoded: &[u8], bytes_max: usize) -> Decoded {
    let mut bytes = Vec::with_capacity((encoded.len() / 4 * 3).min(bytes_max) + 3);
    let mut damaged = false;
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut position = 0;
    let mut clean_to = 0;
    while position < encoded.len() && bytes.len() < bytes_max {
        if count == 0 {
            let wanted = (bytes_max - bytes.len()).div_ceil(3).saturating_mul(4);
            let rest = &encoded[position..];
            position += quads(&rest[..rest.len().min(wanted)], &mut bytes);
            if position >= encoded.len() {
                break;
            }
        }
        let byte = encoded[position];
        position += 1;
        let value = BASE64[usize::from(byte)];
        if value < 64 {
            bits = bits << 6 | u32::from(value);
            count += 1;
            if count == 4 {
                bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
                (bits, count) = (0, 0);
            }
        } else if byte == b'=' {
            // RFC 2045 §6.8 ends here; concatenated encodings, which exist, go on, but not into
            // text that somebody appended.
            damaged |= finish_quad(bits, count, &mut bytes);
            (bits, count) = (0, 0);
            if position >= clean_to {
                let Some(length) = clean_line(&encoded[position..]) else {
                    return Decoded { bytes, damaged: true };
                };
                clean_to = position + length;
            }
        } else {
            damaged |= !byte.is_ascii_whitespace();
        }
    }
    damaged |= count != 0;
    finish_quad(bits, count, &mut bytes);
    Decoded { bytes, damaged }
}

/// How far the next line that is not empty reaches; None when it holds what is no base64.
fn clean_line(rest: &[u8]) -> Option<usize> {
    let blanks = rest.len() - rest.trim_ascii_start().len();
    let line = &rest[blanks..];
    let line = &line[..memchr(b'\n', line).unwrap_or(line.len())];
    let is_clean =
        |byte: &u8| BASE64[usize::from(*byte)] < 64 || *byte == b'=' || byte.is_ascii_whitespace();
    line.iter().all(is_clean).then_some(blanks + line.len())
}

/// Decodes whole groups of four clean characters and answers how many characters it took.
fn quads(encoded: &[u8], bytes: &mut Vec<u8>) -> usize {
    let mut taken = 0;
    for quad in encoded.chunks_exact(4) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| BASE64[usize::from(quad[at])]);
        if (a | b | c | d) >= 64 {
            break;
        }
        bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        taken += 4;
    }
    taken
}

/// Writes what an unfinished group still holds; a single left-over character holds nothing.
fn finish_quad(bits: u32, count: u32, bytes: &mut Vec<u8>) -> bool {
    let padded = bits << (6 * (4 - count.min(4)));
    let held = match count {
        2 => 1,
        3 => 2,
        _ => 0,
    };
    bytes.extend_from_slice(&padded.to_be_bytes()[1..=held]);
    count == 1
}

/// Decodes quoted-printable (RFC 2045 §6.7); an escape that is none stays as it is. Ends when
/// `bytes_max` bytes are there, or a few more.
pub(super) fn quoted_printable(encoded: &[u8], bytes_max: usize) -> Decoded {
    let mut decoded = Decoded::with_capacity(encoded.len().min(bytes_max));
    let mut rest = encoded;
    while !rest.is_empty() && decoded.bytes.len() < bytes_max {
        let line_length = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, next) = rest.split_at(line_length);
        quoted_printable_line(line, bytes_max, &mut decoded);
        rest = next;
    }
    decoded
}

fn quoted_printable_line(line: &[u8], bytes_max: usize, decoded: &mut Decoded) {
    let content = line.strip_suffix(b"\n").unwrap_or(line);
    let content = content.strip_suffix(b"\r").unwrap_or(content);
    let line_end = &line[content.len()..];
    // Rule 3: blanks at the end of a line were added by transport.
    let mut content = trim_blanks_end(content);
    let soft = content.last() == Some(&b'=');
    if soft {
        content = &content[..content.len() - 1];
    }
    while let Some(at) = memchr(b'=', content) {
        if decoded.bytes.len() >= bytes_max {
            return;
        }
        decoded.bytes.extend_from_slice(&content[..at]);
        content = &content[at..];
        match content.get(1).zip(content.get(2)).and_then(|(a, b)| hex_pair(*a, *b)) {
            Some(byte) => {
                decoded.bytes.push(byte);
                content = &content[3..];
            }
            None => {
                decoded.damaged = true;
                decoded.bytes.push(b'=');
                content = &content[1..];
            }
        }
    }
    let wanted = bytes_max.saturating_sub(decoded.bytes.len());
    decoded.bytes.extend_from_slice(&content[..content.len().min(wanted)]);
    if !soft {
        decoded.bytes.extend_from_slice(line_end);
    }
}

/// Decodes the "Q" encoding of a header (RFC 2047 §4.2).
pub(super) fn q_encoding(encoded: &[u8]) -> Decoded {
    let mut decoded = Decoded::with_capacity(encoded.len());
    let mut position = 0;
    while let Some(&byte) = encoded.get(position) {
        position += 1;
        let escaped = encoded.get(position).zip(encoded.get(position + 1));
        match (byte, escaped.and_then(|(a, b)| hex_pair(*a, *b))) {
            (b'_', _) => decoded.bytes.push(b' '),
            (b'=', Some(value)) => {
                decoded.bytes.push(value);
                position += 2;
            }
            _ => {
                decoded.damaged |= byte == b'=';
                decoded.bytes.push(byte);
            }
        }
    }
    decoded
}

/// Decodes the lines between `begin` and `end`, or all of them where there is no `begin`.
fn uuencode(encoded: &[u8], bytes_max: usize) -> Decoded {
    let mut decoded = Decoded::with_capacity(encoded.len().min(bytes_max));
    let has_begin = encoded.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"begin "));
    let mut begun = !has_begin;
    for line in encoded.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !begun {
            begun = line.starts_with(b"begin ");
        } else if line == b"end" || line == b"`" || decoded.bytes.len() >= bytes_max {
            break;
        } else if !line.is_empty() {
            uuencode_line(line, &mut decoded);
        }
    }
    decoded
}

fn uuencode_line(line: &[u8], decoded: &mut Decoded) {
    let six_bits = |byte: u8| byte.wrapping_sub(32) & 63;
    let length = usize::from(six_bits(line[0]));
    let end = decoded.bytes.len() + length;
    for quad in line[1..].chunks(4) {
        let mut values = [0_u8; 4];
        for (value, byte) in values.iter_mut().zip(quad) {
            *value = six_bits(*byte);
        }
        let [a, b, c, d] = values;
        decoded.bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    decoded.damaged |= decoded.bytes.len() < end;
    decoded.bytes.truncate(end);
}

fn trim_blanks_end(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = line {
        line = rest;
    }
    line
}

/// The byte two hexadecimal digits stand for; lower case is not allowed by RFC 2045, but common.
pub(super) fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(high)? << 4 | digit(low)?;
    u8::try_from(value).ok()
}

/// The value of each character of the base64 alphabet; 255 for all others.
const BASE64: [u8; 256] = base64_values();

const fn base64_values() -> [u8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [255; 256];
    let mut index = 0;
    while index < alphabet.len() {
        values[alphabet[index] as usize] = index as u8;
        index += 1;
    }
    values
}

#[cfg(test)]
mod tests;
