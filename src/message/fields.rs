//! Cuts a header block into fields (RFC 5322 §2.2), forgiving what real mail does to it.
//!
//! Knows where a field starts and ends, not what it means.

use memchr::memchr;
use memchr::memchr2;

/// One field as it stands in the mail: name and value are slices of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    /// The name without the blanks that obsolete syntax allows before the colon.
    pub name: &'a [u8],
    /// Everything behind the colon, folds included, without the last line end.
    pub value: &'a [u8],
}

/// Where a header block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At the start of a mail. When its first line is no field, there is no header: MTAs such as
    /// Postfix put the empty line there, so all of it is body.
    Mail,
    /// Behind a boundary, where mail programs look for the empty line all the same.
    Part,
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
    /// Lines that go on with the parameters of the one before, though no blank starts them.
    pub unindented_lines: usize,
    /// Whether an mbox "From " line stood first.
    pub mbox_line: bool,
    /// Whether a CR alone ended a line.
    pub bare_cr: bool,
    /// Whether a byte order mark stood first.
    pub byte_order_mark: bool,
}

/// Reads the header block that starts at `start`, handing each field to `sink`.
///
/// `is_end` is asked about each line that starts with two hyphens: a boundary ends a header even
/// without an empty line. Linear: each byte is looked at a constant number of times.
///
/// Lines that are no field are passed over up to the empty line, as most mail programs do. When
/// no empty line ever comes, those that end the block are the body, because nothing else is.
pub(super) fn read_block<'a>(
    raw: &'a [u8],
    start: usize,
    place: Place,
    is_end: impl Fn(&[u8]) -> bool,
    mut sink: impl FnMut(Field<'a>),
) -> BlockEnd {
    let byte_order_mark = place == Place::Mail && raw[start..].starts_with(BYTE_ORDER_MARK);
    let start = if byte_order_mark { start + BYTE_ORDER_MARK.len() } else { start };
    let mut end =
        BlockEnd { body_start: start, header_end: start, byte_order_mark, ..BlockEnd::default() };
    let mut position = start;
    let mut junk_start = None;
    while position < raw.len() {
        let line = line_at(raw, position);
        end.bare_cr |= raw.get(line.next.wrapping_sub(1)) == Some(&b'\r');
        if line.content.is_empty() {
            end.body_start = line.next;
            end.blank_line = true;
            return end;
        }
        // A boundary ends a header even without an empty line, and so does what looks like the
        // first boundary of the multipart this header describes.
        let is_boundary_like = line.content.starts_with(b"--");
        if is_boundary_like && (is_end(line.content) || colon_of(line.content).is_none()) {
            break;
        }
        if position == start && is_mbox_line(line.content) {
            end.mbox_line = true;
            end.header_end = line.next;
        } else if let Some(colon) = colon_of(line.content) {
            let value_start = position + colon + 1;
            let (value_end, next) = value_end(raw, line, &mut end.unindented_lines);
            let value = &raw[value_start..value_end.max(value_start)];
            sink(Field { name: line.content[..colon].trim_ascii(), value });
            end.header_end = next;
            junk_start = None;
            position = next;
            continue;
        } else if place == Place::Mail && end.header_end == start {
            end.body_start = position;
            return end;
        } else {
            junk_start.get_or_insert(position);
            end.junk_lines += 1;
        }
        position = line.next;
    }
    end.body_start = junk_start.unwrap_or(position);
    end
}

/// A line without its end, and where the next one starts.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub content: &'a [u8],
    pub end: usize,
    pub next: usize,
}

/// The line that starts at `position`. CRLF ends it, and so do LF or CR alone, as in most
/// readers; CR CR LF, which text-mode output makes of CRLF, is one line end.
pub(super) fn line_at(raw: &[u8], position: usize) -> Line<'_> {
    let rest = &raw[position..];
    let Some(length) = memchr2(b'\r', b'\n', rest) else {
        return Line { content: rest, end: raw.len(), next: raw.len() };
    };
    let behind = &rest[length..];
    let line_end = match behind {
        [b'\r', b'\n', ..] => 2,
        [b'\r', b'\r', b'\n', ..] => 3,
        _ => 1,
    };
    let end = position + length;
    Line { content: &rest[..length], end, next: end + line_end }
}

/// The end of a value that starts on `line`: continuation lines start with a blank or a tab. One
/// of nothing but blanks continues too (RFC 5322 §4.2, obs-FWS); it does not end the header. So do
/// parameters of MIME's fields, which some programs put at the start of a line.
fn value_end(raw: &[u8], line: Line<'_>, unindented_lines: &mut usize) -> (usize, usize) {
    let has_parameters =
        line.content.get(..CONTENT.len()).is_some_and(|name| name.eq_ignore_ascii_case(CONTENT));
    let mut last = line;
    loop {
        match raw.get(last.next) {
            Some(b' ' | b'\t') => last = line_at(raw, last.next),
            Some(_) if has_parameters && last.content.ends_with(b";") => {
                let continuation = line_at(raw, last.next);
                if !is_parameter(continuation.content) {
                    break;
                }
                *unindented_lines += 1;
                last = continuation;
            }
            _ => break,
        }
    }
    (last.end, last.next)
}

/// Whether a line starts with `name=` and is no field.
fn is_parameter(line: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*');
    let name = line.iter().take_while(|byte| is_letter(byte)).count();
    name > 0 && line.get(name) == Some(&b'=')
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

/// What the fields of MIME start with (RFC 2045 §9).
const CONTENT: &[u8] = b"Content-";

/// U+FEFF in UTF-8, which some editors put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
