//! What is composed reads back as what was given.

use proptest::prelude::*;

use super::*;
use crate::message::parse;

fn stamp() -> Stamp {
    Stamp { date: Timestamp::from_second(1_764_503_521).unwrap(), unique: "u1".to_owned() }
}

fn mailbox(name: &str, address: &str) -> Mailbox {
    let name = (!name.is_empty()).then(|| name.to_owned());
    Mailbox { name, address: address.to_owned() }
}

fn file(name: &str, content_type: &str, content: &[u8]) -> Attachment {
    Attachment {
        name: Some(name.to_owned()),
        content_type: MediaType::new(content_type).unwrap(),
        content_id: None,
        content: content.to_vec(),
    }
}

fn text_of(mail: &[u8]) -> String {
    String::from_utf8(mail.to_vec()).unwrap()
}

#[test]
fn a_plain_mail_is_as_plain_as_can_be() {
    let draft = Draft {
        from: vec![mailbox("Acme", "app@acme.test")],
        to: vec![mailbox("", "ada@x.test")],
        subject: Some("Hello".to_owned()),
        text: Some("One\nTwo".to_owned()),
        ..Draft::default()
    };
    let expected = "From: Acme <app@acme.test>\r\nTo: ada@x.test\r\nSubject: Hello\r\n\
                    Date: Sun, 30 Nov 2025 11:52:01 +0000\r\nMessage-ID: <u1@acme.test>\r\n\
                    MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
                    Content-Transfer-Encoding: 7bit\r\n\r\nOne\r\nTwo\r\n";
    assert_eq!(text_of(&compose(&draft, &stamp())), expected);
}

#[test]
fn every_part_lies_where_it_belongs() {
    let picture = Attachment {
        content_id: Some("logo@x".to_owned()),
        ..file("l.png", "image/png", &[0, 255])
    };
    let mail = b"Subject: within\r\n\r\nx\r\n";
    let draft = Draft {
        text: Some("text".to_owned()),
        html: Some("<img src=\"cid:logo@x\">".to_owned()),
        attachments: vec![
            file("März 世界.pdf", "application/pdf", b"%PDF"),
            picture,
            file("a.eml", "message/rfc822", mail),
            file(&"long ".repeat(30), "text/calendar; method=REQUEST", b"BEGIN"),
        ],
        ..Draft::default()
    };
    let raw = compose(&draft, &stamp());
    let message = parse(&raw);
    let types: Vec<_> =
        message.parts().iter().map(|part| (part.path(), part.content_type())).collect();
    let expected = [
        ("", "multipart/mixed"),
        ("1", "multipart/alternative"),
        ("1.1", "text/plain"),
        ("1.2", "multipart/related"),
        ("1.2.1", "text/html"),
        ("1.2.2", "image/png"),
        ("2", "application/pdf"),
        ("3", "message/rfc822"),
        ("4", "text/calendar"),
    ];
    assert_eq!(types, expected);
    let part = |path: &str| message.parts().iter().find(|part| part.path() == path).unwrap();
    assert_eq!(part("2").name(), Some("März 世界.pdf"));
    assert_eq!(part("4").name().map(str::trim_end), Some("long ".repeat(30).trim_end()));
    assert_eq!(*part("1.2.2").decoded(&raw), [0, 255]);
    assert_eq!(part("1.2.2").content_id(), Some("logo@x"));
    assert!(message.warnings().is_empty(), "{:?}", message.warnings());
}

#[test]
fn nothing_breaks_out_of_its_place() {
    let draft = Draft {
        from: vec![mailbox("A\r\nBcc: x", "a@x.test\r\nBcc: y")],
        subject: Some("S\r\nBcc: z\r\n\r\nbody".to_owned()),
        headers: vec![Field::new("X-One", "1\nBcc: w").unwrap()],
        attachments: vec![file("n\"\r\nX: 1", "text/plain", b"")],
        ..Draft::default()
    };
    let raw = compose(&draft, &stamp());
    let message = parse(&raw);
    assert!(message.bcc().is_empty());
    assert_eq!(message.subject().unwrap(), "S  Bcc: z    body");
    assert_eq!(message.parts()[1].name(), Some("n\"\r\nX: 1"));
    for name in ["", "A B", "A:", "Ä", "Content-Type", "mime-version"] {
        assert_eq!(Field::new(name, "x"), None, "{name}");
    }
    for text in ["", "text", "text/", "multipart/mixed", "a/b\r\nX: 1", "a/b\"c", "tëxt/plain"] {
        assert_eq!(MediaType::new(text), None, "{text}");
    }
}

