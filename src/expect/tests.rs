//! Waits, with a clock that stands still unless nothing else is to be done.

use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use proptest::prelude::*;
use tokio::runtime;
use tokio::time::Instant;

use super::*;
use crate::expect::waiting::Here;
use crate::expect::waiting::wait;
use crate::query;
use crate::store::Store;
use crate::store::entry::Marks;
use crate::store::tests::arrival;
use crate::store::tests::store;

const NOTHING: Duration = Duration::ZERO;
const TEN: Duration = Duration::from_secs(10);
const SETTLE: Duration = Duration::from_millis(500);

fn expectation(text: &str, since: Option<Seq>, goal: Goal) -> Expectation {
    let query = Some(query::parse(text).unwrap());
    let now = Timestamp::UNIX_EPOCH;
    Expectation { selection: Selection { query, inbox: None, now }, since, goal }
}

const fn at_least(count: usize, within: Duration) -> Goal {
    Goal::AtLeast { count, within }
}

const fn exactly(count: usize) -> Goal {
    Goal::Exactly { count, within: TEN, settle: SETTLE, until: None }
}

const fn none() -> Goal {
    Goal::None { during: TEN, until: None }
}

fn until(goal: Goal, text: &str) -> Goal {
    let end = Some(query::parse(text).unwrap());
    match goal {
        Goal::Exactly { count, within, settle, .. } => {
            Goal::Exactly { count, within, settle, until: end }
        }
        Goal::None { during, .. } => Goal::None { during, until: end },
        at_least @ Goal::AtLeast { .. } => at_least,
    }
}

fn send(store: &Store, subject: &str) -> Seq {
    store.insert(arrival(&format!("Subject: {subject}\r\n\r\n"), 1)).unwrap().seq
}

/// Waits while `act` is done; says how it ended and how long that took.
async fn wait_while(
    store: &Store,
    expectation: &Expectation,
    act: impl Future<Output = ()>,
) -> (Outcome, Duration) {
    let start = Instant::now();
    let (outcome, ()) = tokio::join!(wait(store, expectation, &Here), act);
    (outcome, start.elapsed())
}

async fn pass(duration: Duration) {
    tokio::time::timeout(duration, std::future::pending::<()>()).await.unwrap_err();
}

async fn nothing() {}

fn seqs(outcome: &Outcome) -> Vec<Seq> {
    outcome.held.iter().map(|held| held.entry.seq).collect()
}

#[tokio::test(start_paused = true)]
async fn mail_that_is_held_counts_at_once_unless_it_is_before_the_cursor() {
    let store = store(1 << 20);
    send(&store, "a");
    let all = expectation("subject:a", None, at_least(1, TEN));
    let (outcome, took) = wait_while(&store, &all, nothing()).await;
    assert_eq!((outcome.verdict, seqs(&outcome), took), (Verdict::Met, vec![1], NOTHING));
    let later = expectation("subject:a", Some(1), at_least(1, TEN));
    let (outcome, took) = wait_while(&store, &later, nothing()).await;
    assert_eq!((outcome.verdict, outcome.matched, took), (Verdict::TooFew, 0, TEN));
    let before = expectation("subject:a", Some(0), at_least(1, TEN));
    assert_eq!(wait(&store, &before, &Here).await.verdict, Verdict::Met);
}

#[tokio::test(start_paused = true)]
async fn mail_that_comes_ends_the_wait_and_other_mail_does_not() {
    let store = store(1 << 20);
    let wanted = expectation("subject:b", None, at_least(2, TEN));
    let act = async {
        send(&store, "b");
        pass(SETTLE).await;
        send(&store, "a");
        pass(SETTLE).await;
        send(&store, "b");
    };
    let (outcome, took) = wait_while(&store, &wanted, act).await;
    assert_eq!((seqs(&outcome), outcome.matched), (vec![3, 1], 2));
    assert_eq!((outcome.number, took), (3, 2 * SETTLE));
}

