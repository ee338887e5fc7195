//! What goes over the wire, and how it is made of what is held. The names here are the contract.

pub mod envelope;
pub mod event;
pub mod expect;
pub mod inbox;
pub mod info;
pub mod message;
pub mod referred;
pub mod session;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::message as mail;
use crate::message::Mailbox;
use crate::store::entry::Entry;
use crate::store::entry::Held;
use crate::store::entry::Marks;

/// A mail as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Summary {
    /// Its name, a ULID, in arrival order.
    pub id: String,
    /// The number of its arrival.
    pub seq: u64,
    /// Where it is filed.
    pub inboxes: Vec<String>,
    /// When its end was read.
    #[schema(format = DateTime)]
    pub received_at: String,
    /// The From header.
    pub from: Vec<Address>,
    /// The To header.
    pub to: Vec<Address>,
    /// The Cc header.
    pub cc: Vec<Address>,
    /// The recipients of the envelope.
    pub recipients: Vec<String>,
    /// The subject, decoded; null when there is none.
    pub subject: Option<String>,
    /// The beginning of its text.
    pub preview: String,
    /// Its raw bytes.
    pub size: usize,
    /// Attachments that are not inline.
    pub attachment_count: usize,
    /// What is odd about it.
    pub warning_count: usize,
    /// Whether somebody has read it.
    pub read: bool,
    /// What people called it.
    pub tags: Vec<String>,
}

impl Summary {
    /// Of a mail that nobody has marked yet.
    pub fn of(entry: &Entry) -> Self {
        Self::of_message(entry, &mail::parse(&entry.raw))
    }

    /// The same, of a mail that was read already.
    pub fn of_message(entry: &Entry, message: &mail::Message<'_>) -> Self {
        Self {
            id: entry.id.to_string(),
            seq: entry.seq,
            inboxes: entry.inboxes.iter().map(ToString::to_string).collect(),
            received_at: time(entry.received_at),
            from: addresses(message.from()),
            to: addresses(message.to()),
            cc: addresses(message.cc()),
            recipients: entry.envelope.recipients().map(|path| path.address.to_owned()).collect(),
            subject: message.subject(),
            preview: message.preview(PREVIEW_CHARS_MAX),
            size: entry.raw.len(),
            attachment_count: message.attachment_count(),
            warning_count: message.warnings().len(),
            read: false,
            tags: Vec::new(),
        }
    }

    /// With the marks it has now.
    #[must_use]
    pub fn marked(mut self, marks: &Marks) -> Self {
        self.read = marks.read;
        self.tags = marks.tags().iter().map(ToString::to_string).collect();
        self
    }

    /// About what it takes in memory, in bytes.
    pub fn size_bytes(&self) -> usize {
        let text = |text: &String| text.len() + size_of::<String>();
        let address = |address: &Address| {
            size_of::<Address>() + address.address.len() + address.name.as_ref().map_or(0, text)
        };
        let addresses = [&self.from, &self.to, &self.cc].into_iter().flatten();
        let texts = self.inboxes.iter().chain(&self.recipients).chain(&self.subject);
        size_of::<Self>()
            + texts.map(text).sum::<usize>()
            + addresses.map(address).sum::<usize>()
            + self.preview.len()
    }
}

impl From<&Held> for Summary {
    fn from(held: &Held) -> Self {
        Self::of(&held.entry).marked(&held.marks)
    }
}

/// An address with the name beside it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Address {
    /// The display name; null when there is none.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

impl From<Mailbox> for Address {
    fn from(mailbox: Mailbox) -> Self {
        Self { name: mailbox.name, address: mailbox.address }
    }
}

/// Mailboxes as they go over the wire.
pub fn addresses(mailboxes: Vec<Mailbox>) -> Vec<Address> {
    mailboxes.into_iter().map(Into::into).collect()
}

/// A page of mails.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MessageList)]
pub struct List {
    /// The mails, in the order asked for.
    pub messages: Vec<Summary>,
    /// How many mails match, paging left aside. Either this or `matched_at_least` is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matched: Option<usize>,
    /// How many match at the least, where counting them all would be slow.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matched_at_least: Option<usize>,
    /// How many mails there are.
    pub total: usize,
    /// How many of them nobody has read.
    pub unread: usize,
    /// The moment all this was true at.
    pub cursor: String,
    /// The path of the next page; null on the last.
    pub next: Option<String>,
}

/// How many mails a change changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    /// Those that are not as they were.
    pub changed: usize,
}

/// How many mails were removed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    /// How many.
    pub deleted: usize,
}

/// The present moment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Position)]
pub struct Now {
    /// What waits start from.
    pub cursor: String,
}

/// A field of a header.
#[derive(Debug, Serialize, ToSchema)]
pub struct Header {
    /// As it was written.
    pub name: String,
    /// Unfolded and decoded.
    pub value: String,
}

impl From<mail::Header<'_>> for Header {
    fn from(header: mail::Header<'_>) -> Self {
        Self { name: header.name().into_owned(), value: header.value() }
    }
}

/// RFC 3339 in UTC with microseconds, so that times sort as texts.
pub fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// How much of a mail's text lists show.
const PREVIEW_CHARS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_microseconds() {
        let shown = |nanoseconds| time(Timestamp::from_nanosecond(nanoseconds).unwrap());
        assert_eq!(shown(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(shown(1_700_000_000_123_456_789), "2023-11-14T22:13:20.123456Z");
    }
}
