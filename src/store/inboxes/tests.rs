//! Each source by itself, their order, and what no source says.

use crate::dialogue::AuthFacts;
use crate::message::envelope::EnvelopeBuilder;

use super::*;

fn session(username: Option<&str>) -> SessionFacts {
    SessionFacts {
        peer: ([127, 0, 0, 1], 40_000).into(),
        listener: ([127, 0, 0, 1], 1025).into(),
        helo: "client.test".into(),
        extended: true,
        tls: None,
        auth: username
            .map(|name| Box::new(AuthFacts { mechanism: "PLAIN", username: name.into() })),
        forwarded: None,
        record: None,
    }
}

fn named(raw: &str, username: Option<&str>) -> String {
    let envelope = Envelope::default();
    InboxBy::default().inboxes(raw.as_bytes(), &envelope, &session(username)).join(",")
}

fn by(text: &str, raw: &str, recipients: &[&str]) -> Vec<String> {
    let mut envelope = EnvelopeBuilder::new("a@x.test", "");
    recipients.iter().for_each(|recipient| envelope.recipient(recipient, ""));
    let by: InboxBy = text.parse().unwrap();
    let inboxes = by.inboxes(raw.as_bytes(), &envelope.build(), &session(Some("bob")));
    inboxes.iter().map(ToString::to_string).collect()
}

#[test]
fn a_header_wins_over_the_user_and_both_over_the_default() {
    assert_eq!(named("Subject: x\r\nx-restante-INBOX : ci 7 \r\n\r\n", Some("bob")), "ci 7");
    assert_eq!(named("Subject: x\r\n\r\n", Some("bob")), "bob");
    assert_eq!(named("Subject: x\r\n\r\n", None), "default");
    assert_eq!(named("", None), "default");
    assert_eq!("header,auth".parse(), Ok(InboxBy::default()));
}

#[test]
fn the_body_names_nothing_and_an_empty_name_is_none() {
    assert_eq!(named("Subject: x\r\n\r\nX-Restante-Inbox: a\r\n", None), "default");
    assert_eq!(named("X-Restante-Inbox:\r\n\r\n", None), "default");
    assert_eq!(named("X-Restante-Inbox:\r\n\r\n", Some("bob")), "bob");
    assert_eq!(named("", Some("")), "default");
    assert_eq!(named("X-Restante-Inboxes: a\r\n\r\n", None), "default");
}

#[test]
fn a_long_name_is_cut() {
    for (length, kept) in [(127, 127), (128, 128), (129, 128)] {
        let name = "é".repeat(length);
        let raw = format!("X-Restante-Inbox: {name}\r\n\r\n");
        assert_eq!(named(&raw, None).chars().count(), kept);
        assert_eq!(named("", Some(&name)).chars().count(), kept);
    }
}

#[test]
fn each_source_has_its_own_idea() {
    let raw = "X-Team: red\r\nX-Restante-Inbox: ci\r\n\r\n";
    let recipients = ["Bob+a+b@X.test", "anna@y.test", "bob+a+b@x.TEST", "Bob+a+b@x.test"];
    for (text, expected) in [
        ("header", &["ci"][..]),
        ("header:x-team", &["red"]),
        ("header:X-Other", &["default"]),
        ("auth", &["bob"]),
        ("rcpt", &["Bob+a+b@x.test", "anna@y.test", "bob+a+b@x.test"]),
        ("rcpt-tag", &["a+b"]),
        ("rcpt-domain", &["x.test", "y.test"]),
        ("helo", &["client.test"]),
        ("peer", &["127.0.0.1"]),
        ("listener", &["127.0.0.1:1025"]),
        ("header:X-Other, rcpt-tag ,auth", &["a+b"]),
        ("rcpt-domain,header", &["x.test", "y.test"]),
    ] {
        assert_eq!(by(text, raw, &recipients), expected, "{text}");
    }
}

#[test]
fn recipients_without_a_tag_leave_it_to_the_next_source() {
    for recipients in [&["bob@x.test"][..], &["bob+@x.test"], &["bob@x+y.test"], &[]] {
        assert_eq!(by("rcpt-tag,helo", "", recipients), ["client.test"], "{recipients:?}");
    }
    assert_eq!(by("rcpt-tag", "", &["\"bob+t\"@x.test", "postmaster"]), ["t"]);
    assert_eq!(by("rcpt", "", &["postmaster"]), ["postmaster"]);
    assert_eq!(by("rcpt-domain", "", &["postmaster"]), ["default"]);
}

#[test]
fn a_mail_is_in_no_more_inboxes_than_can_be_counted() {
    for (count, kept) in [(999, 999), (1_000, 1_000), (1_001, 1_000)] {
        let recipients: Vec<String> = (0..count).map(|index| format!("{index}@x.test")).collect();
        let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
        assert_eq!(by("rcpt", "", &recipients).len(), kept);
    }
}

#[test]
fn what_names_no_inboxes_is_an_error() {
    for text in ["", "rcpts", "header:", "header:a b", "header:a:b", "auth,,rcpt", "auth;rcpt"] {
        assert_eq!(text.parse::<InboxBy>(), Err(InvalidInboxBy), "{text}");
    }
}
