//! Hostile sizes: each limit below, at and above it, and inputs that are slow to read naively.

use restante::message::extract;
use restante::message::limits::Limits;
use restante::message::parse;
use restante::message::parse_headers;
use restante::message::parse_within;

use crate::mail::hostile::hostile;

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

/// What hostile mails cost in time, `benches/hostile.rs` measures. Here: reading them ends, and
/// makes no more of them than they are.
#[test]
fn hostile_mails_are_read_to_their_end() {
    for (name, mail) in hostile(256 << 10) {
        let message = parse(mail.as_bytes());
        let shown = [message.subject(), message.text(), message.plain(), message.html()];
        let bytes: usize = shown.iter().flatten().map(String::len).sum();
        assert!(bytes <= 16 * mail.len(), "{name} grew to {bytes} bytes");
        assert!(message.preview(200).chars().count() <= 200, "{name}");
        let found = extract::links(&message).len() + extract::codes(&message).len();
        let people = message.from().len() + message.to().len() + message.references().len();
        assert!(found + people + message.warnings().len() <= mail.len(), "{name}");
    }
}
