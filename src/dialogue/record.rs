//! One session as everybody sees it: who, when, what came of it, and what was said so far.
//!
//! Its [`Recorder`](crate::dialogue::recorder::Recorder) writes, readers look in at any time; the
//! lock is held for a copy of a few bytes. Pure: knows no clock and no store.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use jiff::Timestamp;

use crate::dialogue::AuthFacts;
use crate::dialogue::Endpoint;
use crate::dialogue::Protocol;
use crate::dialogue::TlsFacts;
use crate::dialogue::transcript::Snapshot;
use crate::dialogue::transcript::Transcript;

/// A session, open or over.
pub struct Record {
    /// Its number: sessions are counted from 1.
    pub number: u64,
    /// When the client connected.
    pub opened_at: Timestamp,
    /// The client's address.
    pub peer: Endpoint,
    /// The listener it connected to.
    pub listener: Endpoint,
    /// What that speaks.
    pub protocol: Protocol,
    /// The number of the change by which its end was told; 0 while it is open.
    ended: AtomicU64,
    state: Mutex<State>,
}

/// A mail's part of what was said in its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Where it begins, in bytes since the session did.
    pub start: u64,
    /// What keeping it takes, in bytes: what was said since the mail before it, and for the first
    /// mail the session as well.
    pub size_bytes: u32,
}

/// What the records that are listed take together, in bytes, and the most they may.
#[derive(Debug)]
pub struct Room {
    bytes: AtomicUsize,
    bytes_max: usize,
}

/// What the lock guards.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) transcript: Transcript,
    pub(super) seen: Seen,
    pub(super) mails: VecDeque<u128>,
    /// Where the first mail begins, and the latest.
    pub(super) first_mail: Option<u64>,
    pub(super) last_mail: u64,
    /// Up to here what was said counts for mails.
    counted: u64,
    /// Counted with all others while this is listed.
    room: Option<Arc<Room>>,
}

/// A session at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// When it was over, in microseconds since it began. None while it is open.
    pub closed: Option<u64>,
    /// The argument of the last HELO, EHLO or LHLO.
    pub helo: Box<str>,
    /// The TLS it runs in.
    pub tls: Option<Box<TlsFacts>>,
    /// The AUTH that succeeded.
    pub auth: Option<Box<AuthFacts>>,
    /// How many mails were held.
    pub mail_count: u64,
    /// How many replies were 4xx or 5xx.
    pub error_count: u64,
    /// The last of them.
    pub last_error: Option<Box<Failure>>,
    /// Whether the client was in the middle of something when it ended.
    pub is_broken_off: bool,
}

/// A command that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// When, in microseconds since the session began.
    pub microseconds: u64,
    /// The command; empty where the refusal answers none.
    pub command: String,
    /// The reply.
    pub reply: String,
}

impl Seen {
    /// Whether something in it did not go as the client meant it.
    pub const fn has_failed(&self) -> bool {
        self.error_count > 0 || self.is_broken_off
    }
}

impl Record {
    /// A session that begins now.
    pub fn new(
        number: u64,
        opened_at: Timestamp,
        (peer, listener): (Endpoint, Endpoint),
        protocol: Protocol,
    ) -> Self {
        let (ended, state) = (AtomicU64::new(0), Mutex::default());
        Self { number, opened_at, peer, listener, protocol, ended, state }
    }

    /// One that no list has, for an engine that is driven by itself.
    pub fn unlisted(peer: Endpoint) -> Arc<Self> {
        let ends = (peer.clone(), peer);
        Arc::new(Self::new(0, Timestamp::UNIX_EPOCH, ends, Protocol::default()))
    }

    /// What is known of it by now.
    pub fn seen(&self) -> Seen {
        self.lock().seen.clone()
    }

    /// Whether something in it did not go as the client meant it.
    pub fn has_failed(&self) -> bool {
        self.lock().seen.has_failed()
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.lock().seen.closed.is_some()
    }

    /// The last mails it delivered, oldest first, by the bits of their ids.
    pub fn mails(&self) -> Vec<u128> {
        self.lock().mails.iter().copied().collect()
    }

    /// What was said so far, and where its first mail begins.
    pub fn said(&self) -> (Snapshot, Option<u64>) {
        let state = self.lock();
        (state.transcript.snapshot(), state.first_mail)
    }

    /// The part of the latest mail, once it was received whole.
    pub fn part_of_mail(&self) -> Part {
        let mut state = self.lock();
        let end = state.transcript.end();
        let said = usize::try_from(end - state.counted).unwrap_or(usize::MAX);
        let bytes = if state.counted == 0 { RECORD_BYTES + said } else { said };
        state.counted = end;
        Part { start: state.last_mail, size_bytes: u32::try_from(bytes).unwrap_or(u32::MAX) }
    }

    /// The number of the change by which its end was told; 0 while it is open.
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    /// Says by which change its end is told.
    pub fn set_ended(&self, number: u64) {
        self.ended.store(number, Ordering::Release);
    }

    /// From now on it counts among those that are listed.
    pub fn count_in(&self, room: &Arc<Room>) {
        let mut state = self.lock();
        room.add(RECORD_BYTES + state.transcript.size_bytes());
        state.room = Some(Arc::clone(room));
    }

    /// It is listed no more.
    pub fn count_out(&self) {
        let mut state = self.lock();
        if let Some(room) = state.room.take() {
            room.subtract(RECORD_BYTES + state.transcript.size_bytes());
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Appends packed lines.
    pub(super) fn append(&mut self, packed: &[u8], fixed: &[&'static str]) {
        self.transcript.append(packed, fixed);
        if let Some(room) = &self.room {
            room.add(packed.len());
        }
    }

    /// Starts the next piece of the transcript. In a crowd a session keeps only the last ones.
    pub(super) fn next_piece(&mut self, at: u64, bytes_max: usize) {
        let is_crowded = self.room.as_ref().is_some_and(|room| room.is_full());
        let gone = self.transcript.next_piece(at, if is_crowded { 0 } else { bytes_max });
        if let Some(room) = &self.room {
            room.subtract(gone);
        }
    }

    /// Notes a mail that is held, by the bits of its id.
    pub(super) fn mail(&mut self, id: u128) {
        self.seen.mail_count += 1;
        if self.mails.len() == MAILS_MAX {
            self.mails.pop_front();
        }
        self.mails.push_back(id);
    }
}

impl Room {
    /// Room for so many bytes.
    pub const fn new(bytes_max: usize) -> Self {
        Self { bytes: AtomicUsize::new(0), bytes_max }
    }

    /// What is taken of it.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether more is taken than there is.
    pub fn is_full(&self) -> bool {
        self.bytes() > self.bytes_max
    }

    fn add(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn subtract(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// By its number alone: what it says changes while one looks.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({})", self.number)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Record {}

/// A record, its lists, and what the allocator rounds up.
pub const RECORD_BYTES: usize = 768;

/// The ids of so many mails are kept, the latest. Truncates: each mail knows its session.
pub const MAILS_MAX: usize = 100;
