//! Cuts a header block into fields (RFC 5322 §2.2), forgiving what real mail does to it.
//!
//! Knows where a field starts and ends, not what it means.

use memchr::memchr;

/// One field as it stands in the mail: name and value are slices of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// The name without the blanks that obsolete syntax allows before the colon.
    pub name: &'a [u8],
    /// Everything behind the colon, folds included, without the last line end.
    pub value: &'a [u8],
}

/// How a header block ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BlockEnd {
    /// Where the body starts.
    pub body_start: usize,
    /// Where the last field ended.
    pub header_end: usize,
    /// Whether an empty line stood between header and body.
    pub blank_line: bool,
    /// Lines that were no field and were passed over.
    pub junk_lines: usize,
    /// Whether an mbox "From " line stood first.
    pub mbox_line: bool,
}

/// Reads the header block that starts at `start`, handing each field to `sink`.
///
/// `is_end` is asked about each line that starts with two hyphens: a boundary ends a header even
/// without an empty line. Linear: each byte is looked at a constant number of times.
pub(super) fn read_block<'a>(
    raw: &'a [u8],
    start: usize,
    is_end: impl Fn(&[u8]) -> bool,
    mut sink: impl FnMut(Field<'a>),
) -> BlockEnd {
    let mut end = BlockEnd { body_start: start, header_end: start, ..BlockEnd::default() };
    let mut position = start;
    while position < raw.len() {
        let line = line_at(raw, position);
        if line.content.is_empty() {
            end.body_start = line.next;
            end.blank_line = true;
            return end;
        }
        if line.content.starts_with(b"--") && is_end(line.content) {
            end.body_start = position;
            return end;
        }
        if position == start && is_mbox_line(line.content) {
            end.mbox_line = true;
            position = line.next;
            continue;
        }
        let Some(colon) = colon_of(line.content) else {
            if !passes_over(raw, line.next) {
                end.body_start = position;
                return end;
            }
            end.junk_lines += 1;
            position = line.next;
            continue;
        };
        let value_start = position + colon + 1;
        let (value_end, next) = value_end(raw, line);
        sink(Field {
            name: line.content[..colon].trim_ascii(),
            value: &raw[value_start..value_end.max(value_start)],
        });
        end.header_end = next;
        position = next;
    }
    end.body_start = raw.len();
    end
}

/// A line without its end, and where the next one starts.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub content: &'a [u8],
    pub end: usize,
    pub next: usize,
}

/// The line that starts at `position`. CRLF and a lone LF end a line.
pub(super) fn line_at(raw: &[u8], position: usize) -> Line<'_> {
    let rest = &raw[position..];
    let (mut length, next) = match memchr(b'\n', rest) {
        Some(at) => (at, position + at + 1),
        None => (rest.len(), raw.len()),
    };
    if length > 0 && rest[length - 1] == b'\r' {
        length -= 1;
    }
    Line { content: &rest[..length], end: position + length, next }
}

/// The end of a value that starts on `line`: continuation lines start with a blank or a tab.
///
/// A line of nothing but blanks continues too, by RFC 5322 §4.2 obs-FWS, but only when a line
/// that is not empty follows; otherwise editors that pad the empty line would lose their body.
fn value_end(raw: &[u8], line: Line<'_>) -> (usize, usize) {
    let (mut end, mut next) = (line.end, line.next);
    while matches!(raw.get(next), Some(b' ' | b'\t')) {
        let continuation = line_at(raw, next);
        if continuation.content.trim_ascii().is_empty() {
            break;
        }
        end = continuation.end;
        next = continuation.next;
    }
    (end, next)
}

fn is_mbox_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// Where the colon behind a field's name is. RFC 5322 §2.2: the name is printable ASCII without
/// blanks; the obsolete syntax of §4.5 allows blanks between name and colon.
fn colon_of(line: &[u8]) -> Option<usize> {
    let colon = memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let printable = !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte));
    printable.then_some(colon)
}

/// Whether a line that is no field may be passed over: the one behind it must be a field again.
fn passes_over(raw: &[u8], next: usize) -> bool {
    next < raw.len() && colon_of(line_at(raw, next).content).is_some()
}
