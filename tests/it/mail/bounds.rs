//! Hostile sizes: each limit below, at and above it, and inputs that must not take more than
//! linear time.

use std::time::Duration;
use std::time::Instant;

use restante::message::extract;
use restante::message::limits::Limits;
use restante::message::parse;
use restante::message::parse_headers;
use restante::message::parse_within;

fn codes(raw: &[u8]) -> Vec<&'static str> {
    parse(raw).warnings().iter().map(|warning| warning.code).collect()
}

/// A multipart of that many parts, its root not counted.
fn mail_of_parts(count: usize) -> Vec<u8> {
    let mut raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for _ in 0..count {
        raw.extend_from_slice(b"--b\r\n\r\nText.\r\n");
    }
    raw.extend_from_slice(b"--b--\r\n");
    raw
}

/// Multiparts inside each other, that many levels of them, with a text inside.
fn mail_of_levels(count: usize) -> Vec<u8> {
    let mut raw = String::new();
    for level in 0..count {
        raw.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n"));
        raw.push_str(&format!("--b{level}\r\n"));
    }
    raw.push_str("\r\nText.\r\n");
    for level in (0..count).rev() {
        raw.push_str(&format!("--b{level}--\r\n"));
    }
    raw.into_bytes()
}

#[test]
fn parts_beyond_the_limit_are_left_out() {
    let maximum = Limits::DEFAULT.parts_max;
    for (count, read, is_cut) in [
        (maximum - 2, maximum - 1, false),
        (maximum - 1, maximum, false),
        (maximum, maximum, true),
        (100_000, maximum, true),
    ] {
        let raw = mail_of_parts(count);
        let message = parse(&raw);
        assert_eq!(message.parts().len(), read, "{count} parts");
        assert_eq!(codes(&raw).contains(&"parts-truncated"), is_cut, "{count} parts");
    }
}

#[test]
fn levels_beyond_the_limit_stay_closed() {
    let maximum = Limits::DEFAULT.depth_max;
    for (count, parts, is_cut) in [
        (maximum - 1, maximum, false),
        (maximum, maximum + 1, false),
        (maximum + 1, maximum + 1, true),
        (10_000, maximum + 1, true),
    ] {
        let raw = mail_of_levels(count);
        assert_eq!(parse(&raw).parts().len(), parts, "{count} levels");
        assert_eq!(codes(&raw).contains(&"depth-truncated"), is_cut, "{count} levels");
    }
}

#[test]
fn fields_beyond_the_limit_are_left_out() {
    let maximum = Limits::DEFAULT.headers_max;
    for (count, read, is_cut) in
        [(maximum - 1, maximum - 1, false), (maximum, maximum, false), (maximum + 1, maximum, true)]
    {
        let raw = "X: y\r\n".repeat(count) + "\r\nBody.\r\n";
        assert_eq!(parse_headers(raw.as_bytes()).len(), read);
        assert_eq!(codes(raw.as_bytes()).contains(&"headers-truncated"), is_cut);
        assert_eq!(parse(raw.as_bytes()).plain().as_deref(), Some("Body.\n"));
    }
}

#[test]
fn values_beyond_the_limit_are_cut() {
    let maximum = Limits::DEFAULT.value_bytes_max;
    for (length, read, is_cut) in [
        (maximum - 1, maximum - 1, false),
        (maximum, maximum, false),
        (maximum + 1, maximum, true),
        (40 << 20, maximum, true),
    ] {
        let raw = format!("Subject:{}\r\n\r\nBody.\r\n", "x".repeat(length));
        let subject = parse(raw.as_bytes()).subject().unwrap();
        assert_eq!(subject.len(), read);
        assert_eq!(codes(raw.as_bytes()).contains(&"header-truncated"), is_cut);
    }
}

