//! What making search structures and searching take of one process, mail by mail: processor time,
//! which other programs hardly change. `cargo bench --bench find [MAILS]`

use std::hint::black_box;
use std::sync::Arc;

use jiff::Timestamp;
use restante::dialogue::SessionFacts;
use restante::dialogue::record::Part;
use restante::message::envelope::EnvelopeBuilder;
use restante::query;
use restante::store::Store;
use restante::store::StoreOptions;
use restante::store::entry::Arrival;
use restante::store::entry::Seq;
use restante::store::inboxes::InboxBy;
use restante::store::search::Counting;
use restante::store::search::Wanted;
use restante::store::search::selection::Selection;
use restante::store::shelf::Page;

fn main() {
    let numbers = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let mails = numbers.unwrap_or(20_000);
    for (name, size_bytes, is_html) in
        [("1 KB of text", 1_024, false), ("12 KB of HTML", 12_288, true)]
    {
        measure(name, mails, size_bytes, is_html);
    }
}

fn measure(name: &str, mails: usize, size_bytes: usize, is_html: bool) {
    let store = Store::new(&StoreOptions {
        size_bytes_max: usize::MAX,
        log_weight_max: 1_000,
        started_at: Timestamp::UNIX_EPOCH,
        seed: 1,
    });
    for number in 0..mails {
        store.insert(arrival(number, size_bytes, is_html)).expect("there is room");
    }
    let (snapshot, ..) = store.snapshot(None);
    let before = processor_ns();
    snapshot.index(&|| false);
    let took_us = (processor_ns() - before) as f64 / 1e3 / mails as f64;
    let bytes = snapshot.index_bytes() as f64 / mails as f64;
    println!("\n{mails} mails of {name}: {took_us:.2} us and {bytes:.0} B each to index\n");
    println!("| search | found | ns a mail |\n|---|---|---|");
    let token = format!("tok{}x", mails / 2);
    for text in [
        &format!("to:user{}@x.test", mails / 2),
        "subject:parcel",
        "to:@x.test",
        &format!("message-id:{}@bench", mails / 2),
        "header.x-none:zebra",
        &token,
        &format!("body:{token}"),
        "parcel",
        "zq",
        "qjx",
        "body~/[0-9]{9}/",
        "body~/tok12\\d7x/",
        "link:zebra",
        "has:attachment",
        "is:unread",
    ] {
        let query = query::parse(text).expect("it parses");
        let selection = Selection { query: Some(query), inbox: None, now: Timestamp::UNIX_EPOCH };
        let page = Page::Descending(0, Seq::MAX);
        let before = processor_ns();
        let mut rounds = 0;
        let mut found = 0;
        while processor_ns() - before < MEASURED_NS_MIN {
            rounds += 1;
            let (snapshot, ..) = store.snapshot(None);
            let wanted = Wanted { page, limit: 50, counting: Counting::All };
            found = black_box(snapshot.search(&selection, wanted, &|| false)).matched;
        }
        let each_ns = (processor_ns() - before) as f64 / (rounds * mails) as f64;
        println!("| `{text}` | {found} | {each_ns:.0} |");
    }
}

fn arrival(number: usize, size_bytes: usize, is_html: bool) -> Arrival {
    let peer = restante::dialogue::Endpoint::from(([127, 0, 0, 1], 1));
    let session = SessionFacts {
        peer: peer.clone(),
        listener: peer,
        helo: "bench.test".into(),
        extended: true,
        tls: None,
        auth: None,
        forwarded: None,
        record: None,
    };
    let mut envelope = EnvelopeBuilder::new("app@example.com", "");
    envelope.recipient(&format!("user{number}@x.test"), "");
    let envelope = envelope.build();
    let raw = mail(number, size_bytes, is_html).into_bytes();
    Arrival {
        received_at: Timestamp::UNIX_EPOCH,
        inboxes: InboxBy::default().inboxes(&raw, &envelope, &session),
        envelope,
        raw: raw.into(),
        session: Arc::new(session),
        said: Part::default(),
    }
}

fn mail(number: usize, size_bytes: usize, is_html: bool) -> String {
    let word = |at: usize| WORDS[(number * 7 + at * (1 + number % 5)) % WORDS.len()];
    let (kind, encoding) = if is_html { ("html", "quoted-printable") } else { ("plain", "7bit") };
    let mut mail = format!(
        "From: App {number} <app{}@example.com>\r\nTo: user{number}@x.test\r\n\
         Subject: {} {} {number}\r\n\
         Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{number}@bench.test>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\nToken tok{number}x here.\r\n",
        number % 97,
        word(1),
        word(2),
    );
    let mut at = 0;
    while mail.len() < size_bytes {
        if is_html {
            mail.push_str("<tr><td style=3D\"padding:8px\">Gr=C3=B6=C3=9Fe=\r\n ");
        }
        for _ in 0..9 {
            mail.push_str(word(at));
            mail.push(' ');
            at += 1;
        }
        mail.push_str("\r\n");
    }
    mail
}

const WORDS: [&str; 20] = [
    "invoice", "parcel", "welcome", "reset", "meeting", "garden", "river", "cloud", "bicycle",
    "mountain", "window", "paper", "silver", "orange", "quiet", "signal", "market", "bridge",
    "letter", "number",
];

/// User and system time of this process so far, of threads that have ended too.
fn processor_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets; the fields are counted from 3 there (proc(5)).
    let fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks * NS_PER_TICK
}

/// The kernel counts in hundredths of a second.
const NS_PER_TICK: u64 = 10_000_000;

/// What is measured takes so long at least.
const MEASURED_NS_MIN: u64 = 300_000_000;
