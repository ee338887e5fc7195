//! Writes down a session as it goes: one for each, owned by its engine.
//!
//! What was said is packed at once and handed to the record when the engine pauses, so that a
//! command costs no lock. Knows no grammar: what is secret comes here masked.

use std::sync::Arc;
use std::time::Instant;

use crate::dialogue::AuthFacts;
use crate::dialogue::TlsFacts;
use crate::dialogue::packing::Slots;
use crate::dialogue::packing::Speaker;
use crate::dialogue::packing::Words;
use crate::dialogue::record::Failure;
use crate::dialogue::record::Record;

/// The pen of a session. Dropping it closes the record.
#[derive(Debug)]
pub struct Recorder {
    record: Arc<Record>,
    began: Instant,
    /// Now, and when the last line was said, in microseconds since it began.
    now: u64,
    last: u64,
    slots: Slots,
    /// The lines that have numbers, and how many of them the record knows.
    fixed: Vec<&'static str>,
    fixed_handed_over: usize,
    /// What is packed and not handed over yet.
    packed: Vec<u8>,
    /// Where `packed` begins, and where the piece that grows does.
    start: u64,
    piece_start: u64,
    /// The last command, as it was written down, and where.
    command: String,
    command_at: u64,
    is_closed: bool,
}

impl Recorder {
    /// Writes down a session that begins now.
    pub fn new(record: Arc<Record>, now: Instant) -> Self {
        let mut recorder = Self {
            record,
            began: now,
            now: 0,
            last: 0,
            slots: Slots::default(),
            fixed: Vec::new(),
            fixed_handed_over: 0,
            packed: Vec::new(),
            start: 0,
            piece_start: 0,
            command: String::new(),
            command_at: 0,
            is_closed: false,
        };
        recorder.note("the client connected");
        recorder
    }

    /// The record it writes.
    pub const fn record(&self) -> &Arc<Record> {
        &self.record
    }

    /// What comes next is said now.
    pub fn set_now(&mut self, now: Instant) {
        let microseconds = now.saturating_duration_since(self.began).as_micros();
        self.now = self.now.max(u64::try_from(microseconds).unwrap_or(u64::MAX));
    }

    /// The client said a line.
    pub fn client(&mut self, line: &str) {
        let (kept, is_cut) = cut(line);
        self.command.clear();
        self.command.push_str(kept);
        if is_cut {
            self.command.push('…');
        }
        self.command_at = self.position();
        let command = std::mem::take(&mut self.command);
        self.write(Speaker::Client, Words::Text(command.as_bytes()));
        self.command = command;
    }

    /// The server said a line that is always the same.
    pub fn server(&mut self, line: &'static str, code: u16) {
        self.fixed_line(Speaker::Server, line);
        if code >= 400 {
            self.failed(line);
        }
    }

    /// The server said something of its own, its last line end left out.
    pub fn server_text(&mut self, text: &[u8], code: u16) {
        self.write(Speaker::Server, Words::Text(text));
        if code >= 400 {
            self.failed(&String::from_utf8_lossy(text));
        }
    }

    /// Something happened.
    pub fn note(&mut self, text: &'static str) {
        self.fixed_line(Speaker::Note, text);
    }

    /// Something happened that is not the same each time.
    pub fn note_text(&mut self, text: &str) {
        self.write(Speaker::Note, Words::Text(cut(text).0.as_bytes()));
    }

    /// A mail of so many bytes was received whole.
    pub fn body(&mut self, size_bytes: usize) {
        self.write(Speaker::Note, Words::Body(size_bytes as u64));
    }

    /// With its last command the client began a mail.
    pub fn mail_begins(&mut self) {
        let at = self.command_at;
        let mut state = self.record.lock();
        state.last_mail = at;
        state.first_mail.get_or_insert(at);
    }

    /// A mail is held, by the bits of its id.
    pub fn mail_held(&mut self, id: u128) {
        self.record.lock().mail(id);
    }

    /// The client said who it is, or TLS began.
    pub fn agreed(&mut self, helo: &str, tls: Option<&TlsFacts>, auth: Option<&AuthFacts>) {
        let mut state = self.record.lock();
        state.seen.helo = helo.into();
        state.seen.tls = tls.cloned().map(Box::new);
        state.seen.auth = auth.cloned().map(Box::new);
    }

    /// Hands over what was said, so that readers see it. Call it before waiting for anything.
    pub fn flush(&mut self) {
        if self.packed.is_empty() {
            return;
        }
        self.record.lock().append(&self.packed, &self.fixed[self.fixed_handed_over..]);
        self.fixed_handed_over = self.fixed.len();
        self.start = self.position();
        self.packed.clear();
    }

    /// The session is over; `is_broken_off` when the client was in the middle of something.
    pub fn close(&mut self, note: &'static str, is_broken_off: bool) {
        if std::mem::replace(&mut self.is_closed, true) {
            return;
        }
        self.note(note);
        self.flush();
        let mut state = self.record.lock();
        state.seen.closed = Some(self.now);
        state.seen.is_broken_off = is_broken_off;
        state.transcript.close();
        state.mails.shrink_to_fit();
    }

    fn failed(&mut self, reply: &str) {
        let (microseconds, command) = (self.now, self.command.clone());
        let failure = Failure { microseconds, command, reply: reply.replace("\r\n", "\n") };
        let mut state = self.record.lock();
        state.seen.error_count += 1;
        state.seen.last_error = Some(Box::new(failure));
    }

    fn fixed_line(&mut self, speaker: Speaker, line: &'static str) {
        let known = self.fixed.iter().position(|known| *known == line);
        let number = known.unwrap_or(self.fixed.len());
        match u8::try_from(number) {
            Ok(number) => {
                if known.is_none() {
                    self.fixed.push(line);
                }
                self.write(speaker, Words::Fixed(number));
            }
            Err(_) => self.write(speaker, Words::Text(line.as_bytes())),
        }
    }

    fn write(&mut self, speaker: Speaker, words: Words<'_>) {
        if self.position() - self.piece_start > PIECE_BYTES {
            self.flush();
            self.record.lock().next_piece(self.last, TRANSCRIPT_BYTES_MAX);
            self.slots.clear();
            self.piece_start = self.start;
        }
        let since = self.now - self.last;
        self.last = self.now;
        self.slots.pack(&mut self.packed, speaker, since, words);
    }

    fn position(&self) -> u64 {
        self.start + self.packed.len() as u64
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.close("the connection broke", false);
    }
}

/// The front of a line that is kept, and whether there was more.
fn cut(line: &str) -> (&str, bool) {
    let end = line.floor_char_boundary(LINE_BYTES_MAX);
    (&line[..end], end < line.len())
}

/// A line of the client, in bytes. Truncates: the rest of a longer one is not kept.
pub const LINE_BYTES_MAX: usize = 1_024;

/// A piece ends with the line that makes it larger than this.
pub const PIECE_BYTES: u64 = 16 * 1_024;

/// What was said in a session, in bytes. Truncates: the oldest pieces go, and that is said.
pub const TRANSCRIPT_BYTES_MAX: usize = 1_024 * 1_024;

#[cfg(test)]
mod tests;