#[test]
fn addresses_beyond_the_limit_are_left_out() {
    let maximum = Limits::DEFAULT.addresses_max;
    for (count, read) in [(maximum - 1, maximum - 1), (maximum, maximum), (maximum + 1, maximum)] {
        let raw = format!("To: {}\r\n\r\n", "a@x.test,".repeat(count));
        assert_eq!(parse(raw.as_bytes()).to().len(), read);
    }
}

#[test]
fn links_beyond_the_limit_are_left_out() {
    let maximum = Limits::DEFAULT.links_max;
    for (count, read) in [(maximum - 1, maximum - 1), (maximum, maximum), (maximum + 1, maximum)] {
        let urls: String = (0..count).map(|index| format!("http://x.test/{index} ")).collect();
        let raw = format!("\r\n{urls}\r\n");
        assert_eq!(extract::links(&parse(raw.as_bytes())).len(), read);
    }
}

#[test]
fn warnings_beyond_the_limit_are_counted_out() {
    let maximum = Limits::DEFAULT.warnings_max;
    for (count, read) in [(maximum - 1, maximum - 1), (maximum, maximum), (maximum + 1, maximum)] {
        let part = "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n****\r\n";
        let raw = format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
            part.repeat(count)
        );
        let found = codes(raw.as_bytes());
        assert_eq!(found.len(), read);
        assert_eq!(found.contains(&"warnings-truncated"), count > maximum);
    }
}

#[test]
fn nested_mails_beyond_the_limit_stay_closed() {
    let maximum = Limits::DEFAULT.nested_max;
    let header = "Content-Type: message/rfc822\r\n\r\n";
    let raw = header.repeat(maximum + 5) + "Subject: innermost\r\n\r\nText.\r\n";
    let message = parse(raw.as_bytes());
    for (levels, is_found) in [(maximum - 1, true), (maximum, true), (maximum + 1, false)] {
        let path = format!("1{}", ".1".repeat(levels));
        assert_eq!(message.part(&path).is_some(), is_found, "{levels} levels");
    }
}

#[test]
fn other_limits_can_be_set() {
    let limits = Limits { parts_max: 3, ..Limits::DEFAULT };
    assert_eq!(parse_within(&mail_of_parts(10), &limits).parts().len(), 3);
}

/// Mails that make naive readers slow, at a size.
fn hostile(size_bytes: usize) -> Vec<(&'static str, String)> {
    let mut mails = hostile_headers(size_bytes);
    mails.extend(hostile_bodies(size_bytes));
    mails.extend(hostile_html(size_bytes));
    mails
}

fn hostile_headers(size_bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(size_bytes / unit.len());
    let header = |name: &str, unit: &str| format!("{name}: {}\r\n\r\nBody\r\n", fill(unit));
    vec![
        ("words", header("Subject", "=?utf-8?Q?=C3=BC?= ")),
        ("words without end", header("Subject", "=?utf-8?Q?")),
        ("word starts", header("Subject", "=?")),
        ("word ends", header("Subject", "=?=?=")),
        ("folds", header("Subject", "x\r\n ")),
        ("quotes", header("To", "\"")),
        ("odd quotes", header("To", "\"a\\")),
        ("comments", header("To", "(")),
        ("closed comments", header("To", "()")),
        ("brackets", header("To", "<\"a>")),
        ("open brackets", header("To", "<")),
        ("colons", header("To", "@a:")),
        ("literals", header("To", "[")),
        ("names", header("To", "a b ")),
        ("blanks", header("To", "a        ")),
        ("signs", header("To", "@ ")),
        ("parameters", header("Content-Type", ";a=b")),
        ("quoted parameters", header("Content-Type", ";a=\"b\"")),
        ("open parameters", header("Content-Type", ";a=(")),
        ("pieces", header("Content-Disposition", ";filename*1=x")),
        ("dates", header("Date", "1 (")),
        ("ids", header("References", "<a> ")),
        ("open ids", header("References", "<")),
        ("fields", fill("X: y\r\n")),
        ("no fields", format!("X: y\r\n{}", fill("junk\r\n"))),
        ("carriage returns", format!("X: y\r\n{}", fill("\r"))),
    ]
}

