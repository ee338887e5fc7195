//! What was understood of a mail, as text that people can check against the mail.

use std::fmt::Write as _;

use restante::message::Mailbox;
use restante::message::Message;
use restante::message::Part;
use restante::message::extract;
use restante::message::extract::Link;
use restante::message::parse;

/// Everything a reader is told about a mail; lines for what there is, none for what there is not.
pub(crate) fn summary(raw: &[u8]) -> String {
    let message = parse(raw);
    let mut out = String::new();
    line(&mut out, "subject", message.subject());
    for (name, mailboxes) in [
        ("from", message.from()),
        ("sender", message.sender()),
        ("reply-to", message.reply_to()),
        ("to", message.to()),
        ("cc", message.cc()),
        ("bcc", message.bcc()),
    ] {
        for mailbox in mailboxes {
            line(&mut out, name, Some(shown(&mailbox)));
        }
    }
    line(&mut out, "date", message.date().map(|date| date.to_string()));
    line(&mut out, "message-id", message.message_id());
    for (name, values) in [
        ("in-reply-to", message.in_reply_to()),
        ("references", message.references()),
        ("list-unsubscribe", message.list_unsubscribe()),
    ] {
        for value in values {
            line(&mut out, name, Some(value));
        }
    }
    for part in message.parts() {
        line(&mut out, "part", Some(described(&message, part)));
    }
    line(&mut out, "text", message.text());
    if message.plain() != message.text() {
        line(&mut out, "plain", message.plain());
    }
    line(&mut out, "html", message.html());
    line(&mut out, "preview", Some(message.preview(60)));
    for link in extract::links(&message) {
        let Link { url, text, part, kind } = link;
        line(&mut out, kind.name(), Some(format!("{url} {text:?} in {part:?}")));
    }
    for code in extract::codes(&message) {
        line(&mut out, "code", Some(format!("{} in {:?}", code.value, code.part)));
    }
    for warning in message.warnings() {
        let part = warning.part.as_deref().map(|part| format!(" in {part:?}")).unwrap_or_default();
        line(&mut out, "warning", Some(format!("{}{part}", warning.code)));
    }
    out
}

fn line(out: &mut String, name: &str, value: Option<String>) {
    if let Some(value) = value {
        writeln!(out, "{name}: {}", value.escape_debug()).expect(TEXT_GROWS);
    }
}

fn shown(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.address),
        None => format!("<{}>", mailbox.address),
    }
}

fn described(message: &Message<'_>, part: &Part) -> String {
    let mut out = format!("{:?} {}", part.path(), part.content_type());
    if part.is_multipart() {
        return out;
    }
    write!(out, " {} bytes", part.size_bytes(message.raw())).expect(TEXT_GROWS);
    for (name, value) in [
        ("charset", part.charset()),
        ("encoding", Some(part.encoding()).filter(|encoding| *encoding != "7bit")),
        ("disposition", part.disposition()),
        ("name", part.name()),
        ("id", part.content_id()),
        ("location", part.content_location()),
    ] {
        if let Some(value) = value {
            write!(out, " {name}={value:?}").expect(TEXT_GROWS);
        }
    }
    if message.attachments().any(|attachment| attachment.path() == part.path()) {
        out.push_str(if part.is_inline() { " inline attachment" } else { " attachment" });
    }
    out
}

const TEXT_GROWS: &str = "writing into a text cannot fail";
