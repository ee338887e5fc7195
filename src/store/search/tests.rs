//! A search finds what asking each mail finds, whatever the structures know and whatever happened.

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

/// Something that happens to a store, or a question.
#[derive(Clone, Debug)]
enum Step {
    Arrive { raw: String, from: &'static str, to: Vec<&'static str> },
    Mark { which: usize, read: bool, tag: Option<&'static str> },
    Delete { which: Vec<usize> },
    Clear { which: usize },
    Index,
    Ask { query: String, inbox: bool, page: Page, limit: usize },
}

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

const WORDS: [&str; 18] = [
    "Welcome",
    "welcome",
    "Straße",
    "STRASSE",
    "İstanbul",
    "ΟΔΟΣ",
    "café",
    "cafe\u{301}",
    "code",
    "481516",
    "tok17x",
    "a",
    "Zq",
    "你好",
    "<b>",
    "&amp;",
    "K\u{212a}",
    "x.test",
];

const ADDRESSES: [&str; 11] = [
    "bob@x.test",
    "superbob@x.test",
    "Bob+tag@X.test",
    "\"b c\"@x.test",
    "\"bob\"@x.test",
    "bob@bücher.test",
    "bob@xn--bcher-kva.test",
    "\"a@b\"@x.test",
    "postmaster",
    "",
    "b@y.x.test",
];

const FIELDS: [&str; 19] = [
    "from",
    "to",
    "cc",
    "bcc",
    "any",
    "rcpt",
    "mail-from",
    "subject",
    "text",
    "html",
    "body",
    "attachment",
    "header.x-job",
    "message-id",
    "link",
    "tag",
    "inbox",
    "reply-to",
    "code",
];

const OTHERS: [&str; 32] = [
    "is:read",
    "is:unread",
    "is:tagged",
    "has:attachment",
    "has:inline",
    "has:html",
    "has:text",
    "has:link",
    "has:code",
    "has:warning",
    "attachments=1",
    "attachments>=2",
    "size>300",
    "size<=200",
    "newer:1h",
    "subject=\"\"",
    "bcc=\"\"",
    "any=\"\"",
    "mail-from=\"\"",
    "body=\"\"",
    "text=\"\"",
    "header.x-job=\"\"",
    "attachment=\"\"",
    "subject~/(?i)wel.*me/",
    "body~/\\d{6}/",
    "text~/(?m)^tok\\d+x/",
    "from~/bücher|xn--/",
    "any~/^bob@/",
    "header.x-job~/co?de/",
    "html~/a|é/",
    "body~/^$/",
    "rcpt~/BOB/",
];

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(&WORDS[..]), 0..6).prop_map(|words| words.join(" "))
}

/// A body with the header fields that say how to read it.
fn body() -> impl Strategy<Value = String> {
    (words(), words(), 0..9).prop_map(|(one, other, kind)| {
        let quoted: String = one.bytes().map(|byte| format!("={byte:02X}")).collect();
        match kind {
            0 => format!("\r\n{one}\r\n{other}\r\n"),
            1 => format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{one} \r\n  {other}"),
            2 => format!("Content-Type: text/html; charset=utf-8\r\n\r\n<p>{one}<b>{other}</b>"),
            3 => format!(
                "Content-Type: text/plain; charset=utf-8\r\n\
                 Content-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}=\r\n {quoted}"
            ),
            4 => format!(
                "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\n{one}\r\n--m\r\n\
                 Content-Type: text/plain; name=\"{other}.txt\"\r\n\
                 Content-Disposition: attachment\r\n\r\nhidden welcome\r\n--m--\r\n"
            ),
            5 => format!(
                "Content-Type: multipart/alternative; boundary=m\r\n\r\n--m\r\n\r\n{one}\r\n--m\r\n\
                 Content-Type: text/html; charset=utf-8\r\n\r\n<i>{other}</i>\r\n--m--\r\n"
            ),
            6 => format!("\r\n{one}\n\r{other}\r\r\n\0\u{1}"),
            7 => String::new(),
            _ => format!("Content-Type: text/html\r\n\r\n<a href=\"http://x.test/{one}\">{other}"),
        }
    })
}

