//! What a mail is, as a pure function of its bytes. Never fails: damage becomes warnings.
//!
//! Knows neither sockets nor the store nor JSON. [`parse`] finds headers and parts as ranges of
//! the raw mail; bodies are decoded when somebody asks for them.

mod address;
mod charset;
pub mod compose;
mod date;
pub mod envelope;
pub mod extract;
mod fields;
mod flowed;
mod headers;
mod html;
pub mod id;
mod identification;
mod inspect;
pub mod limits;
mod locate;
mod parameters;
mod parse;
mod part;
mod shift;
mod shown;
pub mod text;
mod transfer;
mod utf7;
mod warning;
mod words;

use std::sync::OnceLock;

use jiff::Timestamp;

pub use crate::message::address::Mailbox;
pub use crate::message::headers::Header;
pub use crate::message::headers::Headers;
use crate::message::limits::Limits;
pub use crate::message::locate::PartBytes;
pub use crate::message::part::Part;
use crate::message::shown::Kind;
pub use crate::message::transfer::Transfer;
pub use crate::message::warning::Warning;

/// Reads a mail. Never fails, takes time linear in its size, and is bounded by [`Limits`].
pub fn parse(raw: &[u8]) -> Message<'_> {
    parse_within(raw, &Limits::DEFAULT)
}

/// Reads a mail within other bounds on its structure.
pub fn parse_within<'a>(raw: &'a [u8], limits: &Limits) -> Message<'a> {
    let structure = parse::walk(raw, limits);
    Message {
        raw,
        headers: structure.headers,
        parts: structure.parts,
        structural: structure.warnings,
        warnings: OnceLock::new(),
    }
}

/// Reads the header of a mail and nothing else.
pub fn parse_headers(raw: &[u8]) -> Headers<'_> {
    let mut headers = Headers::read(raw, &Limits::DEFAULT);
    if !raw[..headers.block.header_end].is_ascii() {
        headers.fallback = headers.charset_beside();
    }
    headers
}

/// A mail that was read. It borrows the raw bytes.
#[derive(Debug)]
pub struct Message<'a> {
    raw: &'a [u8],
    headers: Headers<'a>,
    parts: Vec<Part>,
    structural: Vec<Warning>,
    warnings: OnceLock<Vec<Warning>>,
}

impl<'a> Message<'a> {
    /// The bytes it was read from.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The header of the mail itself.
    pub fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// The subject, decoded.
    pub fn subject(&self) -> Option<String> {
        self.headers.subject()
    }

    /// Who wrote it.
    pub fn from(&self) -> Vec<Mailbox> {
        self.headers.mailboxes("From")
    }

    /// Whom it is for.
    pub fn to(&self) -> Vec<Mailbox> {
        self.headers.mailboxes("To")
    }

    /// Who gets a copy.
    pub fn cc(&self) -> Vec<Mailbox> {
        self.headers.mailboxes("Cc")
    }

    /// Who gets a copy unseen; senders should have removed it.
    pub fn bcc(&self) -> Vec<Mailbox> {
        self.headers.mailboxes("Bcc")
    }

    /// Where answers go.
    pub fn reply_to(&self) -> Vec<Mailbox> {
        self.headers.mailboxes("Reply-To")
    }

    /// Who sent it on behalf of the author.
    pub fn sender(&self) -> Vec<Mailbox> {
        self.headers.mailboxes("Sender")
    }

    /// When it was written, by its own account.
    pub fn date(&self) -> Option<Timestamp> {
        self.headers.date()
    }

    /// The Message-ID without brackets.
    pub fn message_id(&self) -> Option<String> {
        self.headers.message_id()
    }

    /// The ids of the mails it answers, without brackets.
    pub fn in_reply_to(&self) -> Vec<String> {
        self.headers.ids("In-Reply-To")
    }

    /// The ids of its thread, without brackets.
    pub fn references(&self) -> Vec<String> {
        self.headers.ids("References")
    }

    /// The targets of List-Unsubscribe (RFC 2369).
    pub fn list_unsubscribe(&self) -> Vec<String> {
        self.headers.list_unsubscribe()
    }

    /// All parts, each before its children; the first is the root.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts a multipart consists of.
    pub fn children<'m>(&'m self, part: &Part) -> impl Iterator<Item = &'m Part> {
        let at = |index: Option<u32>| index.and_then(|index| self.parts.get(index as usize));
        std::iter::successors(at(part.first_child), move |child| at(child.next_sibling))
    }

    /// The multipart a part stands in.
    pub fn parent<'m>(&'m self, part: &Part) -> Option<&'m Part> {
        self.parts.get(part.parent? as usize)
    }

    /// What a program without HTML shows: the plain text, else text made from the HTML. Cut at
    /// [`Limits::text_bytes_max`].
    pub fn text(&self) -> Option<String> {
        shown::text(self)
    }

    /// The inline text/plain parts joined; None when there is none. Cut at
    /// [`Limits::text_bytes_max`].
    pub fn plain(&self) -> Option<String> {
        shown::plain(self)
    }

    /// The inline text/html parts joined; None when there is none. Cut at
    /// [`Limits::html_bytes_max`].
    pub fn html(&self) -> Option<String> {
        shown::html(self)
    }

    /// Whether the plain text or the HTML is longer than [`Limits::text_bytes_max`].
    pub fn is_long(&self) -> bool {
        let bytes_max = Limits::DEFAULT.text_bytes_max;
        [Kind::Plain, Kind::Html].into_iter().any(|kind| shown::exceeds(self, kind, bytes_max))
    }

    /// The first characters of the text, runs of white space as one blank. The work is bounded:
    /// a large body is not decoded for it.
    pub fn preview(&self, chars_max: usize) -> String {
        shown::preview(self, chars_max)
    }

    /// Every leaf that is not the shown text or HTML; a nested mail is one leaf.
    pub fn attachments(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| shown::is_attachment(part))
    }

    /// How many attachments are not inline.
    pub fn attachment_count(&self) -> usize {
        self.attachments().filter(|part| !part.is_inline()).count()
    }

    /// The part of that number, in the way of IMAP, also inside nested mails: `1`, `1.2`,
    /// `2.1`, `2.HEADER`, `2.TEXT`, `2.MIME`.
    pub fn part(&self, path: &str) -> Option<PartBytes> {
        locate::part(self, path)
    }

    /// The part that `cid:` or a location refers to.
    pub fn by_content_id(&self, id: &str) -> Option<&Part> {
        locate::by_content_id(self, id)
    }

    /// What is odd about it. The first call decodes every body to look for damage.
    pub fn warnings(&self) -> &[Warning] {
        self.warnings.get_or_init(|| inspect::warnings(self, &self.structural))
    }
}
