//! A mail made of what a person or a test wants in it (RFC 5322, 2045, 2047, 2231).
//!
//! The other direction of `parse`: what is composed here reads back as what was given. Never fails;
//! what could break out of its place (line ends in a subject, say) becomes blanks.

mod body;
mod field;
mod structure;

use jiff::Timestamp;

use crate::message::Mailbox;
use crate::message::address;

/// What a mail is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The From header.
    pub from: Vec<Mailbox>,
    /// The To header.
    pub to: Vec<Mailbox>,
    /// The Cc header.
    pub cc: Vec<Mailbox>,
    /// The Reply-To header.
    pub reply_to: Vec<Mailbox>,
    /// The subject; None leaves the header out.
    pub subject: Option<String>,
    /// Further headers. One of a name that is given here otherwise takes its place.
    pub headers: Vec<Field>,
    /// The plain text.
    pub text: Option<String>,
    /// The HTML; beside a text it is an alternative of it.
    pub html: Option<String>,
    /// The files.
    pub attachments: Vec<Attachment>,
}

/// A header field that can stand in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    name: String,
    value: String,
}

/// A file of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, for people.
    pub name: Option<String>,
    /// Its media type.
    pub content_type: MediaType,
    /// What HTML refers to it by (`cid:`), without brackets; such a file is shown within the HTML.
    pub content_id: Option<String>,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// A media type that a single part can have: no multipart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType(String);

/// When and as what a mail is sent: what a function of its arguments cannot know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The Date header.
    pub date: Timestamp,
    /// Letters and digits that no other mail has: for the Message-ID and boundaries.
    pub unique: String,
}

/// The mail, whole, with CRLF at the end of each line.
pub fn compose(draft: &Draft, stamp: &Stamp) -> Vec<u8> {
    let mut mail = field::header(draft, stamp);
    structure::write(draft, &stamp.unique, &mut mail);
    mail
}

/// Who is named in a text such as `Ada <ada@x.test>, bob@x.test`.
pub fn mailboxes(text: &str) -> Vec<Mailbox> {
    let mut found = Vec::new();
    address::read(text.as_bytes(), None, &mut found);
    found
}

impl Field {
    /// None when the name is none (RFC 5322 §3.6.8), or is about how a body is written, which the
    /// composer decides.
    pub fn new(name: &str, value: &str) -> Option<Self> {
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b':');
        let lower = name.to_ascii_lowercase();
        let is_ours = lower == "mime-version" || lower.starts_with("content-");
        let (name, value) = (name.to_owned(), value.to_owned());
        (is_name && !is_ours).then_some(Self { name, value })
    }
}

impl MediaType {
    /// What a file without a type of its own is.
    pub fn bytes() -> Self {
        Self("application/octet-stream".to_owned())
    }

    /// None when it is none, `type/subtype` with or without parameters in ASCII (RFC 2045 §5.1),
    /// or a multipart.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let essence = text.split(';').next().unwrap_or_default().trim_end();
        let (kind, subtype) = essence.split_once('/')?;
        let token = |text: &str| {
            let may = |b: u8| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b);
            !text.is_empty() && text.bytes().all(may)
        };
        let in_line = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        let is_one = token(kind) && token(subtype) && in_line;
        let is_multipart = kind.eq_ignore_ascii_case("multipart");
        (is_one && !is_multipart && text.len() <= MEDIA_TYPE_BYTES_MAX)
            .then(|| Self(text.to_owned()))
    }

    /// Whether it is a mail.
    fn is_mail(&self) -> bool {
        self.0.eq_ignore_ascii_case("message/rfc822")
    }
}

/// Far above any type there is, far below what fits into a line.
const MEDIA_TYPE_BYTES_MAX: usize = 500;

#[cfg(test)]
mod tests;