fn hostile_bodies(size_bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(size_bytes / unit.len());
    let body = |fields: &str, unit: &str| format!("{fields}\r\n{}", fill(unit));
    vec![
        ("one line", body("X: y\r\n", "x")),
        ("hyphens", body("Content-Type: multipart/mixed; boundary=b\r\n", "--\r\n")),
        ("boundaries", body("Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\n")),
        ("base64", body("Content-Transfer-Encoding: base64\r\n", "QUJD")),
        ("bad base64", body("Content-Transfer-Encoding: base64\r\n", "Q*=")),
        ("soft breaks", body("Content-Transfer-Encoding: quoted-printable\r\n", "=\r\n")),
        ("escapes", body("Content-Transfer-Encoding: quoted-printable\r\n", "=41")),
        ("blanks in lines", body("Content-Transfer-Encoding: quoted-printable\r\n", " \t")),
        ("flowed", body("Content-Type: text/plain; format=flowed\r\n", "> a \r\n")),
        ("quoted deep", body("Content-Type: text/plain; format=flowed\r\n", ">")),
        ("utf-7", body("Content-Type: text/plain; charset=utf-7\r\n", "+AAA")),
        ("links", body("X: y\r\n", "http://x.test/((( ")),
        ("one link", body("X: y\r\n", "http://)")),
        ("link ends", format!("X: y\r\n\r\nhttp://x.test/{}", fill(")"))),
        ("codes", body("X: y\r\n", "1234 5678 code ")),
    ]
}

fn hostile_html(size_bytes: usize) -> Vec<(&'static str, String)> {
    let html = |unit: &str| {
        format!("Content-Type: text/html\r\n\r\n{}", unit.repeat(size_bytes / unit.len()))
    };
    vec![
        ("html tags", html("<b>")),
        ("html open tags", html("<a ")),
        ("html attributes", html_attributes(size_bytes)),
        ("html comments", html("<!--")),
        ("html references", html("&amp")),
        ("html blocks", html("<p>a ")),
        ("html breaks", html("<br>")),
        ("html links", html("<a href=x>a")),
        ("html hidden", html("<template>")),
        ("html quotes", html("<a b=\"")),
    ]
}

/// Attributes with names that all differ.
fn html_attributes(size_bytes: usize) -> String {
    let start = "Content-Type: text/html\r\n\r\n<a ".to_owned();
    (0..size_bytes / 9).fold(start, |html, index| html + &format!("a{index:06x} "))
}

/// Asks a mail everything and says how long it took.
fn time_of(raw: &[u8]) -> Duration {
    let start = Instant::now();
    let message = parse(raw);
    let known = [message.subject(), message.text(), message.plain(), message.html()];
    let lists = [message.from(), message.to(), message.cc()].map(|list| list.len());
    let ids = message.references().len() + message.list_unsubscribe().len();
    let found = extract::links(&message).len() + extract::codes(&message).len();
    let warnings = message.warnings().len();
    std::hint::black_box((
        known,
        lists,
        ids,
        found,
        warnings,
        message.date(),
        message.preview(200),
    ));
    start.elapsed()
}

#[test]
fn time_grows_with_size_and_no_faster() {
    for ((name, small), (_, large)) in hostile(32 << 10).iter().zip(&hostile(256 << 10)) {
        let (mut fastest_small, mut fastest_large) = (Duration::MAX, Duration::MAX);
        // A busy machine slows single rounds; the fastest of several says what the work takes.
        let is_linear = (0..8).any(|_| {
            fastest_small = fastest_small.min(time_of(small.as_bytes()));
            fastest_large = fastest_large.min(time_of(large.as_bytes()));
            // Eight times the size: 64 times the time would be quadratic.
            fastest_large <= fastest_small * 24 + Duration::from_millis(10)
        });
        assert!(is_linear, "{name}: {fastest_small:?}, then {fastest_large:?}");
    }
}
