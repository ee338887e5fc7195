//! Who waits for which mail, and what came for them since.
//!
//! A mail is put into the queues of those alone whom it may concern, under the store's lock and in
//! order: a mail that is deleted in the next moment has been handed out all the same. The queues
//! are bounded; whoever lets theirs run over is told, and looks at what is held anew.

use std::collections::HashMap;
use std::collections::HashSet;
use std::mem;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use tokio::sync::Notify;

use crate::message;
use crate::query::address::Mailbox;
use crate::query::expression::Expression;
use crate::query::field::AddressField;
use crate::query::term::AddressTest;
use crate::query::term::Term;
use crate::store::State;
use crate::store::Store;
use crate::store::entry::Entry;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::facts::SharedFacts;
use crate::store::search::Snapshot;
use crate::store::shelf::Counts;

/// What somebody wants to hear of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// Mail that has one of these. None for every mail.
    pub keys: Option<Vec<Key>>,
    /// Whether to hear of every mail whose marks change, too.
    pub changes: bool,
    /// The inbox that all of it is in; none when it may be in any.
    pub inbox: Option<Box<str>>,
}

/// Something that every mail of an interest has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A recipient of the envelope, as mailboxes compare.
    Recipient(String),
    /// An address of the To header, likewise.
    To(String),
    /// An inbox.
    Inbox(Box<str>),
}

impl Key {
    /// Keys of which every mail that matches has at least one. None when there are no such.
    pub fn of(expression: &Expression) -> Option<Vec<Self>> {
        match expression {
            Expression::All(group) => group.members().iter().find_map(Self::of),
            Expression::Any(group) => {
                let each: Option<Vec<Vec<Self>>> = group.members().iter().map(Self::of).collect();
                each.map(|keys| keys.into_iter().flatten().collect())
            }
            Expression::Not(_) => None,
            Expression::Term(term) => Self::of_term(term).map(|key| vec![key]),
        }
    }

    fn of_term(term: &Term) -> Option<Self> {
        match term {
            Term::Address(AddressField::Rcpt, AddressTest::Mailbox(_, mailbox)) => {
                mailbox.key().map(Self::Recipient)
            }
            Term::Address(AddressField::To, AddressTest::Mailbox(_, mailbox)) => {
                mailbox.key().map(Self::To)
            }
            _ => None,
        }
    }
}

/// Something that happened to a mail.
#[derive(Clone, Debug)]
pub struct News {
    /// The number of the change.
    pub number: u64,
    /// The mail as the change left it. All who hear of it read it once, together.
    pub mail: Arc<SharedFacts>,
    /// Whether it arrived; else its marks changed.
    pub is_arrival: bool,
}

/// How things were when a subscription began: what happens later comes as news.
#[derive(Debug)]
pub struct Beginning {
    /// What was held.
    pub snapshot: Snapshot,
    /// How much that was, in the inbox.
    pub counts: Counts,
    /// The number of the newest change.
    pub number: u64,
    /// The newest mail of the inbox that had made room by then; 0 when none had.
    pub evicted_until: u64,
}

/// What came since it was asked last.
#[derive(Debug)]
pub enum Heard {
    /// In order.
    News(Vec<News>),
    /// More than is kept for one: some of it is forgotten.
    TooMuch,
}

impl Store {
    /// Waits for mail: whatever comes after the beginning is heard of, also when it is deleted in
    /// the next moment.
    pub fn subscribe(&self, interest: Interest) -> (Subscription<'_>, Beginning) {
        self.to_waiter_count.fetch_add(to_count(&interest), Ordering::Relaxed);
        let mut queue = None;
        let beginning =
            self.begin(&interest, |state| queue = Some(state.subscriptions.add(&interest)));
        (Subscription::new(self, queue.unwrap_or_default(), interest), beginning)
    }

    /// How many wait for mail.
    pub fn waiter_count(&self) -> usize {
        self.lock().subscriptions.count
    }

    /// How things are at the moment of `act`.
    fn begin(&self, interest: &Interest, act: impl FnOnce(&mut State)) -> Beginning {
        let mut state = self.lock();
        act(&mut state);
        let inbox = interest.inbox.as_deref();
        Beginning {
            snapshot: Snapshot::new(state.shelf.chunks(), Arc::clone(&self.index_wanted)),
            counts: state.shelf.counts(inbox),
            number: state.log.head(),
            evicted_until: state.evictions.newest(inbox),
        }
    }

    fn unsubscribe(&self, queue: &Queue, interest: &Interest) {
        self.lock().subscriptions.remove(queue, interest);
        self.to_waiter_count.fetch_sub(to_count(interest), Ordering::Relaxed);
    }
}

/// A place in the list of those who wait. Dropping it frees it.
#[derive(Debug)]
pub struct Subscription<'a> {
    store: &'a Store,
    queue: Arc<Queue>,
    interest: Interest,
}

impl<'a> Subscription<'a> {
    pub(super) const fn new(store: &'a Store, queue: Arc<Queue>, interest: Interest) -> Self {
        Self { store, queue, interest }
    }

    /// Waits until something came.
    pub async fn heard(&self) -> Heard {
        loop {
            if let Some(heard) = self.take() {
                return heard;
            }
            self.queue.bell.notified().await;
        }
    }

    /// What came, if anything did.
    pub fn take(&self) -> Option<Heard> {
        let waiting = mem::take(&mut *self.queue.lock());
        if waiting.is_over {
            return Some(Heard::TooMuch);
        }
        (!waiting.news.is_empty()).then_some(Heard::News(waiting.news))
    }

