//! Mails whose words stand in their raw bytes as they are read, so that looking there answers for
//! the decoded text.
//!
//! Found out by comparing, once, never assumed: how a text was declared does not matter.

use crate::query::facts::Facts;
use crate::query::facts::TEXT_BYTES_MAX;
use crate::query::facts::Text;
use crate::query::field::TextField;
use crate::store::facts::HeldFacts;
use crate::store::rows::Rows;

/// What raw bytes can tell, row by row.
#[derive(Debug)]
pub(in crate::store) struct Verbatim {
    /// The body is ASCII and the only text: read with CRLF as LF it is `text:` itself.
    pub(in crate::store) plain: Rows,
    /// Each run of visible ASCII in the folded texts stands in the body, but for case.
    pub(in crate::store) bodies: Rows,
    /// Each stands in the HTML that it was read of, decoded and skimmed.
    pub(in crate::store) skimmed: Rows,
    /// The same of the values of the header, in the header.
    pub(in crate::store) headers: Rows,
    body_starts: Box<[u16]>,
}

impl Verbatim {
    /// The header and the body of a mail; all of it when the header is too long to be told.
    pub(in crate::store) fn sides<'r>(&self, row: usize, raw: &'r [u8]) -> (&'r [u8], &'r [u8]) {
        match self.body_starts.get(row).map(|start| usize::from(*start)) {
            Some(start) if start < usize::from(u16::MAX) && start <= raw.len() => {
                raw.split_at(start)
            }
            _ => (raw, raw),
        }
    }

    pub(in crate::store) fn size_bytes(&self) -> usize {
        size_of_val(&*self.body_starts)
    }
}

/// What raw bytes can tell, while mails are looked at row by row.
#[derive(Debug, Default)]
pub(in crate::store) struct VerbatimBuilder {
    plain: Rows,
    bodies: Rows,
    skimmed: Rows,
    headers: Rows,
    body_starts: Vec<u16>,
}

impl VerbatimBuilder {
    /// Looks at the next row; None for one whose mail has left.
    pub(in crate::store) fn push(&mut self, row: usize, facts: Option<&HeldFacts<'_>>) {
        let Some(facts) = facts else { return self.body_starts.push(u16::MAX) };
        let message = facts.message();
        let start = message.headers().body_start();
        let (header, body) = message.raw().split_at(start.min(message.raw().len()));
        self.body_starts.push(u16::try_from(start).unwrap_or(u16::MAX));
        let plain = facts.texts(&TextField::Text).known().unwrap_or_default();
        let html = facts.texts(&TextField::Html).known().unwrap_or_default();
        let is_short = start < usize::from(u16::MAX);
        if let ([only], []) = (&*plain, &*html)
            && is_short
            && is_plain(only, body)
        {
            self.plain.insert(row);
            self.bodies.insert(row);
        } else if plain.iter().chain(&html).all(|text| stands_in(text.folded(), body, &mut 0)) {
            self.bodies.insert(row);
        } else if html
            .iter()
            .zip(facts.html_skimmed())
            .all(|(text, html)| stands_in(text.folded(), html.as_bytes(), &mut 0))
        {
            self.skimmed.insert(row);
        }
        let mut at = 0;
        let ids = facts.texts(&TextField::MessageId).known().unwrap_or_default();
        let ids_stand = ids.iter().all(|id| stands_in(id.folded(), header, &mut 0));
        let mut values = facts.header_texts().iter();
        if ids_stand && values.all(|(_, value)| stands_in(value.folded(), header, &mut at)) {
            self.headers.insert(row);
        }
    }

    /// Whether raw bytes tell about the texts of a row.
    pub(in crate::store) const fn speaks_for(&self, row: usize) -> bool {
        self.bodies.has(row)
    }

    pub(in crate::store) fn build(self) -> Verbatim {
        Verbatim {
            plain: self.plain,
            bodies: self.bodies,
            skimmed: self.skimmed,
            headers: self.headers,
            body_starts: self.body_starts.into(),
        }
    }
}

/// A body as `text:` reads it when it is plain: lines end in LF.
pub(in crate::store) fn read_plain<'b>(body: &[u8], buffer: &'b mut Vec<u8>) -> &'b str {
    buffer.clear();
    let mut rest = body;
    while let Some(end) = memchr::memchr(b'\r', rest) {
        let is_line_end = rest.get(end + 1) == Some(&b'\n');
        buffer.extend_from_slice(&rest[..end + usize::from(!is_line_end)]);
        rest = &rest[end + 1..];
    }
    buffer.extend_from_slice(rest);
    str::from_utf8(buffer).unwrap_or_default()
}

fn is_plain(text: &Text, body: &[u8]) -> bool {
    body.is_ascii()
        && body.len() < TEXT_BYTES_MAX
        && read_plain(body, &mut Vec::with_capacity(body.len())) == text.decoded()
}

/// Whether each run of visible ASCII of a folded text stands in these bytes from `at` on, one
/// behind the other, upper case taken for lower. Gives up, and says no, where that would take
/// long.
fn stands_in(folded: &str, bytes: &[u8], at: &mut usize) -> bool {
    let mut steps_left = 8 * (folded.len() + bytes.len());
    for run in runs(folded) {
        let Some(found) = find(run.as_bytes(), &bytes[*at..], &mut steps_left) else {
            return false;
        };
        *at += found + run.len();
    }
    true
}

/// The runs of visible ASCII of a text.
pub(in crate::store) fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_graphic()).filter(|run| !run.is_empty())
}

/// Where a folded run is first. None too when the steps run out.
fn find(run: &[u8], bytes: &[u8], steps_left: &mut usize) -> Option<usize> {
    let first = run[0];
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let found = memchr::memchr2(first, first.to_ascii_uppercase(), rest)?;
        let candidate = rest.get(found..found + run.len())?;
        *steps_left = steps_left.checked_sub(run.len())?;
        if candidate.eq_ignore_ascii_case(run) {
            return Some(from + found);
        }
        from += found + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_in_order_whatever_stands_between() {
        let stand = |folded, bytes: &str| stands_in(folded, bytes.as_bytes(), &mut 0);
        assert!(stand("hello you", "<b>Hello</b>\r\n YOU!"));
        assert!(!stand("you hello", "Hello you"));
        assert!(!stand("hello", "hel<i>lo</i>"));
        assert!(!stand("hello", "hel=\r\nlo"));
        assert!(stand("caf\u{e9}", "caf=E9"), "what is not ASCII is not looked for");
        assert!(!stand("strasse", "stra\u{df}e"));
        assert!(stand("", "") && !stand("a", ""));
    }

    #[test]
    fn what_would_take_long_is_given_up() {
        let run = "a".repeat(10_000);
        let bytes = format!("{}b", "a".repeat(9_999)).repeat(20);
        assert!(!stands_in(&run, bytes.as_bytes(), &mut 0));
    }

    #[test]
    fn plain_bodies_are_read_with_short_line_ends() {
        assert_eq!(read_plain(b"a\r\nb\rc\r\r\n", &mut Vec::new()), "a\nb\rc\r\n");
    }
}