#[tokio::test(start_paused = true)]
async fn nothing_within_looks_once() {
    let store = store(1 << 20);
    let once = expectation("subject:a", None, at_least(1, NOTHING));
    let (outcome, took) = wait_while(&store, &once, nothing()).await;
    assert_eq!((outcome.verdict, took), (Verdict::TooFew, NOTHING));
    send(&store, "a");
    assert_eq!(wait(&store, &once, &Here).await.verdict, Verdict::Met);
}

#[tokio::test(start_paused = true)]
async fn a_number_settles_from_its_last_mail_on() {
    let store = store(1 << 20);
    let two = expectation("subject:a", None, exactly(2));
    let act = async {
        send(&store, "a");
        pass(TEN - Duration::from_millis(100)).await;
        send(&store, "a");
    };
    let (outcome, took) = wait_while(&store, &two, act).await;
    assert_eq!((outcome.verdict, seqs(&outcome)), (Verdict::Met, vec![2, 1]));
    assert_eq!(took, TEN + SETTLE - Duration::from_millis(100), "past the ten seconds");

    let three = expectation("subject:a", None, exactly(3));
    let (outcome, took) = wait_while(&store, &three, nothing()).await;
    assert_eq!((outcome.verdict, outcome.matched, took), (Verdict::TooFew, 2, TEN));

    let act = async {
        pass(SETTLE / 2).await;
        send(&store, "a");
    };
    let (outcome, took) = wait_while(&store, &two, act).await;
    assert_eq!((outcome.verdict, seqs(&outcome)), (Verdict::TooMany, vec![3, 2, 1]));
    assert_eq!(took, SETTLE / 2);
}

#[tokio::test(start_paused = true)]
async fn none_is_none_for_so_long() {
    let store = store(1 << 20);
    let no = expectation("subject:a", None, none());
    let act = async {
        send(&store, "b");
    };
    let (outcome, took) = wait_while(&store, &no, act).await;
    assert_eq!((outcome.verdict, took), (Verdict::Met, TEN));
    let act = async {
        pass(SETTLE).await;
        send(&store, "a");
    };
    let (outcome, took) = wait_while(&store, &no, act).await;
    assert_eq!((outcome.verdict, took, seqs(&outcome)), (Verdict::TooMany, SETTLE, vec![2]));
}

