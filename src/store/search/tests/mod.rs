//! A search finds what asking each mail finds, whatever the structures know and whatever happened.

mod generated;

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::dialogue::Endpoint;
use crate::dialogue::SessionFacts;
use crate::dialogue::record::Part;
use crate::message::envelope::EnvelopeBuilder;
use crate::query;
use crate::store::Store;
use crate::store::StoreOptions;
use crate::store::entry::Arrival;
use crate::store::entry::Marks;
use crate::store::entry::Seq;
use crate::store::inboxes::InboxBy;
use crate::store::search::tests::generated::Step;
use crate::store::search::tests::generated::step;

fn store(size_bytes_max: usize) -> Store {
    let started_at = Timestamp::UNIX_EPOCH;
    Store::new(&StoreOptions { size_bytes_max, log_weight_max: 1_000, started_at, seed: 1 })
}

fn hold(store: &Store, raw: &str, from: &str, to: &[&str]) -> Seq {
    let peer = Endpoint::from(([127, 0, 0, 1], 1));
    let session = SessionFacts {
        peer: peer.clone(),
        listener: peer,
        helo: "client.local".into(),
        extended: true,
        tls: None,
        auth: None,
        forwarded: None,
        record: None,
    };
    let mut envelope = EnvelopeBuilder::new(from, "");
    to.iter().for_each(|recipient| envelope.recipient(recipient, ""));
    let envelope = envelope.build();
    let inboxes = InboxBy::default().inboxes(raw.as_bytes(), &envelope, &session);
    let arrival = Arrival {
        received_at: Timestamp::UNIX_EPOCH,
        envelope,
        raw: raw.as_bytes().into(),
        session: Arc::new(session),
        said: Part::default(),
        inboxes,
    };
    store.insert(arrival).unwrap().seq
}

fn selection(query: &str, inbox: bool) -> Selection {
    Selection {
        query: Some(query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"))),
        inbox: inbox.then(|| "Team A".to_owned()),
        now: Timestamp::UNIX_EPOCH,
    }
}

/// Searches in each way and compares with asking each mail.
fn check(store: &Store, selection: &Selection, page: Page, limit: usize) {
    let matching: Vec<Seq> = store
        .page(Page::Ascending(0, Seq::MAX), usize::MAX)
        .iter()
        .filter(|held| selection.covers(held))
        .map(|held| held.entry.seq)
        .collect();
    let (after, before) = page.bounds();
    let mut expected: Vec<Seq> =
        matching.iter().copied().filter(|seq| after < *seq && *seq < before).collect();
    if matches!(page, Page::Descending(..)) {
        expected.reverse();
    }
    expected.truncate(limit);
    let (snapshot, ..) = store.snapshot(None);
    for counting in [Counting::Nothing, Counting::Page, Counting::All] {
        let found = snapshot.search(selection, Wanted { page, limit, counting }, &|| false);
        let seqs: Vec<Seq> = found.held.iter().map(|held| held.entry.seq).collect();
        let query = selection.query.as_ref().unwrap();
        assert_eq!(seqs, expected, "{query} {page:?} {limit} {counting:?}");
        let counted = match counting {
            Counting::Nothing => 0,
            Counting::Page => matching.iter().filter(|seq| after < **seq && **seq < before).count(),
            Counting::All => matching.len(),
        };
        assert!(found.matched <= counted, "{query} {counting:?}");
        assert!(!found.is_exact || found.matched == counted, "{query} {counting:?}");
    }
}

/// Makes the structures of all mails, however few.
fn index_all(store: &Store) {
    let (snapshot, ..) = store.snapshot(None);
    snapshot.chunks.iter().for_each(|chunk| make_index(chunk, 0));
}

fn run(store: &Store, steps: Vec<Step>) {
    for step in steps {
        let held = store.page(Page::Ascending(0, Seq::MAX), usize::MAX);
        let seq_of = |which: usize| held.get(which % held.len().max(1)).map(|h| h.entry.seq);
        match step {
            Step::Arrive { raw, from, to } => drop(hold(store, &raw, from, &to)),
            Step::Mark { which, read, tag } => {
                let Some(held) = held.get(which % held.len().max(1)) else { continue };
                let tags = tag.map(|tag| [Box::from(tag)].into());
                store.change(held.entry.id, |_| Marks { read, tags });
            }
            Step::Delete { which } => {
                let seqs: Vec<Seq> = which.into_iter().filter_map(seq_of).collect();
                store.delete(&seqs);
            }
            Step::Clear { which } => {
                store.clear(seq_of(which).unwrap_or_default());
            }
            Step::Index => index_all(store),
            Step::Ask { query, inbox, page, limit } => {
                check(store, &selection(&query, inbox), page, limit);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]
    #[test]
    fn a_search_finds_what_asking_each_mail_finds(
        steps in proptest::collection::vec(step(), 1..80),
        size_bytes_max in select(&[20_000_usize, 1 << 30][..]),
    ) {
        run(&store(size_bytes_max), steps);
    }
}

/// The id is read without the blank in it, so it does not stand in the header that has it.
#[test]
fn ids_that_do_not_stand_in_the_header_are_found() {
    let store = store(1 << 20);
    hold(&store, "Message-ID: <one.two three@x.test>\r\n\r\nhi", "app@x.test", &["bob@x.test"]);
    index_all(&store);
    let (snapshot, ..) = store.snapshot(None);
    let wanted = Wanted { page: Page::Ascending(0, Seq::MAX), limit: 9, counting: Counting::All };
    for query in ["message-id:one.twothree@x.test", "message-id:twothree"] {
        let found = snapshot.search(&selection(query, false), wanted, &|| false);
        assert_eq!(found.held.len(), 1, "{query}");
    }
}

/// Several chunks, so that pages and counts cross their borders; before there are structures, with
/// them, and when many of their mails have left.
#[test]
fn pages_and_counts_cross_the_borders_of_chunks() {
    let store = store(1 << 30);
    for number in 0..3_000 {
        let kind = if number % 3 == 0 { "html" } else { "plain" };
        let raw = format!(
            "Subject: Mail {number}\r\nContent-Type: text/{kind}\r\n\r\ntok{number}x <b>of</b> {}",
            if number % 7 == 0 { "seven" } else { "others" }
        );
        hold(&store, &raw, "app@x.test", &[&format!("user{}@x.test", number % 100)]);
    }
    let (snapshot, ..) = store.snapshot(None);
    let all = [Page::Ascending(0, Seq::MAX), Page::Descending(0, Seq::MAX)];
    let pages = [Page::Ascending(900, 2_100), Page::Descending(1_000, 2_500)];
    for round in 0..3 {
        for query in [
            "tok1234x",
            "body:tok12",
            "rcpt:user7@x.test",
            "seven -subject:1",
            "has:html seven",
            "subject~/^Mail 2.*7$/",
            "text~/tok\\d*99x/",
            "html:of",
            "-others",
            "zz",
        ] {
            for page in all.into_iter().chain(pages) {
                for limit in [1, 50, usize::MAX] {
                    check(&store, &selection(query, false), page, limit);
                }
            }
        }
        if round == 0 {
            snapshot.index_full_chunks(&|| false);
        } else if round == 1 {
            let odd: Vec<Seq> = (1..=3_000).filter(|seq| seq % 2 == 0 || seq / 400 == 3).collect();
            assert!(store.delete(&odd) > 1_000);
        }
    }
}
