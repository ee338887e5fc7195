//! Every mail restante holds: a state machine over a log of changes.
//!
//! Each change is numbered and applied under one lock, and `State::apply` is the only mutation; it
//! uses no clock, no randomness and no I/O. Knows neither protocols nor how a mail is read. Nothing
//! is parsed and nothing is freed under the lock.

mod caseless;
pub mod cursor;
pub mod entry;
mod evictions;
pub mod facts;
pub mod idle;
pub mod inboxes;
mod index;
pub mod log;
pub mod names;
mod rows;
pub mod search;
pub mod sessions;
pub mod shelf;
pub mod subscriptions;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::sync::watch;

use crate::dialogue::record::Record as SessionRecord;
use crate::message::id::MessageId;
use crate::store::cursor::Cursor;
use crate::store::cursor::CursorError;
use crate::store::entry::Arrival;
use crate::store::entry::Entry;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::entry::Seq;
use crate::store::entry::TooLarge;
use crate::store::evictions::Evictions;
use crate::store::log::Event;
use crate::store::log::Events;
use crate::store::log::Log;
use crate::store::log::Record;
use crate::store::search::Snapshot;
use crate::store::sessions::Sessions;
use crate::store::sessions::SessionsLimits;
use crate::store::shelf::Counts;
use crate::store::shelf::Gone;
use crate::store::shelf::Page;
use crate::store::shelf::Shelf;
use crate::store::subscriptions::Subscriptions;

/// What a store is made with.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The bytes all held mails may take, raw bytes and bookkeeping together; the oldest go first.
    pub size_bytes_max: usize,
    /// How many numbers the log of changes keeps for listeners that fell behind.
    pub log_weight_max: usize,
    /// When this server started: it names the run in cursors.
    pub started_at: Timestamp,
    /// Seeds the random part of ids.
    pub seed: u64,
}

/// The mails held, shared by every protocol.
#[derive(Debug)]
pub struct Store {
    state: Mutex<State>,
    sessions: Sessions,
    head: watch::Sender<u64>,
    /// Told when a search missed structures.
    index_wanted: Arc<Notify>,
    /// How many wait for an address of the To header: only then is it read on arrival.
    to_waiter_count: AtomicUsize,
    run: u64,
    size_bytes_max: usize,
}

/// One change of the store; the position it gets in the log is its number.
#[derive(Clone, Debug)]
pub enum Change {
    /// A mail arrived. Its `seq` is the number of this change.
    Inserted(Arc<Entry>),
    /// A mail's marks were replaced.
    Changed(Seq, Marks),
    /// These mails were removed on request.
    Deleted(Vec<Seq>),
    /// Every mail up to and including this number was removed.
    Cleared(Seq),
    /// These mails, the oldest, made room for a new one.
    Evicted(Vec<Seq>),
    /// The session of this number is over.
    SessionEnded(u64),
}

impl Store {
    /// An empty store.
    pub fn new(options: &StoreOptions) -> Self {
        Self {
            state: Mutex::new(State {
                shelf: Shelf::default(),
                log: Log::new(options.log_weight_max),
                last_id: MessageId::from_parts(0, 0),
                random: options.seed,
                evictions: Evictions::default(),
                subscriptions: Subscriptions::default(),
            }),
            sessions: Sessions::new(&SessionsLimits::default()),
            head: watch::Sender::new(0),
            index_wanted: Arc::default(),
            to_waiter_count: AtomicUsize::new(0),
            run: options.started_at.as_millisecond().unsigned_abs(),
            size_bytes_max: options.size_bytes_max,
        }
    }

    /// Holds a mail. When this returns, every reader sees it and every listener has been woken.
    ///
    /// # Errors
    /// When it would not fit even if all others left; then they stay.
    pub fn insert(&self, arrival: Arrival) -> Result<Arc<Entry>, TooLarge> {
        let others_max = self.size_bytes_max.checked_sub(arrival.size_bytes()).ok_or(TooLarge)?;
        let is_awaited = self.to_waiter_count.load(Ordering::Relaxed) > 0;
        let to = is_awaited.then(|| subscriptions::to_keys(&arrival.raw));
        let mut state = self.lock();
        let evicted = state.make_room(others_max);
        let seq = state.log.next_number();
        let id = state.next_id(arrival.received_at);
        let entry = Arc::new(Entry::new(seq, id, arrival));
        state.apply(Change::Inserted(Arc::clone(&entry)));
        let concerned = state.subscriptions.arrived(&entry, to.as_deref());
        self.wake(state);
        concerned.iter().for_each(|queue| queue.ring());
        drop(evicted);
        Ok(entry)
    }