#[tokio::test(start_paused = true)]
async fn a_sentinel_ends_the_wait() {
    let store = store(1 << 20);
    let act = || async {
        send(&store, "a");
        pass(SETTLE / 10).await;
        send(&store, "end");
        send(&store, "a");
    };
    for (text, goal, verdict) in [
        ("subject:b", none(), Verdict::Met),
        ("subject:a", none(), Verdict::TooMany),
        ("subject:a", exactly(1), Verdict::Met),
        ("subject:a", exactly(2), Verdict::TooFew),
        ("subject:end", exactly(1), Verdict::Met),
    ] {
        let since = store.cursor().number;
        let wanted = expectation(text, Some(since), until(goal, "subject:end"));
        let (outcome, took) = wait_while(&store, &wanted, act()).await;
        assert_eq!(outcome.verdict, verdict, "{text}");
        // The mail behind the sentinel is later than the answer, or was counted.
        let looked_at = outcome.number - since;
        assert!(looked_at <= 2, "{text} {looked_at}");
        assert!(took < SETTLE, "{text} {took:?}");
        // The same when all has come already.
        let (outcome, took) = wait_while(&store, &wanted, nothing()).await;
        assert_eq!((outcome.verdict, took), (verdict, NOTHING), "{text}");
        assert_eq!(outcome.number - since, 2, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_cursor_an_old_sentinel_hides_nothing() {
    let store = store(1 << 20);
    send(&store, "end");
    send(&store, "a");
    let no = expectation("subject:a", None, until(none(), "subject:end"));
    assert_eq!(wait(&store, &no, &Here).await.verdict, Verdict::TooMany);
}

#[tokio::test(start_paused = true)]
async fn a_mail_counts_that_is_deleted_at_once() {
    let store = store(1 << 20);
    let one = expectation("subject:a", None, exactly(1));
    let act = async {
        let seq = send(&store, "a");
        store.delete(&[seq]);
    };
    let (outcome, _) = wait_while(&store, &one, act).await;
    assert_eq!((outcome.verdict, outcome.matched), (Verdict::Met, 1));
}

#[tokio::test(start_paused = true)]
async fn a_query_of_marks_is_asked_again_when_they_change() {
    let store = store(1 << 20);
    let id = store.insert(arrival("Subject: a\r\n\r\n", 1)).unwrap().id;
    let read = expectation("subject:a is:read", None, exactly(1));
    let mark = |read| async move { read };
    let act = async {
        for read in [true, false, true] {
            let read = mark(read).await;
            store.change(id, |_| Marks { read, tags: None });
        }
    };
    let (outcome, took) = wait_while(&store, &read, act).await;
    assert_eq!((outcome.verdict, outcome.matched, took), (Verdict::Met, 1, SETTLE));
    let later = expectation("is:read", Some(store.cursor().number), at_least(1, TEN));
    let act = async {
        store.change(id, |_| Marks { read: false, tags: None });
        store.change(id, |_| Marks { read: true, tags: None });
    };
    let (outcome, _) = wait_while(&store, &later, act).await;
    assert_eq!(outcome.verdict, Verdict::TooFew, "it came before the cursor");
}

#[tokio::test(start_paused = true)]
async fn who_counts_exactly_is_told_of_mail_that_left_unseen() {
    let size = arrival("Subject: a\r\n\r\n", 1).size_bytes();
    let store = store(2 * size);
    for _ in 0..2 {
        send(&store, "a");
    }
    let since = Some(store.cursor().number);
    for _ in 0..2 {
        send(&store, "a");
    }
    let verdict = |since, goal| {
        let store = &store;
        async move { wait(store, &expectation("subject:b", since, goal), &Here).await.verdict }
    };
    assert_eq!(verdict(since, none()).await, Verdict::Met, "what left is before the cursor");
    send(&store, "a");
    assert_eq!(verdict(since, none()).await, Verdict::HistoryLost);
    assert_eq!(verdict(since, exactly(1)).await, Verdict::HistoryLost);
    assert_eq!(verdict(None, none()).await, Verdict::Met, "asks what is held");
    assert_eq!(verdict(since, at_least(1, TEN)).await, Verdict::TooFew);
}

#[tokio::test(start_paused = true)]
async fn mail_that_left_another_inbox_is_no_loss() {
    let raw = |inbox: &str| format!("X-Restante-Inbox: {inbox}\r\nSubject: a\r\n\r\n");
    let store = store(2 * arrival(&raw("ci"), 1).size_bytes());
    for inbox in ["xx", "ci", "ci"] {
        store.insert(arrival(&raw(inbox), 1)).unwrap();
    }
    let verdict = |inbox: Option<&str>| {
        let mut wanted = expectation("subject:b", Some(0), none());
        wanted.selection.inbox = inbox.map(str::to_owned);
        let store = &store;
        async move { wait(store, &wanted, &Here).await.verdict }
    };
    assert_eq!(verdict(Some("ci")).await, Verdict::Met);
    assert_eq!(verdict(Some("xx")).await, Verdict::HistoryLost);
    assert_eq!(verdict(None).await, Verdict::HistoryLost);
}

#[tokio::test(start_paused = true)]
async fn all_that_is_held_and_matches_is_counted_unless_that_takes_long() {
    let store = store(1 << 24);
    let count = 4_500;
    for _ in 0..count {
        send(&store, "ab");
    }
    let outcome =
        async |text| wait(&store, &expectation(text, None, at_least(1, TEN)), &Here).await;
    let all = outcome("subject:a").await;
    assert_eq!((all.matched, all.has_more, seqs(&all)), (count, false, vec![count as Seq]));
    // A pattern without a literal is asked of each mail.
    let some = outcome("subject~/^.b$/").await;
    assert!(some.has_more && some.matched > 1 && some.matched < count, "{}", some.matched);
    // Marks may change: then each mail that counted is known.
    let unread = outcome("subject:a is:unread").await;
    assert_eq!((unread.matched, unread.has_more), (count, false));
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_counted_whole() {
    let store = store(1 << 24);
    for (goal, count) in [(exactly(1_000), 1_000), (at_least(1_000, TEN), 1_000)] {
        let wanted = expectation("subject:a", Some(store.cursor().number), goal);
        let act = async {
            for _ in 0..count {
                send(&store, "a");
            }
        };
        let (outcome, _) = wait_while(&store, &wanted, act).await;
        assert_eq!((outcome.verdict, outcome.matched), (Verdict::Met, count));
    }
}

#[tokio::test(start_paused = true)]
async fn an_inbox_narrows_a_wait_and_its_sentinel() {
    let store = store(1 << 20);
    let mut wanted = expectation("subject:a", None, until(none(), "subject:end"));
    wanted.selection.inbox = Some("ci".to_owned());
    let act = async {
        send(&store, "a");
        send(&store, "end");
    };
    let (outcome, took) = wait_while(&store, &wanted, act).await;
    assert_eq!((outcome.verdict, took), (Verdict::Met, TEN));
    store.insert(arrival("X-Restante-Inbox: ci\r\nSubject: a\r\n\r\n", 1)).unwrap();
    assert_eq!(wait(&store, &wanted, &Here).await.verdict, Verdict::TooMany);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_wait_and_each_gets_its_own() {
    let store = Arc::new(store(1 << 24));
    let waits: Vec<_> = (0..1_000)
        .map(|number| {
            let store = Arc::clone(&store);
            let wanted = expectation(&format!("to:{number}@x.test"), None, exactly(1));
            tokio::spawn(async move { wait(&store, &wanted, &Here).await })
        })
        .collect();
    while store.waiter_count() < waits.len() {
        tokio::task::yield_now().await;
    }
    let send = |number| {
        let raw = format!("To: {number}@x.test\r\nSubject: {number}\r\n\r\n");
        store.insert(arrival(&raw, 1)).unwrap().seq
    };
    let sent: Vec<Seq> = (0..1_000).map(send).collect();
    for (wait, seq) in waits.into_iter().zip(sent) {
        let outcome = wait.await.unwrap();
        assert_eq!((outcome.verdict, seqs(&outcome)), (Verdict::Met, vec![seq]));
    }
    assert_eq!(store.waiter_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_frees_its_place() {
    let store = store(1 << 20);
    let wanted = expectation("subject:a", None, at_least(1, TEN));
    tokio::time::timeout(SETTLE, wait(&store, &wanted, &Here)).await.unwrap_err();
    assert_eq!(store.waiter_count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Mail that comes while a wait begins, on another thread, is found.
    #[test]
    fn no_wake_up_is_lost(count in 1..40usize, keyed in any::<bool>()) {
        let store = Arc::new(store(1 << 24));
        let sender = Arc::clone(&store);
        let text = if keyed { "to:bob@x.test" } else { "subject:a" };
        let wanted = expectation(text, Some(0), at_least(count, TEN));
        let thread = thread::spawn(move || {
            let raw = "To: Bob <BOB@x.test>\r\nSubject: a\r\n\r\n";
            (0..count).for_each(|_| drop(sender.insert(arrival(raw, 1)).unwrap()));
        });
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outcome = runtime.block_on(wait(&store, &wanted, &Here));
        thread.join().unwrap();
        prop_assert_eq!((outcome.verdict, outcome.matched), (Verdict::Met, count));
    }
}
