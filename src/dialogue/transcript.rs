//! All that was said in a session, packed, and how it is read. The oldest goes when there is too
//! much of it.
//!
//! Pure: knows neither who records nor who reads.

use std::collections::VecDeque;
use std::sync::Arc;

pub use crate::dialogue::packing::Speaker;

use crate::dialogue::packing::Slots;
use crate::dialogue::packing::Words;

/// What was said, as packed bytes in pieces that can each be read alone.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    whole: VecDeque<Piece>,
    /// The piece that still grows.
    last: Growing,
    /// The lines that are said again and again, by their numbers.
    fixed: Vec<&'static str>,
    dropped: bool,
}

/// A piece that is complete.
#[derive(Clone, Debug)]
struct Piece {
    /// Where it starts, in bytes since the session began.
    start: u64,
    /// When, in microseconds since the session began.
    at: u64,
    bytes: Arc<[u8]>,
}

#[derive(Debug, Default)]
struct Growing {
    start: u64,
    at: u64,
    bytes: Vec<u8>,
}

impl Transcript {
    /// Appends packed lines to the piece that grows.
    pub(super) fn append(&mut self, packed: &[u8], fixed: &[&'static str]) {
        self.last.bytes.extend_from_slice(packed);
        self.fixed.extend_from_slice(fixed);
    }

    /// Ends the piece that grows; the next one starts at this time. When the pieces take more than
    /// `bytes_max`, the oldest go, but never the last whole one. Returns how many bytes went.
    pub(super) fn next_piece(&mut self, at: u64, bytes_max: usize) -> usize {
        let start = self.end();
        let ended = std::mem::replace(&mut self.last, Growing { start, at, bytes: Vec::new() });
        if !ended.bytes.is_empty() {
            let bytes = Arc::from(ended.bytes);
            self.whole.push_back(Piece { start: ended.start, at: ended.at, bytes });
        }
        let mut gone = 0;
        while self.size_bytes() > bytes_max && self.whole.len() > 1 {
            gone += self.whole.pop_front().map_or(0, |piece| piece.bytes.len());
            self.dropped = true;
        }
        gone
    }

    /// Gives back the room that was kept for more.
    pub(super) fn close(&mut self) {
        self.last.bytes.shrink_to_fit();
        self.fixed.shrink_to_fit();
        self.whole.shrink_to_fit();
    }

    /// The bytes of what is kept.
    pub(super) fn size_bytes(&self) -> usize {
        let first = self.whole.front().map_or(self.last.start, |piece| piece.start);
        usize::try_from(self.end() - first).unwrap_or(usize::MAX)
    }

    /// Where the next line will be, in bytes since the session began.
    pub(super) fn end(&self) -> u64 {
        self.last.start + self.last.bytes.len() as u64
    }

    /// What was said so far, to be read without the lock.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut pieces: Vec<Piece> = self.whole.iter().cloned().collect();
        let Growing { start, at, bytes } = &self.last;
        pieces.push(Piece { start: *start, at: *at, bytes: Arc::from(bytes.as_slice()) });
        Snapshot { pieces, fixed: self.fixed.clone(), dropped: self.dropped }
    }
}

/// What was said in a session up to a moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pieces: Vec<Piece>,
    fixed: Vec<&'static str>,
    dropped: bool,
}

/// A line of a transcript. A reply of several lines is one, with LF between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands, in bytes since the session began.
    pub position: u64,
    /// When it was said, in microseconds since the session began.
    pub microseconds: u64,
    /// Who said it.
    pub speaker: Speaker,
    /// The words; control characters as pictures of them.
    pub text: String,
    /// The mail whose end this notes, by its size in bytes.
    pub body_bytes: Option<u64>,
}

impl Snapshot {
    /// The packed bytes of it.
    pub fn size_bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.bytes.len()).sum()
    }

    /// All lines, after a note when the oldest are gone.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.dropped {
            lines.push(self.dropped_note());
        }
        self.read_between(0, u64::MAX, |line| {
            lines.push(line);
            true
        });
        lines
    }

    /// How the session began, up to a position, and the mail that begins at another: its commands
    /// to the last reply to its end. What lies between is one note.
    pub fn lines_of_mail(&self, beginning_end: u64, start: u64) -> Vec<Line> {
        let mut lines = Vec::new();
        self.read_between(0, beginning_end, |line| {
            let wanted = line.position < beginning_end;
            if wanted {
                lines.push(line);
            }
            wanted
        });
        let between = lines.len();
        let mut before_start = None;
        let (mut is_whole, mut is_answered) = (false, false);
        self.read_between(start, u64::MAX, |line| {
            if line.position < start {
                before_start = Some(line.microseconds);
                return true;
            }
            is_answered |= is_whole && line.speaker == Speaker::Server;
            if is_answered && line.speaker != Speaker::Server {
                return false;
            }
            is_whole |= line.body_bytes.is_some();
            lines.push(line);
            true
        });
        let first = lines.get(between);
        if self.dropped && first.is_none_or(|line| line.position > start) {
            lines.insert(between, self.dropped_note());
        } else if start > beginning_end {
            let last = lines[..between].last().map_or(0, |line| line.microseconds);
            lines.insert(between, note(before_start.unwrap_or(last), BETWEEN));
        }
        lines
    }

    /// Visits the lines of those pieces that touch a stretch.
    fn read_between(&self, from: u64, to: u64, mut visit: impl FnMut(Line) -> bool) {
        for piece in &self.pieces {
            let end = piece.start + piece.bytes.len() as u64;
            let touches = end > from && piece.start < to;
            if touches && !self.read(piece, &mut visit) {
                return;
            }
        }
    }

    /// Visits the lines of a piece until a visit says no more; whether none did.
    fn read(&self, piece: &Piece, mut visit: impl FnMut(Line) -> bool) -> bool {
        let mut slots = Slots::default();
        let mut rest: &[u8] = &piece.bytes;
        let mut at = piece.at;
        loop {
            let position = piece.start + (piece.bytes.len() - rest.len()) as u64;
            let Some((speaker, microseconds, words)) = slots.unpack(&mut rest) else { return true };
            at = at.saturating_add(microseconds);
            let text = match words {
                Words::Fixed(number) => {
                    self.fixed.get(usize::from(number)).copied().unwrap_or_default().to_owned()
                }
                Words::Text(text) => shown(text),
                Words::Body(bytes) => format!("a mail of {bytes} bytes was received"),
            };
            let body_bytes = match words {
                Words::Body(bytes) => Some(bytes),
                _ => None,
            };
            if !visit(Line { position, microseconds: at, speaker, text, body_bytes }) {
                return false;
            }
        }
    }

    fn dropped_note(&self) -> Line {
        note(self.pieces.first().map_or(0, |piece| piece.at), DROPPED)
    }
}

fn note(microseconds: u64, text: &str) -> Line {
    let text = text.to_owned();
    Line { position: 0, microseconds, speaker: Speaker::Note, text, body_bytes: None }
}

/// A line as text in which every character can be seen.
fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n");
    let picture = |character: char| match character {
        '\u{7F}' => '\u{2421}',
        '\0'..='\u{1F}' if character != '\n' => {
            char::from_u32(u32::from(character) + 0x2400).unwrap_or(character)
        }
        _ => character,
    };
    text.chars().map(picture).collect()
}

const DROPPED: &str = "what was said before this is no longer kept: it was too much";
const BETWEEN: &str = "what was said here is not about this mail: the session has it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_seen() {
        assert_eq!(shown(b"250-a\r\n250 b\x1b[1m\x7f\0\xff"), "250-a\n250 b␛[1m␡␀\u{FFFD}");
    }
}
