//! Mails as large as a server accepts them by default, of one thing only. Soft line breaks, which
//! decode to nothing, are tried at a tenth of that; the bench `hostile` takes all of it.

use restante::message::extract;
use restante::message::limits::Limits;
use restante::message::parse;

const MAIL_BYTES: usize = 40 << 20;

/// A field and a body that repeats one thing.
fn mail(fields: &str, unit: &str, size_bytes: usize) -> Vec<u8> {
    format!("{fields}\r\n{}", unit.repeat(size_bytes / unit.len())).into_bytes()
}

#[test]
fn one_line_of_40_mb_is_shown_from_its_start() {
    let raw = mail("Subject: x\r\n", "x", MAIL_BYTES);
    let message = parse(&raw);
    assert_eq!(message.text().unwrap().len(), Limits::DEFAULT.text_bytes_max);
    assert_eq!(message.preview(200), "x".repeat(200));
    assert_eq!(message.parts()[0].size_bytes(&raw), MAIL_BYTES);
}

#[test]
fn html_of_40_mb_is_read_from_its_start() {
    let raw = mail("Content-Type: text/html\r\n", "<a href='http://x.test/'>x", MAIL_BYTES);
    let message = parse(&raw);
    assert_eq!(message.html().unwrap().len(), Limits::DEFAULT.html_bytes_max);
    assert_eq!(extract::links(&message).len(), 1);
    assert_eq!(message.preview(3), "xxx");
    assert!(message.is_long());
}

#[test]
fn quoted_printable_that_never_ends_is_decoded_once() {
    let encoding = "Content-Transfer-Encoding: quoted-printable\r\n";
    let raw = mail(encoding, "=\r\n", MAIL_BYTES / 10);
    let message = parse(&raw);
    assert_eq!(message.text().as_deref(), Some(""));
    assert!(!message.is_long());
}

#[test]
fn a_million_encoded_words_are_decoded_as_far_as_a_value_is() {
    let words = "=?utf-8?Q?=C3=BC?= ";
    let raw = format!("Subject: {}\r\n\r\nText.\r\n", words.repeat(1_000_000));
    let subject = parse(raw.as_bytes()).subject().unwrap();
    let whole_words = Limits::DEFAULT.value_bytes_max / words.len();
    assert_eq!(subject.matches('ü').count(), whole_words);
}
