//! What the store promises: order, counts, eviction, and what listeners are told.

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;

use proptest::prelude::*;

use super::*;
use crate::dialogue::AuthFacts;
use crate::dialogue::Endpoint;
use crate::dialogue::SessionFacts;
use crate::dialogue::record::Part;
use crate::message::envelope::Envelope;
use crate::message::envelope::EnvelopeBuilder;
use crate::store::inboxes::InboxBy;
use crate::store::search::Counting;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;

pub(crate) fn store(size_bytes_max: usize) -> Store {
    Store::new(&StoreOptions {
        size_bytes_max,
        log_weight_max: 1_000,
        started_at: Timestamp::from_millisecond(1_000).unwrap(),
        seed: 1,
    })
}

pub(crate) fn arrival(raw: &str, at_ms: i64) -> Arrival {
    let peer = Endpoint::from(([127, 0, 0, 1], 1));
    let session = SessionFacts {
        peer: peer.clone(),
        listener: peer,
        helo: "x".into(),
        extended: true,
        tls: None,
        auth: None,
        forwarded: None,
        record: None,
    };
    Arrival {
        received_at: Timestamp::from_millisecond(at_ms).unwrap(),
        envelope: EnvelopeBuilder::new("a@x.test", "").build(),
        raw: raw.as_bytes().into(),
        inboxes: InboxBy::default().inboxes(raw.as_bytes(), &Envelope::default(), &session),
        session: Arc::new(session),
        said: Part::default(),
    }
}

fn seqs(held: &[Held]) -> Vec<Seq> {
    held.iter().map(|held| held.entry.seq).collect()
}

const ALL: Page = Page::Ascending(0, Seq::MAX);

#[test]
fn ids_ascend_when_the_clock_stands_still_or_steps_back() {
    let store = store(1 << 20);
    let ids: Vec<_> =
        [5, 5, 3, 9].map(|at_ms| store.insert(arrival("x", at_ms)).unwrap().id).into();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for (index, id) in ids.iter().enumerate() {
        assert_eq!(store.by_id(*id).unwrap().entry.seq, index as u64 + 1);
    }
}

#[test]
fn pages_come_from_either_side_within_exclusive_bounds() {
    let store = store(1 << 20);
    for _ in 0..5 {
        store.insert(arrival("x", 1)).unwrap();
    }
    assert_eq!(seqs(&store.page(Page::Descending(0, Seq::MAX), 2)), [5, 4]);
    assert_eq!(seqs(&store.page(Page::Descending(1, 4), 9)), [3, 2]);
    assert_eq!(seqs(&store.page(Page::Ascending(1, 4), 9)), [2, 3]);
    assert!(store.page(Page::Ascending(4, 2), 9).is_empty());
    assert!(store.page(ALL, 0).is_empty());
}

#[test]
fn all_that_a_client_can_make_large_counts() {
    let bare = arrival("x", 1).size_bytes();
    let mut large = arrival("x", 1);
    let session = Arc::get_mut(&mut large.session).unwrap();
    session.helo = "h".repeat(4_001).into();
    session.auth =
        Some(Box::new(AuthFacts { mechanism: "PLAIN", username: "u".repeat(9_000).into() }));
    large.inboxes = ["i".repeat("default".len() + 100).into()].into();
    assert_eq!(large.size_bytes(), bare + 4_000 + 9_000 + 100);
}

#[test]
fn a_mail_larger_than_the_store_is_refused_and_makes_nobody_leave() {
    let size = arrival("12345", 1).size_bytes();
    let store = store(size);
    store.insert(arrival("1234", 1)).unwrap();
    assert_eq!(store.insert(arrival("123456", 1)).unwrap_err(), TooLarge);
    assert_eq!(seqs(&store.page(ALL, 9)), [1], "above");
    store.insert(arrival("12345", 1)).unwrap();
    assert_eq!(seqs(&store.page(ALL, 9)), [3], "at the limit");
}

#[test]
fn the_oldest_make_room_and_that_is_counted_and_announced() {
    let size = arrival("12345", 1).size_bytes();
    let store = store(3 * size);
    let first = store.insert(arrival("12345", 1)).unwrap().id;
    store.insert(arrival("12345", 1)).unwrap();
    store.insert(arrival("12345", 1)).unwrap();
    assert_eq!(store.evicted_count(), 0, "at the limit");
    store.insert(arrival("12345", 1)).unwrap();
    assert_eq!((store.evicted_count(), seqs(&store.page(ALL, 9))), (1, vec![2, 3, 5]));
    let events = store.events_after(3, 9).unwrap();
    assert!(matches!(&events.events[0], (4, Event::Evicted(ids)) if **ids == [first]));
    assert!(matches!(&events.events[1], (5, Event::Message(_))));
}

#[test]
fn marks_change_once_and_are_counted() {
    let store = store(1 << 20);
    let id = store.insert(arrival("x", 1)).unwrap().id;
    let read = |_: &Marks| Marks { read: true, tags: None };
    assert_eq!(store.counts(None).0.unread, 1);
    assert!(store.change(id, read).unwrap().1);
    assert!(!store.change(id, read).unwrap().1, "nothing changed, so nothing is announced");
    assert_eq!((store.counts(None).0.unread, store.cursor().number), (0, 2));
    assert!(store.change(id.successor(), read).is_none());
}