    /// Forgets what came, and begins anew from how things are now.
    pub fn restart(&self) -> Beginning {
        let mut forgotten = Waiting::default();
        let queue = &self.queue;
        self.store.begin(&self.interest, |_| forgotten = mem::take(&mut *queue.lock()))
    }
}

impl Drop for Subscription<'_> {
    fn drop(&mut self) {
        self.store.unsubscribe(&self.queue, &self.interest);
    }
}

/// What came for one who waits.
#[derive(Debug, Default)]
pub struct Queue {
    id: u64,
    waiting: Mutex<Waiting>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    news: Vec<News>,
    bytes: usize,
    is_over: bool,
}

impl Queue {
    /// Wakes whoever waits at it.
    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    fn put(&self, news: &News) {
        let mut waiting = self.lock();
        if waiting.is_over || waiting.news.last().is_some_and(|last| last.number == news.number) {
            return;
        }
        waiting.bytes += news.mail.held().entry.raw.len();
        if waiting.news.len() == NEWS_MAX || waiting.bytes > NEWS_BYTES_MAX.max(waiting.least()) {
            waiting.is_over = true;
            return;
        }
        waiting.news.push(news.clone());
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// A single mail is kept whatever its size.
    const fn least(&self) -> usize {
        if self.news.is_empty() { self.bytes } else { 0 }
    }
}

/// All who wait, by what for. Guarded by the store's lock.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    last_id: u64,
    count: usize,
    unkeyed: HashMap<u64, Arc<Queue>>,
    keyed: HashMap<Key, HashMap<u64, Arc<Queue>>>,
    of_changes: HashMap<u64, Arc<Queue>>,
}

impl Subscriptions {
    pub(super) fn add(&mut self, interest: &Interest) -> Arc<Queue> {
        self.last_id += 1;
        self.count += 1;
        let queue = Arc::new(Queue { id: self.last_id, ..Queue::default() });
        match &interest.keys {
            None => drop(self.unkeyed.insert(queue.id, Arc::clone(&queue))),
            Some(keys) => {
                for key in keys {
                    let queues = self.keyed.entry(key.clone()).or_default();
                    queues.insert(queue.id, Arc::clone(&queue));
                }
            }
        }
        if interest.changes {
            self.of_changes.insert(queue.id, Arc::clone(&queue));
        }
        queue
    }

    pub(super) fn remove(&mut self, queue: &Queue, interest: &Interest) {
        self.count -= 1;
        self.unkeyed.remove(&queue.id);
        self.of_changes.remove(&queue.id);
        for key in interest.keys.iter().flatten() {
            let Some(queues) = self.keyed.get_mut(key) else { continue };
            queues.remove(&queue.id);
            if queues.is_empty() {
                self.keyed.remove(key);
            }
        }
    }

    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.unkeyed.is_empty() && self.keyed.is_empty()
    }

    /// Puts a mail that arrived into the queues of those it may concern, and says whom to wake.
    /// Without the addresses of its To header, it may be for all who wait for one.
    pub(super) fn arrived(&self, entry: &Arc<Entry>, to: Option<&[Key]>) -> Vec<Arc<Queue>> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut concerned: Vec<&Arc<Queue>> = Vec::new();
        if !self.keyed.is_empty() {
            let recipients = entry.envelope.recipients();
            let recipients = recipients.filter_map(|path| key(path.address)).map(Key::Recipient);
            let inboxes = entry.inboxes.iter().map(|name| Key::Inbox(name.clone()));
            let keys: HashSet<Key> =
                recipients.chain(inboxes).chain(to.into_iter().flatten().cloned()).collect();
            let queues = keys.iter().filter_map(|key| self.keyed.get(key));
            concerned.extend(queues.flat_map(HashMap::values));
            if to.is_none() {
                let any = self.keyed.iter().filter(|(key, _)| matches!(key, Key::To(_)));
                concerned.extend(any.flat_map(|(_, queues)| queues.values()));
            }
        }
        // Woken last: for most of them it will be nothing.
        concerned.extend(self.unkeyed.values());
        let held = || Held { entry: Arc::clone(entry), marks: Marks::default() };
        put(entry.seq, true, held, concerned)
    }

    /// The same for a mail whose marks changed.
    pub(super) fn changed(&self, number: u64, held: &Held) -> Vec<Arc<Queue>> {
        put(number, false, || held.clone(), self.of_changes.values().collect())
    }
}

fn put(
    number: u64,
    is_arrival: bool,
    held: impl FnOnce() -> Held,
    queues: Vec<&Arc<Queue>>,
) -> Vec<Arc<Queue>> {
    if queues.is_empty() {
        return Vec::new();
    }
    let news = News { number, mail: Arc::new(SharedFacts::new(held())), is_arrival };
    queues
        .into_iter()
        .map(|queue| {
            queue.put(&news);
            Arc::clone(queue)
        })
        .collect()
}

fn to_count(interest: &Interest) -> usize {
    interest.keys.iter().flatten().filter(|key| matches!(key, Key::To(_))).count()
}

/// The addresses of a mail's To header, as keys.
pub(super) fn to_keys(raw: &[u8]) -> Vec<Key> {
    let mailboxes = message::parse_headers(raw).mailboxes("To").into_iter();
    mailboxes.filter_map(|mailbox| key(&mailbox.address)).map(Key::To).collect()
}

fn key(address: &str) -> Option<String> {
    Mailbox::of_address(address)?.key()
}

/// News kept for one who waits. Above, they look at what is held anew.
const NEWS_MAX: usize = 256;

/// The same in bytes of mail, which would be freed otherwise when they are deleted.
const NEWS_BYTES_MAX: usize = 8 * 1_024 * 1_024;

#[cfg(test)]
mod tests;
