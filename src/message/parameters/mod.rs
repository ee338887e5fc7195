//! A value with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183),
//! with the continuations and charsets of RFC 2231 and what the wild makes of them.

use encoding_rs::Encoding;

use crate::message::charset;
use crate::message::limits::Limits;
use crate::message::transfer::hex_pair;
use crate::message::words;

/// `value; name=value; …` taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Parametrised {
    /// The part before the first semicolon, lower case, without blanks around.
    pub value: String,
    raw: Vec<(String, Vec<u8>)>,
    fallback: Option<&'static Encoding>,
}

impl Parametrised {
    /// Takes the value of a field apart.
    pub(super) fn read(field: &[u8], fallback: Option<&'static Encoding>) -> Self {
        let field = words::unfold(field);
        let mut cursor = Cursor { rest: &field };
        let value = cursor.leading_value();
        let mut raw = Vec::new();
        while raw.len() < Limits::DEFAULT.parameters_max {
            let Some((name, value)) = cursor.parameter() else { break };
            if !name.is_empty() {
                raw.push((name, value));
            }
        }
        Self { value, raw, fallback }
    }

    /// A parameter's value for readers: continuations joined, charsets and encoded words decoded.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.extended(name).or_else(|| {
            let (_, value) = self.raw.iter().find(|(known, _)| known == name)?;
            Some(words::decode_separate_words(value, self.fallback))
        })
    }

    /// A parameter's bytes as they were written, without the quotes; for boundaries.
    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.raw.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// RFC 2231: `name*=charset'language'percent`, `name*0=`, `name*1*=`, in any order.
    fn extended(&self, name: &str) -> Option<String> {
        let mut pieces: Vec<(u32, bool, &[u8])> = Vec::new();
        for (known, value) in &self.raw {
            let Some(suffix) = known.strip_prefix(name).and_then(|rest| rest.strip_prefix('*'))
            else {
                continue;
            };
            let (index, encoded) = match suffix.strip_suffix('*') {
                Some(index) => (index, true),
                None => (suffix, suffix.is_empty()),
            };
            let index = if index.is_empty() { 0 } else { index.parse().ok()? };
            pieces.push((index, encoded, value));
        }
        if pieces.is_empty() {
            return None;
        }
        pieces.sort_by_key(|(index, ..)| *index);
        pieces.dedup_by_key(|(index, ..)| *index);
        Some(joined(&pieces, self.fallback))
    }
}

fn joined(pieces: &[(u32, bool, &[u8])], fallback: Option<&'static Encoding>) -> String {
    let mut bytes = Vec::new();
    let mut label = None;
    for (at, (_, encoded, value)) in pieces.iter().enumerate() {
        let mut value = *value;
        if *encoded
            && at == 0
            && let Some((charset, behind)) = charset_and_value(value)
        {
            label = Some(String::from_utf8_lossy(charset).into_owned());
            value = behind;
        }
        if *encoded {
            percent_decode(value, &mut bytes);
        } else {
            bytes.extend_from_slice(value);
        }
    }
    match label.filter(|label| !label.is_empty()) {
        Some(label) => charset::decode(&bytes, Some(&label)).text,
        // Some senders continue encoded words, which RFC 2231 does not know.
        None => words::decode_separate_words(&bytes, fallback),
    }
}

/// Splits `charset'language'value`.
fn charset_and_value(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut pieces = value.splitn(3, |byte| *byte == b'\'');
    let (charset, _language, behind) = (pieces.next()?, pieces.next()?, pieces.next()?);
    Some((charset, behind))
}

fn percent_decode(value: &[u8], bytes: &mut Vec<u8>) {
    let mut rest = value;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let escaped = (byte == b'%').then(|| hex_pair(*behind.first()?, *behind.get(1)?)).flatten();
        match escaped {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &rest[2..];
            }
            None => bytes.push(byte),
        }
    }
}

/// Reads a value with parameters from left to right.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// Up to the first semicolon; a blank inside ends it too (`text/plain charset=utf-8`).
    fn leading_value(&mut self) -> String {
        self.skip_blanks_and_comments();
        let length = self
            .rest
            .iter()
            .position(|byte| matches!(byte, b';' | b'(') || byte.is_ascii_whitespace())
            .unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(length);
        if value.contains(&b'=') {
            // The value was left out: this is the first parameter already.
            return String::new();
        }
        self.rest = rest;
        String::from_utf8_lossy(value).trim_matches('"').to_ascii_lowercase()
    }

    /// The next parameter; an empty name where only a separator was read.
    fn parameter(&mut self) -> Option<(String, Vec<u8>)> {
        self.skip_blanks_and_comments();
        while let [b';' | b',', rest @ ..] = self.rest {
            self.rest = rest;
            self.skip_blanks_and_comments();
        }
        if self.rest.is_empty() {
            return None;
        }
        let length = self
            .rest
            .iter()
            .position(|byte| matches!(byte, b'=' | b';'))
            .unwrap_or(self.rest.len());
        let name = String::from_utf8_lossy(self.rest[..length].trim_ascii()).to_ascii_lowercase();
        self.rest = &self.rest[length..];
        if self.rest.first() != Some(&b'=') {
            return Some((String::new(), Vec::new()));
        }
        self.rest = &self.rest[1..];
        self.skip_blanks_and_comments();
        Some((name, self.value()))
    }

    fn value(&mut self) -> Vec<u8> {
        if let Some(quoted) = self.rest.strip_prefix(b"\"") {
            return self.quoted(quoted);
        }
        let length = self.rest.iter().position(|byte| *byte == b';').unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(length);
        self.rest = rest;
        without_comment(value).trim_ascii().to_vec()
    }

    /// A quoted string (RFC 5322 §3.2.4). Without a closing quote it ends where the field does.
    fn quoted(&mut self, quoted: &'a [u8]) -> Vec<u8> {
        let mut value = Vec::new();
        let mut at = 0;
        while let Some(&byte) = quoted.get(at) {
            match (byte, quoted.get(at + 1)) {
                (b'\\', Some(&escaped)) => {
                    value.push(escaped);
                    at += 2;
                    continue;
                }
                (b'"', _) => break,
                _ => value.push(byte),
            }
            at += 1;
        }
        let behind = &quoted[(at + 1).min(quoted.len())..];
        // A name may follow without the semicolon between; anything glued to the quote is junk.
        let skipped = behind
            .iter()
            .position(|byte| *byte == b';' || byte.is_ascii_whitespace())
            .unwrap_or(behind.len());
        self.rest = &behind[skipped..];
        value
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            self.rest = self.rest.trim_ascii_start();
            if self.rest.first() != Some(&b'(') {
                return;
            }
            let mut depth = 0_usize;
            let end = self.rest.iter().position(|byte| {
                match byte {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            match end {
                Some(end) => self.rest = &self.rest[end + 1..],
                None => return self.rest = &[],
            }
        }
    }
}

/// A token without the comment behind it.
fn without_comment(value: &[u8]) -> &[u8] {
    match memchr::memmem::find(value, b" (") {
        Some(at) if value.trim_ascii_end().ends_with(b")") => &value[..at],
        _ => value,
    }
}

#[cfg(test)]
mod tests;
