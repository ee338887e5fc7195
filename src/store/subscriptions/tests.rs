//! Whom a mail wakes.

use std::thread;

use super::*;
use crate::message::envelope::EnvelopeBuilder;
use crate::query;
use crate::query::facts::Facts;
use crate::store::entry::Marks;
use crate::store::tests::arrival;
use crate::store::tests::store;

fn keys(text: &str) -> Option<Vec<Key>> {
    Key::of(query::parse(text).unwrap().expression())
}

fn interest(text: &str) -> Interest {
    Interest { keys: keys(text), ..Interest::default() }
}

fn send(store: &Store, recipient: &str, to: &str) -> u64 {
    let mut envelope = EnvelopeBuilder::new("a@x.test", "");
    envelope.recipient(recipient, "");
    let mut arrival = arrival(&format!("To: {to}\r\n\r\n"), 1);
    arrival.envelope = envelope.build();
    store.insert(arrival).unwrap().seq
}

fn heard(subscription: &Subscription<'_>) -> Vec<u64> {
    match subscription.take() {
        None => Vec::new(),
        Some(Heard::News(news)) => news.into_iter().map(|news| news.number).collect(),
        Some(Heard::TooMuch) => vec![u64::MAX],
    }
}

#[test]
fn a_key_is_what_every_match_has() {
    let bob = || Key::Recipient("bob@x.test".to_owned());
    let carol = || Key::To("carol@x.test".to_owned());
    for (text, expected) in [
        ("rcpt:Bob@X.test", Some(vec![bob()])),
        ("subject:a rcpt:bob@x.test", Some(vec![bob()])),
        ("rcpt:bob@x.test OR to:carol@x.test", Some(vec![bob(), carol()])),
        ("(rcpt:bob@x.test subject:a) OR to:carol@x.test", Some(vec![bob(), carol()])),
        ("rcpt:bob@x.test OR subject:a", None),
        ("-rcpt:bob@x.test", None),
        ("rcpt:bob", None),
        ("any:bob@x.test", None),
        ("", None),
    ] {
        assert_eq!(keys(text), expected, "{text}");
    }
}

#[test]
fn a_mail_wakes_those_alone_whom_it_may_concern() {
    let store = store(1 << 20);
    let (bob, _) = store.subscribe(interest("rcpt:bob@x.test"));
    let (to_bob, _) = store.subscribe(interest("to:bob@x.test"));
    let (either, _) = store.subscribe(interest("rcpt:bob@x.test OR to:bob@x.test"));
    let (all, _) = store.subscribe(interest("subject:a"));
    let sent = [
        send(&store, "BOB@x.test", "Bob <bob@X.test>"),
        send(&store, "bob@x.test", "carol@x.test"),
        send(&store, "carol@x.test", "bob@x.test"),
        send(&store, "carol@x.test", "carol@x.test"),
    ];
    assert_eq!(heard(&bob), sent[..2]);
    assert_eq!(heard(&to_bob), [sent[0], sent[2]]);
    assert_eq!(heard(&either), sent[..3], "each once");
    assert_eq!(heard(&all), sent);
}

#[test]
fn an_inbox_is_a_key() {
    let store = store(1 << 20);
    let keys = Some(vec![Key::Inbox("ci".into())]);
    let (ci, _) = store.subscribe(Interest { keys, ..Interest::default() });
    store.insert(arrival("X-Restante-Inbox: ci\n\n", 1)).unwrap();
    store.insert(arrival("\n", 1)).unwrap();
    assert_eq!(heard(&ci), [1]);
}

#[test]
fn what_is_deleted_in_the_next_moment_was_heard_of() {
    let store = store(1 << 20);
    let (all, beginning) = store.subscribe(Interest::default());
    assert_eq!(beginning.number, 0);
    let seq = send(&store, "b@x.test", "b@x.test");
    store.delete(&[seq]);
    assert_eq!(heard(&all), [seq]);
}

#[test]
fn changes_are_told_to_those_who_ask_for_them() {
    let store = store(1 << 20);
    let id = store.insert(arrival("x", 1)).unwrap().id;
    let (deaf, _) = store.subscribe(Interest::default());
    let (all, _) = store.subscribe(Interest { changes: true, ..Interest::default() });
    store.change(id, |_| Marks { read: true, tags: None });
    assert_eq!((heard(&deaf), heard(&all)), (vec![], vec![2]));
}

#[test]
fn a_queue_that_runs_over_says_so_and_begins_anew() {
    let store = store(1 << 24);
    for (count, expected) in [(NEWS_MAX - 1, false), (NEWS_MAX, false), (NEWS_MAX + 1, true)] {
        let (all, _) = store.subscribe(Interest::default());
        (0..count).for_each(|_| drop(store.insert(arrival("x", 1)).unwrap()));
        assert_eq!(heard(&all) == [u64::MAX], expected, "{count}");
        let beginning = all.restart();
        assert_eq!(beginning.number, store.cursor().number);
        let next = send(&store, "b@x.test", "b@x.test");
        assert_eq!(heard(&all), [next]);
    }
}

#[test]
fn a_queue_is_bounded_in_bytes_but_takes_any_one_mail() {
    let store = store(1 << 26);
    let large = "x".repeat(NEWS_BYTES_MAX / 2);
    let (all, _) = store.subscribe(Interest::default());
    let send = |raw: &str| store.insert(arrival(raw, 1)).unwrap().seq;
    let sent = [send(&large), send(&large)];
    assert_eq!(heard(&all), sent, "at the limit");
    for _ in 0..3 {
        send(&large);
    }
    assert_eq!(heard(&all), [u64::MAX], "above it");
    let huge = send(&"x".repeat(NEWS_BYTES_MAX + 1));
    assert_eq!(heard(&all), [huge]);
}

#[test]
fn who_leaves_is_forgotten() {
    let store = store(1 << 20);
    drop(store.subscribe(interest("to:bob@x.test")));
    drop(store.subscribe(Interest { changes: true, ..Interest::default() }));
    let state = store.lock();
    assert_eq!(state.subscriptions.count, 0);
    assert!(state.subscriptions.is_empty() && state.subscriptions.of_changes.is_empty());
    assert_eq!(store.to_waiter_count.load(Ordering::Relaxed), 0);
}

fn news(subscription: &Subscription<'_>) -> Vec<News> {
    let Some(Heard::News(news)) = subscription.take() else { panic!("news") };
    news
}

#[test]
fn all_who_hear_of_a_mail_read_it_once() {
    let store = store(1 << 20);
    let (one, _) = store.subscribe(interest("subject:a"));
    let (other, _) = store.subscribe(interest("to:bob@x.test"));
    send(&store, "b@x.test", "bob@x.test");
    let (one, other) = (news(&one).remove(0), news(&other).remove(0));
    let other_mail = Arc::clone(&other.mail);
    // On threads of their own, and at once, as waits do.
    let address = |mail: Arc<SharedFacts>| {
        thread::spawn(move || {
            let facts = mail.facts();
            let addresses = facts.addresses(AddressField::To).known().unwrap();
            addresses.as_ptr() as usize
        })
    };
    let read = [one.mail, other_mail].map(address).map(|thread| thread.join().unwrap());
    assert_eq!(read[0], read[1], "the same list of the same addresses");
    // What was read goes with the last who has looked at it.
    let kept = Arc::downgrade(&other.mail);
    drop(other);
    assert!(kept.upgrade().is_none());
}
