//! Addresses of header fields (RFC 5322 §3.4), with the obsolete forms and the broken ones.
//!
//! `mailparse` answers an error for a list with one bad address in it; a reader of mail wants the
//! others, and the bad one as it is, so this reader is our own.

use encoding_rs::Encoding;

use crate::message::limits::Limits;
use crate::message::words::Words;
use crate::message::words::decode_words;
use crate::message::words::unfold;

/// Somebody a header names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mailbox {
    /// The name for people, decoded; None where there is none.
    pub name: Option<String>,
    /// The address as it was written, without brackets and comments.
    pub address: String,
}

/// Reads the addresses of one field; groups are flattened, an empty group is nobody.
///
/// Linear in the length of the value, whatever it holds.
pub(super) fn read(
    value: &[u8],
    fallback: Option<&'static Encoding>,
    mailboxes: &mut Vec<Mailbox>,
) {
    let value = unfold(value);
    let mut reader = Reader {
        value: &value,
        at: 0,
        no_quote_from: usize::MAX,
        no_bracket_from: usize::MAX,
        words: Words::new(&value),
        next_word: None,
        draft: Draft::default(),
        fallback,
        mailboxes,
    };
    reader.run();
}

/// One address while it is being read.
#[derive(Default)]
struct Draft {
    /// Words and quoted strings before the bracket, without quotes.
    phrase: Vec<u8>,
    /// The same as written: an address without brackets may have a quoted local part.
    written: Vec<u8>,
    /// Whether an at sign was written, which ends the chance of being a group's name.
    has_sign: bool,
    angle: Option<Vec<u8>>,
    /// Words behind the bracket: the name of the next one where a comma is missing.
    behind: Vec<u8>,
    comment: Vec<u8>,
}

