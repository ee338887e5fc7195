//! What the API says, as far as commands show it. Members they do not know do not matter.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A page of mails.
#[derive(Debug, Deserialize)]
pub(crate) struct List {
    /// As they stand in the answer.
    pub(crate) messages: Vec<Box<RawValue>>,
    /// How many match; none where counting would be slow.
    pub(crate) matched: Option<u64>,
    /// Where the next page is.
    pub(crate) next: Option<String>,
}

/// The answer to a wait that came true.
#[derive(Debug, Deserialize)]
pub(crate) struct Expected {
    /// As they stand in the answer, newest first.
    pub(crate) messages: Vec<Box<RawValue>>,
    /// What satisfied the query in each.
    pub(crate) matches: Vec<Match>,
}

/// What in a mail satisfied a query.
#[derive(Debug, Deserialize)]
pub(crate) struct Match {
    /// What a `link` term found.
    pub(crate) link: Option<String>,
    /// What a `code` term found.
    pub(crate) code: Option<String>,
}

/// A mail as lists show it.
#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) id: String,
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) inboxes: Vec<String>,
    pub(crate) received_at: String,
    pub(crate) from: Vec<Address>,
    pub(crate) to: Vec<Address>,
    #[serde(default)]
    pub(crate) cc: Vec<Address>,
    pub(crate) recipients: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) size: u64,
    pub(crate) read: bool,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

/// A mail whole.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    #[serde(flatten)]
    pub(crate) summary: Summary,
    pub(crate) envelope: Envelope,
    #[serde(default)]
    pub(crate) bcc: Vec<Address>,
    #[serde(default)]
    pub(crate) reply_to: Vec<Address>,
    pub(crate) date: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    #[serde(default)]
    pub(crate) truncated: bool,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) links: Vec<Link>,
    pub(crate) main_link: Option<String>,
    pub(crate) codes: Vec<Code>,
    pub(crate) warnings: Vec<Warning>,
}

/// An address of a header.
#[derive(Debug, Deserialize)]
pub(crate) struct Address {
    pub(crate) name: Option<String>,
    pub(crate) address: String,
}

/// Who sent a mail, and how it came.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) peer: String,
}

/// A file of a mail.
#[derive(Debug, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) path: String,
    pub(crate) name: Option<String>,
    pub(crate) content_type: String,
    pub(crate) size: u64,
}

/// A link of a mail.
#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) text: String,
    pub(crate) kind: String,
}

/// A one-time code.
#[derive(Debug, Deserialize)]
pub(crate) struct Code {
    pub(crate) value: String,
    pub(crate) context: String,
}

/// What is odd about a mail.
#[derive(Debug, Deserialize)]
pub(crate) struct Warning {
    pub(crate) code: String,
    pub(crate) detail: String,
}

/// The body of `/v1/cursor`.
#[derive(Debug, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) cursor: String,
}

/// How many were deleted.
#[derive(Debug, Deserialize)]
pub(crate) struct Deleted {
    pub(crate) deleted: u64,
}