    /// Replaces a mail's marks with what `change` makes of them. None when the mail is not held.
    /// Marks that stay as they are make no change and no event.
    pub fn change(
        &self,
        id: MessageId,
        change: impl FnOnce(&Marks) -> Marks,
    ) -> Option<(Held, bool)> {
        let mut state = self.lock();
        let held = state.shelf.by_id(id)?.clone();
        let marks = change(&held.marks);
        if marks == held.marks {
            return Some((held, false));
        }
        let seq = held.entry.seq;
        state.apply(Change::Changed(seq, marks.clone()));
        let held = Held { entry: held.entry, marks };
        let concerned = state.subscriptions.changed(state.log.head(), &held);
        self.wake(state);
        concerned.iter().for_each(|queue| queue.ring());
        Some((held, true))
    }

    /// Removes those of these mails that are still held, and says how many were.
    pub fn delete(&self, seqs: &[Seq]) -> usize {
        let mut state = self.lock();
        let mut gone = Vec::new();
        let mut count = 0;
        for batch in seqs.chunks(Log::BATCH_MAX) {
            let held: Vec<Seq> =
                batch.iter().copied().filter(|seq| state.shelf.by_seq(*seq).is_some()).collect();
            if !held.is_empty() {
                let left = state.apply(Change::Deleted(held));
                count += left.held.len();
                gone.push(left);
            }
        }
        self.wake(state);
        count
    }

    /// Removes every mail that arrived up to and including `until`, and says how many there were.
    pub fn clear(&self, until: Seq) -> usize {
        let mut state = self.lock();
        if state.shelf.page(Page::Ascending(0, until.saturating_add(1)), 1).is_empty() {
            return 0;
        }
        let gone = state.apply(Change::Cleared(until));
        self.wake(state);
        gone.held.len()
    }

    /// The sessions of late.
    pub const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Tells listeners that a session is over. What is told of it later cannot change it.
    pub fn end_session(&self, record: &SessionRecord) {
        let mut state = self.lock();
        record.set_ended(state.log.next_number());
        state.apply(Change::SessionEnded(record.number));
        self.wake(state);
    }

    /// The mail of this id.
    pub fn by_id(&self, id: MessageId) -> Option<Held> {
        self.lock().shelf.by_id(id).cloned()
    }

    /// Up to `limit` mails from a side of a bound, in order. See [`Page`].
    pub fn page(&self, page: Page, limit: usize) -> Vec<Held> {
        self.lock().shelf.page(page, limit)
    }

    /// What is held, in all or in one inbox, and the cursor this was true at.
    pub fn counts(&self, inbox: Option<&str>) -> (Counts, Cursor) {
        let state = self.lock();
        (state.shelf.counts(inbox), self.cursor_at(state.log.head()))
    }

    /// Every inbox that holds something with what it holds, in no order, and the cursor all this
    /// was true at.
    pub fn inboxes(&self) -> (Vec<(Box<str>, Counts)>, Cursor) {
        let state = self.lock();
        (state.shelf.inboxes(), self.cursor_at(state.log.head()))
    }

    /// A page together with what is held in all or in one inbox, and the cursor all this was true
    /// at.
    pub fn view(
        &self,
        page: Page,
        limit: usize,
        inbox: Option<&str>,
    ) -> (Vec<Held>, Counts, Cursor) {
        let state = self.lock();
        let held = state.shelf.page(page, limit);
        (held, state.shelf.counts(inbox), self.cursor_at(state.log.head()))
    }

    /// All that is held as it is now, what is held in all or in one inbox, and the cursor all this
    /// was true at. What happens later does not change the snapshot.
    pub fn snapshot(&self, inbox: Option<&str>) -> (Snapshot, Counts, Cursor) {
        let state = self.lock();
        let snapshot = Snapshot::new(state.shelf.chunks(), Arc::clone(&self.index_wanted));
        (snapshot, state.shelf.counts(inbox), self.cursor_at(state.log.head()))
    }

    /// How many mails had to make room since the start.
    pub fn evicted_count(&self) -> u64 {
        self.lock().evictions.count()
    }

    /// The present moment: mail that arrives later has a `seq` above the cursor's number.
    pub fn cursor(&self) -> Cursor {
        self.cursor_at(self.lock().log.head())
    }

