//! What happens to a store, made up: mails whose words, addresses and encodings meet, and
//! questions about them.

use proptest::prelude::*;
use proptest::sample::select;

use crate::store::entry::Seq;
use crate::store::shelf::Page;

/// Something that happens to a store, or a question.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Arrive { raw: String, from: &'static str, to: Vec<&'static str> },
    Mark { which: usize, read: bool, tag: Option<&'static str> },
    Delete { which: Vec<usize> },
    Clear { which: usize },
    Index,
    Ask { query: String, inbox: bool, page: Page, limit: usize },
}

pub(super) fn step() -> impl Strategy<Value = Step> {
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