struct Reader<'a> {
    value: &'a [u8],
    at: usize,
    no_quote_from: usize,
    no_bracket_from: usize,
    words: Words<'a>,
    /// The next encoded word at or behind `at`; Some(None) when there is none.
    next_word: Option<Option<(usize, usize)>>,
    draft: Draft,
    fallback: Option<&'static Encoding>,
    mailboxes: &'a mut Vec<Mailbox>,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.value.get(self.at) {
            if self.mailboxes.len() >= Limits::DEFAULT.addresses_max {
                return;
            }
            match byte {
                b'"' => self.quoted(),
                b'(' => self.comment(),
                b'<' => self.angle(),
                b'[' => self.literal(),
                b',' | b';' => {
                    self.finish();
                    self.at += 1;
                }
                b':' if self.starts_group() => {
                    self.draft = Draft::default();
                    self.at += 1;
                }
                b'=' if self.word_length().is_some() => {
                    let length = self.word_length().unwrap_or(1);
                    self.push(self.at, self.at + length);
                }
                b'@' | b'=' | b':' => self.push(self.at, self.at + 1),
                _ => self.push(self.at, self.at + self.ordinary_length()),
            }
        }
        self.finish();
    }

    /// How many bytes follow, the one at hand included, that mean nothing but themselves.
    fn ordinary_length(&self) -> usize {
        let behind = &self.value[self.at + 1..];
        1 + behind.iter().position(|byte| SPECIAL.contains(byte)).unwrap_or(behind.len())
    }

    /// Takes bytes as part of a name or an address.
    fn push(&mut self, start: usize, end: usize) {
        let bytes = &self.value[start..end];
        if self.draft.angle.is_some() {
            self.draft.behind.extend_from_slice(bytes);
        } else {
            self.draft.phrase.extend_from_slice(bytes);
            self.draft.written.extend_from_slice(bytes);
            self.draft.has_sign |= bytes == b"@";
        }
        self.at = end;
    }

    /// The length of the encoded word here: commas and quotes inside it separate nothing.
    fn word_length(&mut self) -> Option<usize> {
        loop {
            match self.next_word {
                Some(None) => return None,
                Some(Some((start, end))) if start >= self.at => {
                    return (start == self.at).then_some(end - start);
                }
                _ => self.next_word = Some(self.words.next().map(|(_, start, end)| (start, end))),
            }
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let Some(end) = self.quote_end(start) else {
            // A quote that is never closed is no quote.
            self.no_quote_from = self.no_quote_from.min(start);
            self.at += 1;
            return;
        };
        let unescaped = unescaped(&self.value[start + 1..end]);
        if self.draft.angle.is_some() {
            self.draft.behind.extend_from_slice(&unescaped);
        } else {
            self.draft.phrase.extend_from_slice(&unescaped);
            self.draft.written.extend_from_slice(&self.value[start..=end]);
        }
        self.at = end + 1;
    }

    fn quote_end(&self, start: usize) -> Option<usize> {
        if start >= self.no_quote_from {
            return None;
        }
        let mut at = start + 1;
        while let Some(&byte) = self.value.get(at) {
            match byte {
                b'\\' => at += 1,
                b'"' => return Some(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// A comment (RFC 5322 §3.2.2), nested ones included. Its text names the address when
    /// nothing else does: `bob@x.test (Bob)` is how names were written before RFC 822.
    fn comment(&mut self) {
        let mut depth = 0_usize;
        let start = self.at + 1;
        while let Some(&byte) = self.value.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        self.at = self.at.min(self.value.len());
        let end = if depth == 0 { self.at - 1 } else { self.at };
        if !self.draft.comment.is_empty() {
            self.draft.comment.push(b' ');
        }
        self.draft.comment.extend(unescaped(&self.value[start.min(end)..end]));
    }

    fn angle(&mut self) {
        if self.draft.angle.is_some() {
            let phrase = std::mem::take(&mut self.draft.behind);
            self.finish();
            self.draft.written.clone_from(&phrase);
            self.draft.phrase = phrase;
        }
        let start = self.at + 1;
        let end = self.angle_end(start);
        self.draft.angle = Some(self.value[start..end].to_vec());
        self.at = (end + usize::from(self.value.get(end) == Some(&b'>'))).max(start);
        while self.value.get(self.at) == Some(&b'>') {
            self.at += 1;
        }
    }

    /// The closing bracket, quoted strings passed over; where it is missing, the next comma.
    fn angle_end(&mut self, start: usize) -> usize {
        if start < self.no_bracket_from {
            let mut at = start;
            let mut quoted = false;
            let window = &self.value[..self.value.len().min(start + ANGLE_BYTES_MAX)];
            while let Some(&byte) = window.get(at) {
                match byte {
                    b'\\' if quoted => at += 1,
                    b'"' if at < self.no_quote_from => quoted = !quoted,
                    b'>' if !quoted => return at,
                    // Another bracket opens: this one was never closed.
                    b'<' if !quoted && at > start => {
                        let inside = &self.value[start..at];
                        return start + memchr::memchr2(b',', b';', inside).unwrap_or(at - start);
                    }
                    _ => {}
                }
                at += 1;
            }
            if let Some(at) = memchr::memchr(b'>', &self.value[start..]) {
                return start + at;
            }
            self.no_bracket_from = start;
        }
        let rest = &self.value[start..];
        start + memchr::memchr2(b',', b';', rest).unwrap_or(rest.len())
    }

    /// A domain literal: its colons and commas separate nothing.
    fn literal(&mut self) {
        let rest = &self.value[self.at..];
        let window = &rest[..rest.len().min(DOMAIN_LITERAL_BYTES_MAX)];
        let length = memchr::memchr(b']', window).map_or(1, |at| at + 1);
        self.push(self.at, self.at + length);
    }

    /// Whether the colon here ends the name of a group.
    fn starts_group(&self) -> bool {
        self.draft.angle.is_none() && !self.draft.has_sign
    }

    fn finish(&mut self) {
        let draft = std::mem::take(&mut self.draft);
        let comment = Some(draft.comment.as_slice()).filter(|text| !text.is_empty());
        if let Some(angle) = &draft.angle {
            let phrase = [&draft.phrase, &draft.behind]
                .into_iter()
                .find(|phrase| !phrase.trim_ascii().is_empty());
            let name = phrase.map(Vec::as_slice).or(comment);
            let address = self.address(angle);
            return self.add(name, address);
        }
        let written = draft.written.trim_ascii();
        if !written.is_empty() {
            self.without_brackets(&draft.phrase, written, comment);
        }
    }

    /// An address alone, or a name and an address whose brackets were forgotten.
    fn without_brackets(&mut self, phrase: &[u8], written: &[u8], comment: Option<&[u8]>) {
        let joined = joined_at_signs(written);
        if joined.first() == Some(&b'"') || !joined.contains(&b'@') {
            let address = self.address(&joined);
            return self.add(comment, address);
        }
        let tokens: Vec<&[u8]> =
            joined.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()).collect();
        if tokens.len() == 1 {
            let address = self.address(&joined);
            return self.add(comment, address);
        }
        if tokens.iter().all(|token| token.contains(&b'@')) {
            for token in tokens {
                let address = self.address(token);
                self.add(None, address);
            }
            return;
        }
        let Some(at) = tokens.iter().rposition(|token| token.contains(&b'@')) else { return };
        let name_length = memchr::memmem::rfind(phrase, tokens[at]).unwrap_or(0);
        let name = Some(&phrase[..name_length]).filter(|name| !name.trim_ascii().is_empty());
        let address = self.address(tokens[at]);
        self.add(name.or(comment), address);
    }

    /// The address in its brackets: without comments, blanks and the obsolete route.
    fn address(&self, written: &[u8]) -> String {
        let written = written.trim_ascii();
        let written = written.strip_prefix(b"<").unwrap_or(written);
        let written = written.strip_suffix(b">").unwrap_or(written);
        // RFC 5322 §4.4: `@a.test,@b.test:bob@c.test` names a route, which is ignored.
        let written = match memchr::memchr(b':', written) {
            Some(colon) if written.first() == Some(&b'@') => &written[colon + 1..],
            _ => written,
        };
        if memchr::memchr2(b'(', b' ', written).is_some() {
            let joined = joined_at_signs(&without_comments(written));
            return decode_words(&joined, self.fallback);
        }
        decode_words(written, self.fallback)
    }

    fn add(&mut self, name: Option<&[u8]>, address: String) {
        let name = name
            .map(|name| decode_words(name, self.fallback))
            .map(|name| unquoted(name.trim()).trim().to_owned())
            .filter(|name| !name.is_empty());
        if !address.is_empty() || name.is_some() {
            self.mailboxes.push(Mailbox { name, address });
        }
    }
}

/// A name that was quoted once more inside an encoded word.
fn unquoted(name: &str) -> &str {
    name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name)
}

/// Quoted pairs resolved (RFC 5322 §3.2.1).
fn unescaped(quoted: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(quoted.len());
    let mut escaped = false;
    for &byte in quoted {
        if byte == b'\\' && !escaped {
            escaped = true;
        } else {
            text.push(byte);
            escaped = false;
        }
    }
    text
}

/// `bob @ x . test` as `bob@x.test`: RFC 5322 §4.4 allows blanks around signs and dots. Only a
/// dot behind a blank is taken for one of an address; one behind a word may end an initial.
fn joined_at_signs(written: &[u8]) -> Vec<u8> {
    let mut joined: Vec<u8> = Vec::with_capacity(written.len());
    let mut glued = false;
    for &byte in written {
        let is_dot = byte == b'.' && joined.last().is_some_and(u8::is_ascii_whitespace);
        if byte == b'@' || is_dot {
            joined.truncate(joined.trim_ascii_end().len());
        }
        if !(glued && byte.is_ascii_whitespace()) {
            joined.push(byte);
            glued = byte == b'@' || is_dot;
        }
    }
    joined
}

/// An address without the comments in it (RFC 5322 §3.4.1), quoted strings left alone.
fn without_comments(written: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(written.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for &byte in written {
        match byte {
            _ if escaped => {}
            b'"' if depth == 0 => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
        if depth == 0 {
            kept.push(byte);
        }
    }
    kept
}

/// Bytes that the reader looks at one by one.
const SPECIAL: &[u8] = b"\"(<[,;:=@";
/// How far a quoted string inside brackets is followed; a path has 256 octets (RFC 5321
/// §4.5.3.1.3).
const ANGLE_BYTES_MAX: usize = 2_000;
const DOMAIN_LITERAL_BYTES_MAX: usize = 100;

#[cfg(test)]
mod tests;