fn mail() -> impl Strategy<Value = String> {
    let header = (words(), select(&ADDRESSES[..]), words(), words(), 0..7);
    (header, body()).prop_map(|((subject, address, name, other, kind), body)| {
        let head = match kind {
            0 => String::new(),
            1 => format!("Subject: =?utf-8?b?V2VsY29tZQ==?= {subject}\r\nTo: {address}\r\n"),
            2 => format!("Subject: {subject}\r\n {other}\r\nX-Job: {name}\r\nx-job: {other}\r\n"),
            3 => format!("Message-ID: < {name} @x.test>\r\nBcc: {address}, {name} <{address}>\r\n"),
            4 => format!("Subject: {subject}\0\r\nX-Restante-Inbox: Team A\r\nCc: <{address}>\r\n"),
            5 => format!("Subject: {}\r\nX-Job: =?utf-8?q?{name}?=\r\n", subject.repeat(60)),
            _ => format!("From: \"{name}\" <{address}>\r\nSubject: {subject}\r\n"),
        };
        head + &body
    })
}

fn value() -> impl Strategy<Value = String> {
    let word = select(&WORDS[..]).prop_map(str::to_owned);
    let address = select(&ADDRESSES[..9]).prop_map(str::to_owned);
    let part = (select(&WORDS[..]), 0..3usize).prop_map(|(word, skip)| {
        let part: String = word.chars().skip(skip).collect();
        if part.is_empty() { "e".to_owned() } else { part }
    });
    let pair = (select(&WORDS[..]), select(&WORDS[..])).prop_map(|(a, b)| format!("{a} {b}"));
    prop_oneof![word, address, part, pair, Just("@x.test".to_owned())]
}

fn term() -> impl Strategy<Value = String> {
    let quoted = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"");
    let field = select(&FIELDS[..]);
    let flag = select(&OTHERS[..]);
    prop_oneof![
        2 => value().prop_map(move |value| format!("\"{}\"", quoted(&value))),
        4 => (field.clone(), value())
            .prop_map(move |(field, value)| format!("{field}:\"{}\"", quoted(&value))),
        1 => (field, value()).prop_map(move |(field, value)| format!("{field}=\"{}\"", quoted(&value))),
        2 => flag.prop_map(str::to_owned),
    ]
}

fn question() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inside| format!("-({inside})")),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|all| all.join(" ")),
            proptest::collection::vec(inner, 2..4)
                .prop_map(|any| format!("({})", any.join(" OR "))),
        ]
    })
}

fn step() -> impl Strategy<Value = Step> {
    let bounds = (0..60u64, 0..60u64, any::<bool>(), any::<bool>());
    let page = bounds.prop_map(|(after, before, is_bounded, is_ascending)| {
        let (after, before) = if is_bounded { (after, before) } else { (0, Seq::MAX) };
        if is_ascending { Page::Ascending(after, before) } else { Page::Descending(after, before) }
    });
    let tag = proptest::option::of(select(&WORDS[..]));
    let to = proptest::collection::vec(select(&ADDRESSES[..]), 0..3);
    prop_oneof![
        6 => (mail(), select(&ADDRESSES[..]), to)
            .prop_map(|(raw, from, to)| Step::Arrive { raw, from, to }),
        1 => (any::<usize>(), any::<bool>(), tag)
            .prop_map(|(which, read, tag)| Step::Mark { which, read, tag }),
        1 => proptest::collection::vec(any::<usize>(), 1..4)
            .prop_map(|which| Step::Delete { which }),
        1 => (0..4usize).prop_map(|which| Step::Clear { which }),
        2 => Just(Step::Index),
        6 => (question(), any::<bool>(), page, 0..9usize).prop_map(|(query, inbox, page, limit)| {
            Step::Ask { query, inbox, page, limit }
        }),
    ]
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
