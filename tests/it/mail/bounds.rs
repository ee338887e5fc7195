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
fn codes_beyond_the_limit_are_left_out() {
    let maximum = Limits::DEFAULT.codes_max;
    for (count, read) in [(maximum - 1, maximum - 1), (maximum, maximum), (maximum + 1, maximum)] {
        let numbers: String = (0..count).map(|index| format!("{} ", 10_000 + index)).collect();
        let raw = format!("\r\nYour codes: {numbers}\r\n");
        assert_eq!(extract::codes(&parse(raw.as_bytes())).len(), read);
    }
}

#[test]
fn texts_beyond_the_limit_are_cut() {
    let maximum = Limits::DEFAULT.text_bytes_max;
    let cases = [(maximum - 1, maximum - 1, false), (maximum, maximum, false)];
    for (length, read, is_cut) in cases.into_iter().chain([(maximum + 1, maximum, true)]) {
        for (fields, unit, decoded_bytes) in [
            ("X: y\r\n", "x", 1),
            ("Content-Transfer-Encoding: quoted-printable\r\n", "x", 1),
            ("Content-Type: text/plain; charset=utf-16be\r\n", "\0x", 2),
            ("Content-Type: text/plain; charset=iso-8859-1\r\n", "x", 1),
        ] {
            let raw = format!("{fields}\r\n{}", unit.repeat(length));
            let message = parse(raw.as_bytes());
            assert_eq!(message.plain().unwrap().len(), read, "{fields}");
            assert_eq!(message.text().unwrap().len(), read, "{fields}");
            assert_eq!(message.is_long(), is_cut, "{fields}");
            assert_eq!(codes(raw.as_bytes()).contains(&"text-truncated"), is_cut, "{fields}");
            let part = &message.parts()[0];
            assert_eq!(part.size_bytes(message.raw()), length * decoded_bytes, "{fields}");
        }
    }
}

/// CRLF becomes LF, and it is LF that counts.
#[test]
fn texts_are_cut_between_characters_and_by_what_is_shown() {
    let maximum = Limits::DEFAULT.text_bytes_max;
    let lines = format!("\r\n{}", "x\r\n".repeat(maximum / 2));
    assert_eq!(parse(lines.as_bytes()).plain().unwrap().len(), maximum);
    assert!(!parse(lines.as_bytes()).is_long());
    let accents =
        format!("Content-Type: text/plain; charset=utf-8\r\n\r\na{}", "é".repeat(maximum));
    let text = parse(accents.as_bytes()).plain().unwrap();
    assert_eq!((text.len(), text.ends_with('é')), (maximum - 1, true));
}

#[test]
fn parts_share_the_limit_of_their_text() {
    let maximum = Limits::DEFAULT.text_bytes_max;
    let part = format!("--b\r\n\r\n{}\r\n", "x".repeat(maximum / 2));
    for (count, is_cut) in [(1, false), (2, false), (3, true)] {
        let raw = format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
            part.repeat(count)
        );
        let message = parse(raw.as_bytes());
        assert_eq!(message.is_long(), is_cut);
        assert!(message.plain().unwrap().len() <= maximum);
    }
}

#[test]
fn html_beyond_the_limit_is_cut() {
    let maximum = Limits::DEFAULT.html_bytes_max;
    for (length, read) in [(maximum - 1, maximum - 1), (maximum, maximum), (maximum + 1, maximum)] {
        let raw = format!("Content-Type: text/html\r\n\r\n{}", "x".repeat(length));
        let message = parse(raw.as_bytes());
        assert_eq!(message.html().unwrap().len(), read);
        assert_eq!(message.part("1").unwrap().bytes.len(), length);
    }
}

#[test]
fn text_and_links_are_read_from_the_start_of_html() {
    let maximum = Limits::DEFAULT.text_bytes_max;
    let link = "<a href='http://x.test/'>x</a>";
    for (length, is_cut) in [(maximum - 1, false), (maximum, false), (maximum + 1, true)] {
        let fill = "x".repeat(length - link.len());
        let raw = format!("Content-Type: text/html\r\n\r\n{fill}{link}");
        let message = parse(raw.as_bytes());
        assert_eq!(codes(raw.as_bytes()).contains(&"html-truncated"), is_cut);
        assert_eq!(message.is_long(), is_cut);
        assert_eq!(message.text().unwrap().len(), fill.len() + 1);
    }
    let raw = format!("Content-Type: text/html\r\n\r\n{}{link}", "x".repeat(maximum));
    assert!(extract::links(&parse(raw.as_bytes())).is_empty());
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
