//! Bytes that have arrived and await their turn, cut into lines. Knows no command.

use std::fmt;

use memchr::memchr;

/// What is pending, and how far it was looked at.
#[derive(Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    /// Where the next line starts.
    start: usize,
    /// Up to here, from `start` on, there is no LF.
    scanned: usize,
    /// Whether the line at `start` was too long and the rest of it is being swallowed.
    swallowing: bool,
}

/// The next line, as far as it is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// A line without its CRLF or LF.
    Whole(&'a [u8]),
    /// A line above the limit came to its end. Nothing of it was kept.
    TooLong,
    /// A TLS handshake record (RFC 8446 §5.1) where a command belongs.
    Handshake,
}

impl Input {
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.bytes.len()
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.is_empty() {
            self.clear();
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// What is pending.
    pub(super) fn pending(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Passes over the first bytes of what is pending.
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
        self.scanned = self.start;
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.start = 0;
        self.scanned = 0;
    }

    /// The next line, of at most `bytes_max` bytes with its end. None: it is not there whole.
    ///
    /// LF alone ends a line too: some clients send no CR with commands. (A mail is ended by
    /// nothing but CRLF.CRLF: see `data`.)
    pub(super) fn next_line(&mut self, bytes_max: usize) -> Option<Line<'_>> {
        if !self.swallowing && self.bytes.get(self.start) == Some(&HANDSHAKE) {
            return Some(Line::Handshake);
        }
        let Some(offset) = memchr(b'\n', &self.bytes[self.scanned..]) else {
            self.keep_at_most(bytes_max);
            return None;
        };
        let start = self.start;
        let end = self.scanned + offset;
        self.consume(end + 1 - start);
        if std::mem::take(&mut self.swallowing) || end + 1 - start > bytes_max {
            return Some(Line::TooLong);
        }
        let line = &self.bytes[start..end];
        Some(Line::Whole(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Remembers that there is no LF yet, and drops a line that can only become too long.
    fn keep_at_most(&mut self, bytes_max: usize) {
        if self.swallowing || self.pending().len() >= bytes_max {
            self.swallowing = true;
            self.clear();
        } else if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.shrink_to(KEPT_BYTES_MAX);
        self.scanned = self.bytes.len();
    }
}

/// Shows no bytes: there may be a password among them.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("pending", &self.pending().len()).finish_non_exhaustive()
    }
}

/// A session that waits for its next line keeps no more room than this, or what is pending takes.
const KEPT_BYTES_MAX: usize = 8 * 1_024;

/// The content type of a TLS handshake record; no command starts with this character.
const HANDSHAKE: u8 = 22;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole() {
        let mut input = Input::default();
        input.push(b"one\r\ntwo\nthr");
        assert_eq!(input.next_line(10), Some(Line::Whole(b"one")));
        assert_eq!(input.next_line(10), Some(Line::Whole(b"two")));
        assert_eq!(input.next_line(10), None);
        input.push(b"ee\r");
        assert_eq!(input.next_line(10), None);
        input.push(b"\n");
        assert_eq!(input.next_line(10), Some(Line::Whole(b"three")));
        assert!(input.is_empty());
    }

    #[test]
    fn a_line_without_end_takes_no_room() {
        let mut input = Input::default();
        for _ in 0..1_000 {
            input.push(&[b'x'; 1_000]);
            assert_eq!(input.next_line(10), None);
        }
        assert!(input.bytes.capacity() <= 2_000, "{} bytes", input.bytes.capacity());
        input.push(b"\nNOOP\r\n");
        assert_eq!(input.next_line(10), Some(Line::TooLong));
        assert_eq!(input.next_line(10), Some(Line::Whole(b"NOOP")));
    }

    #[test]
    fn many_lines_at_once_leave_no_room_behind() {
        let mut input = Input::default();
        input.push("NOOP\r\n".repeat(10_000).as_bytes());
        while input.next_line(10).is_some() {}
        assert!(input.bytes.capacity() <= KEPT_BYTES_MAX, "{} bytes", input.bytes.capacity());
    }

    #[test]
    fn a_handshake_is_seen_by_its_first_byte_and_only_there() {
        let mut input = Input::default();
        input.push(b"x\x16\n\x16");
        assert_eq!(input.next_line(10), Some(Line::Whole(b"x\x16")));
        assert_eq!(input.next_line(10), Some(Line::Handshake));
    }
}