    /// The cursor of a number of this run.
    pub const fn cursor_at(&self, number: u64) -> Cursor {
        Cursor { run: self.run, number }
    }

    /// The number behind a cursor's text.
    ///
    /// # Errors
    /// When it is no cursor, or one of another run of the server.
    pub fn number_of(&self, cursor: &str) -> Result<u64, CursorError> {
        let cursor: Cursor = cursor.parse()?;
        if cursor.run != self.run || cursor.number > self.lock().log.head() {
            return Err(CursorError::Expired);
        }
        Ok(cursor.number)
    }

    /// The changes after a number, at most `limit` of them. None when the log no longer reaches
    /// back so far.
    pub fn events_after(&self, number: u64, limit: usize) -> Option<Events> {
        let state = self.lock();
        let records = state.log.after(number)?;
        let mut events = Vec::new();
        let mut last = number;
        for (number, record) in records.take(limit) {
            last = number;
            if let Some(event) = state.resolve(number, record) {
                events.push((number, event));
            }
        }
        Some(Events { events, last, head: state.log.head() })
    }

    /// Follows the number of the newest change. Subscribe first, then read.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    fn wake(&self, state: MutexGuard<'_, State>) {
        let head = state.log.head();
        drop(state);
        self.head.send_if_modified(|number| {
            let newer = *number < head;
            *number = head.max(*number);
            newer
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the lock guards.
#[derive(Debug)]
struct State {
    shelf: Shelf,
    log: Log,
    last_id: MessageId,
    random: u64,
    evictions: Evictions,
    subscriptions: Subscriptions,
}

impl State {
    /// The only mutation of what is held. Returns the mails that left, to be freed outside the
    /// lock.
    fn apply(&mut self, change: Change) -> Gone {
        let ids = |gone: &Gone| gone.held.iter().map(|held| held.entry.id).collect();
        let (record, gone) = match change {
            Change::Inserted(entry) => {
                self.shelf.insert(entry);
                (Record::Inserted, Gone::default())
            }
            Change::Changed(seq, marks) => {
                self.shelf.change(seq, marks);
                (Record::Changed(seq), Gone::default())
            }
            Change::Deleted(seqs) => {
                let gone = self.shelf.remove(&seqs);
                (Record::Deleted(ids(&gone)), gone)
            }
            Change::Cleared(until) => (Record::Cleared(until), self.shelf.remove_until(until)),
            Change::Evicted(seqs) => {
                let gone = self.shelf.remove(&seqs);
                self.evictions.add(&gone.held);
                (Record::Evicted(ids(&gone)), gone)
            }
            Change::SessionEnded(number) => (Record::SessionEnded(number), Gone::default()),
        };
        self.log.push(record);
        gone
    }

    /// Evicts the oldest mails until what is held takes at most `bytes`.
    fn make_room(&mut self, bytes: usize) -> Vec<Gone> {
        let mut gone = Vec::new();
        while self.shelf.size_bytes() > bytes {
            let seqs = self.shelf.oldest_above(bytes, Log::BATCH_MAX);
            gone.push(self.apply(Change::Evicted(seqs)));
        }
        gone
    }

    /// An id above all before it, even within a millisecond or after the clock stepped back.
    fn next_id(&mut self, at: Timestamp) -> MessageId {
        // SplitMix64: ids need to be unlikely to repeat between runs, not to be secret.
        let mut random = || {
            self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            u128::from(mixed ^ (mixed >> 31))
        };
        let unix_ms = at.as_millisecond().unsigned_abs();
        if unix_ms > self.last_id.unix_ms() {
            self.last_id = MessageId::from_parts(unix_ms, (random() << 64 | random()) >> 48);
        } else {
            self.last_id = self.last_id.successor();
        }
        self.last_id
    }

    /// What a record means now. None for the arrival or change of a mail that has left since.
    fn resolve(&self, number: u64, record: &Record) -> Option<Event> {
        Some(match record {
            Record::Inserted => Event::Message(self.shelf.by_seq(number)?.clone()),
            Record::Changed(seq) => Event::Changed(self.shelf.by_seq(*seq)?.clone()),
            Record::Deleted(ids) => Event::Deleted(ids.clone()),
            Record::Cleared(until) => Event::Cleared(*until),
            Record::Evicted(ids) => Event::Evicted(ids.clone()),
            Record::SessionEnded(number) => Event::SessionEnded(*number),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