#[test]
fn a_header_that_is_given_takes_the_place_of_the_made_one() {
    let draft = Draft {
        subject: Some("made".to_owned()),
        headers: vec![
            Field::new("subject", "given").unwrap(),
            Field::new("Date", "Mon, 1 Jan 2001 00:00:00 +0000").unwrap(),
            Field::new("Message-Id", "<own@x>").unwrap(),
            Field::new("X-Note", "Grüße").unwrap(),
        ],
        ..Draft::default()
    };
    let raw = compose(&draft, &stamp());
    let message = parse(&raw);
    assert_eq!(message.subject().as_deref(), Some("given"));
    assert_eq!(message.message_id().as_deref(), Some("own@x"));
    let header = text_of(&raw);
    assert_eq!(header.matches("Date:").count(), 1);
    assert!(header.contains("X-Note: =?utf-8?B?R3LDvMOfZQ==?=\r\n"), "{header}");
}

#[test]
fn a_mail_that_cannot_lie_within_as_it_is_becomes_a_file() {
    for content in [&b"A: b\n\nbare"[..], b"A: b\r\n\r\n\0", &[b'x'; 999]] {
        let draft = Draft {
            attachments: vec![file("a.eml", "message/rfc822", content)],
            ..Draft::default()
        };
        let raw = compose(&draft, &stamp());
        let message = parse(&raw);
        assert_eq!(message.parts()[1].content_type(), "application/octet-stream");
        assert_eq!(&*message.parts()[1].decoded(&raw), content);
    }
}

fn any_name() -> impl Strategy<Value = String> {
    // Control characters become blanks, and blanks around a name are not kept.
    "[^\\p{C}\\p{Z}]([^\\p{C}]{0,80}[^\\p{C}\\p{Z}])?"
}

proptest! {
    #[test]
    fn whatever_is_given_reads_back(
        subject in any_name(),
        name in any_name(),
        text in "([^\\p{Cc}]|\n|\t){0,400}",
        html in "([a-zé<>&\"= ]|\n){0,1200}",
        content in proptest::collection::vec(any::<u8>(), 0..300),
        file_name in any_name(),
    ) {
        // A name in quotes is read without them: many programs quote it once too often.
        prop_assume!(name.len() < 2 || !name.starts_with('"') || !name.ends_with('"'));
        let draft = Draft {
            from: vec![mailbox(&name, "app@acme.test")],
            to: vec![mailbox("", "a@x.test"), mailbox(&name, "b@x.test")],
            subject: Some(subject.clone()),
            text: Some(text.clone()),
            html: Some(html.clone()),
            attachments: vec![file(&file_name, "application/x-y", &content)],
            ..Draft::default()
        };
        let raw = compose(&draft, &stamp());
        prop_assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 999));
        prop_assert!(!raw.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r'));
        let message = parse(&raw);
        prop_assert_eq!(message.subject(), Some(subject));
        let to = message.to();
        prop_assert_eq!(to.len(), 2);
        prop_assert_eq!(to[1].name.as_deref(), Some(name.as_str()));
        prop_assert_eq!(&to[1].address, "b@x.test");
        let written = |text: &str| {
            let text = text.strip_suffix('\n').unwrap_or(text);
            text.replace('\n', "\r\n")
        };
        let part = |kind: &str| {
            let part = message.parts().iter().find(|part| part.content_type() == kind).unwrap();
            part.decoded(&raw).into_owned()
        };
        let plain = String::from_utf8(part("text/plain")).unwrap();
        prop_assert_eq!(plain, written(&text));
        let shown = String::from_utf8(part("text/html")).unwrap();
        prop_assert_eq!(shown, written(&html));
        prop_assert_eq!(part("application/x-y"), content);
        let attachment = message.attachments().next().unwrap();
        prop_assert_eq!(attachment.name(), Some(file_name.as_str()));
    }
}