#[test]
fn clearing_spares_what_came_later() {
    let store = store(1 << 20);
    store.insert(arrival("x", 1)).unwrap();
    let until = store.cursor().number;
    store.insert(arrival("x", 1)).unwrap();
    assert_eq!(store.clear(until), 1);
    assert_eq!(seqs(&store.page(ALL, 9)), [2]);
    assert_eq!(store.clear(until), 0, "nothing was left to clear");
    assert_eq!(store.cursor().number, 3, "so it made no event");
}

#[test]
fn a_cursor_of_another_run_or_of_the_future_is_expired() {
    let store = store(1 << 20);
    store.insert(arrival("x", 1)).unwrap();
    let cursor = store.cursor().to_string();
    assert_eq!(store.number_of(&cursor), Ok(1));
    assert_eq!(store.number_of("3e9.1"), Err(CursorError::Expired));
    assert_eq!(store.number_of("3e8.2"), Err(CursorError::Expired));
    assert_eq!(store.number_of("x"), Err(CursorError::Malformed));
}

#[test]
fn a_mail_gone_since_has_no_event_but_its_number_counts() {
    let store = store(1 << 20);
    store.insert(arrival("x", 1)).unwrap();
    store.delete(&[1]);
    let events = store.events_after(0, 1).unwrap();
    assert_eq!((events.events.len(), events.last, events.head), (0, 1, 2));
    let events = store.events_after(events.last, 9).unwrap();
    assert!(matches!(events.events[0], (2, Event::Deleted(_))));
}

#[test]
fn listeners_are_woken_by_each_change() {
    let store = store(1 << 20);
    let head = store.watch();
    store.insert(arrival("x", 1)).unwrap();
    assert!(head.has_changed().unwrap());
    assert_eq!(*head.borrow(), 1);
}

#[derive(Clone, Debug)]
enum Act {
    Insert(u8, bool),
    Delete(Vec<u64>),
    Clear(u64),
    Read(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..200u8, any::<bool>()).prop_map(|(size, named)| Act::Insert(size, named)),
        1 => prop::collection::vec(0..60u64, 0..6).prop_map(Act::Delete),
        1 => (0..60u64).prop_map(Act::Clear),
        1 => (0..60usize).prop_map(Act::Read),
    ]
}

proptest! {
    /// Whatever happens, what is counted is what is held, in order and within the budget.
    #[test]
    fn counts_are_what_is_held(acts in prop::collection::vec(act(), 0..60)) {
        let store = store(5_000);
        for act in acts {
            match act {
                Act::Insert(size, named) => {
                    let header = if named { "X-Restante-Inbox: ci\n\n" } else { "\n" };
                    store.insert(arrival(&format!("{header}{}", "x".repeat(size.into())), 1)).unwrap();
                }
                Act::Delete(seqs) => { store.delete(&seqs); }
                Act::Clear(until) => { store.clear(until); }
                Act::Read(index) => {
                    if let Some(held) = store.page(ALL, 99).get(index) {
                        store.change(held.entry.id, |_| Marks { read: true, tags: None });
                    }
                }
            }
            let held = store.page(ALL, usize::MAX);
            prop_assert!(seqs(&held).is_sorted_by(|a, b| a < b));
            let size: usize = held.iter().map(|held| held.entry.size_bytes()).sum();
            prop_assert_eq!(store.lock().shelf.size_bytes(), size);
            prop_assert!(size <= 5_000);
            for inbox in [None, Some("ci"), Some("default")] {
                let covered = || held.iter().filter(|held| {
                    inbox.is_none_or(|name| held.entry.inboxes.iter().any(|own| **own == *name))
                });
                let expected = Counts {
                    total: covered().count(),
                    unread: covered().filter(|held| !held.marks.read).count(),
                    raw_bytes: covered().map(|held| held.entry.raw.len()).sum(),
                };
                prop_assert_eq!(store.counts(inbox).0, expected);
            }
        }
    }
}

#[test]
fn a_search_finds_all_that_was_held_before_it_began_while_mails_come_and_go() {
    let store = store(1 << 30);
    let (held, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let selection = Selection {
        query: Some(crate::query::parse("needle -subject:other").unwrap()),
        inbox: None,
        now: Timestamp::UNIX_EPOCH,
    };
    let all = Wanted { page: ALL, limit: usize::MAX, counting: Counting::All };
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..3_000 {
                let kind = if number % 2 == 0 { "plain" } else { "html" };
                let head = format!("Subject: x\r\nContent-Type: text/{kind}");
                let raw = format!("{head}\r\n\r\nNeed<b>le</b>\r\nneedle");
                let seq = store.insert(arrival(&raw, 1)).unwrap().seq;
                held.store(seq, Ordering::Release);
                if number % 10 == 9 {
                    store.delete(&[seq - 5]);
                }
            }
            is_over.store(true, Ordering::Release);
        });
        let mut rounds = 0;
        while !is_over.load(Ordering::Acquire) || rounds == 0 {
            let before = held.load(Ordering::Acquire);
            let found = store.snapshot(None).0.search(&selection, all, &|| false);
            let found: HashSet<Seq> = found.held.iter().map(|held| held.entry.seq).collect();
            // A deletion is a change too: eleven numbers for ten mails, the fifth of which leaves.
            let mut stays = (1..=before).filter(|seq| !matches!(seq % 11, 0 | 5));
            assert_eq!(stays.find(|seq| !found.contains(seq)), None, "of {before}");
            rounds += 1;
        }
    });
}
