//! What a query learns about a held mail: read from its bytes when first asked for, once.
//!
//! Headers alone are read as long as nobody asks about the body. What many are to ask is read once
//! for all of them, see [`SharedFacts`].

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::OnceLock;

use jiff::Timestamp;

use crate::message;
use crate::message::Headers;
use crate::message::Mailbox;
use crate::message::Message;
use crate::message::Part;
use crate::message::extract;
use crate::message::extract::LinkKind;
use crate::message::text::from_html;
use crate::query::address::Address;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::facts::TEXT_BYTES_MAX;
use crate::query::facts::Text;
use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::term::Needle;
use crate::store::caseless::Caseless;
use crate::store::entry::Held;
use crate::store::index::verbatim;

/// A held mail that answers queries. Make one for each look at a mail: it keeps what it read.
#[derive(Debug)]
pub struct HeldFacts<'a> {
    held: &'a Held,
    headers: OnceCell<Headers<'a>>,
    message: OnceCell<Message<'a>>,
    links: OnceCell<Vec<extract::Link>>,
    codes: OnceCell<Vec<extract::Code>>,
    /// HTML as it was written, decoded.
    html_sources: OnceCell<Vec<String>>,
    /// The same, skimmed.
    html_skimmed: OnceCell<Vec<String>>,
    /// What is skimmed has the words that are read, see `verbatim`.
    skimming_tells: bool,
    own: Answers,
    shared: Option<&'a Answers>,
}

/// What was answered so far.
#[derive(Debug, Default)]
struct Answers {
    texts: [OnceLock<Vec<Text>>; TextField::KINDS],
    header_texts: OnceLock<Vec<(String, Text)>>,
    addresses: [OnceLock<Vec<Address>>; AddressField::KINDS],
    flags: [OnceLock<bool>; Flag::KINDS],
    attachment_count: OnceLock<usize>,
}

/// A mail with the facts that somebody asked for, for all who ask the same. What it was read into
/// for one of them, who may do so on any thread, is there for the others.
#[derive(Debug)]
pub struct SharedFacts {
    held: Held,
    /// Made when somebody asks.
    answers: OnceLock<Box<Answers>>,
}

impl SharedFacts {
    /// Of a mail, none of them read yet.
    pub const fn new(held: Held) -> Self {
        Self { held, answers: OnceLock::new() }
    }

    /// The mail.
    pub const fn held(&self) -> &Held {
        &self.held
    }

    /// The facts, for one who asks.
    pub fn facts(&self) -> HeldFacts<'_> {
        let shared = Some(&**self.answers.get_or_init(Box::default));
        HeldFacts { shared, ..HeldFacts::new(&self.held) }
    }
}

impl<'a> HeldFacts<'a> {
    /// The facts of a mail, none of them read yet.
    pub fn new(held: &'a Held) -> Self {
        Self {
            held,
            headers: OnceCell::new(),
            message: OnceCell::new(),
            links: OnceCell::new(),
            codes: OnceCell::new(),
            html_sources: OnceCell::new(),
            html_skimmed: OnceCell::new(),
            skimming_tells: false,
            own: Answers::default(),
            shared: None,
        }
    }

    /// The facts of a mail whose HTML may be skimmed for words before it is read.
    pub(super) fn skimming(self) -> Self {
        Self { skimming_tells: true, ..self }
    }

    fn answers(&self) -> &Answers {
        self.shared.unwrap_or(&self.own)
    }

    /// The mail, parsed.
    pub fn message(&self) -> &Message<'a> {
        self.message.get_or_init(|| message::parse(&self.held.entry.raw))
    }

    fn headers(&self) -> &Headers<'a> {
        match self.message.get() {
            Some(message) => message.headers(),
            None => self.headers.get_or_init(|| message::parse_headers(&self.held.entry.raw)),
        }
    }

    /// The headers of the mail itself, in order.
    pub(super) fn header_texts(&self) -> &[(String, Text)] {
        self.answers().header_texts.get_or_init(|| {
            let headers = self.headers().iter();
            headers.map(|h| (h.name().into_owned(), Text::new(h.value()))).collect()
        })
    }

    fn read_texts(&self, field: &TextField) -> Vec<Text> {
        let entry = &self.held.entry;
        let texts: Vec<String> = match field {
            TextField::Subject => self.headers().subject().into_iter().collect(),
            TextField::MessageId => self.headers().message_id().into_iter().collect(),
            TextField::Text => self.shown("text/plain"),
            TextField::Html => {
                self.html_sources().iter().map(|html| from_html(html, usize::MAX)).collect()
            }
            TextField::Attachment => {
                self.message().attachments().filter_map(Part::name).map(str::to_owned).collect()
            }
            TextField::Link => self.links().iter().map(|link| link.url.clone()).collect(),
            TextField::Code => self.codes().iter().map(|code| code.value.clone()).collect(),
            TextField::Tag => owned(self.held.marks.tags()),
            TextField::Inbox => owned(&entry.inboxes),
            TextField::Auth => {
                entry.session.auth.iter().map(|auth| auth.username.to_string()).collect()
            }
            TextField::Helo => vec![entry.session.helo.to_string()],
            // Either may be meant as the whole.
            TextField::Peer => {
                let peer = &entry.session.peer;
                peer.ip().map(|ip| ip.to_string()).into_iter().chain([peer.to_string()]).collect()
            }
            TextField::Id => vec![entry.id.to_string()],
            TextField::Body | TextField::Header(_) => Vec::new(),
        };
        texts.into_iter().map(Text::new).collect()
    }

    fn read_addresses(&self, field: AddressField) -> Vec<Address> {
        let name = match field {
            AddressField::MailFrom => return vec![sent(self.held.entry.envelope.mail_from())],
            AddressField::Rcpt => {
                let recipients = self.held.entry.envelope.recipients();
                return recipients.map(|path| sent(path.address)).collect();
            }
            AddressField::From => "From",
            AddressField::To => "To",
            AddressField::Cc => "Cc",
            AddressField::Bcc => "Bcc",
            AddressField::ReplyTo => "Reply-To",
            AddressField::Sender => "Sender",
            AddressField::Any => return Vec::new(),
        };
        let named = |mailbox: Mailbox| Address::new(mailbox.name.map(Text::new), mailbox.address);
        self.headers().mailboxes(name).into_iter().map(named).collect()
    }

    /// The shown parts of HTML, decoded.
    fn html_sources(&self) -> &[String] {
        self.html_sources.get_or_init(|| self.shown("text/html"))
    }

    /// The same without tags, as far as these are told by their brackets alone.
    pub(super) fn html_skimmed(&self) -> &[String] {
        let skim = || self.html_sources().iter().map(|html| skim(html)).collect();
        self.html_skimmed.get_or_init(skim)
    }

    /// The texts of the parts of this type that are shown.
    fn shown(&self, content_type: &str) -> Vec<String> {
        let raw = self.message().raw();
        let parts = self.shown_parts(content_type);
        parts.map(|part| part.text_beginning(raw, TEXT_BYTES_MAX).0).collect()
    }

    fn shown_parts(&self, content_type: &str) -> impl Iterator<Item = &Part> {
        let beside: HashSet<&str> = self.message().attachments().map(Part::path).collect();
        let parts = self.message().parts().iter();
        parts.filter(move |p| p.content_type() == content_type && !beside.contains(p.path()))
    }

    fn links(&self) -> &[extract::Link] {
        self.links.get_or_init(|| extract::links(self.message()))
    }

    fn codes(&self) -> &[extract::Code] {
        self.codes.get_or_init(|| extract::codes(self.message()))
    }

    fn read_flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::Read => self.held.marks.read,
            Flag::Unread => !self.held.marks.read,
            Flag::Tagged => !self.held.marks.tags().is_empty(),
            Flag::Attachment => self.attachment_count() > 0,
            Flag::Inline => self.message().attachments().any(Part::is_inline),
            Flag::Html => self.shown_parts("text/html").next().is_some(),
            Flag::Text => self.shown_parts("text/plain").next().is_some(),
            Flag::Link => self.links().iter().any(|link| link.kind != LinkKind::Image),
            Flag::Code => !self.codes().is_empty(),
            Flag::Warning => !self.message().warnings().is_empty(),
        }
    }

    fn attachment_count(&self) -> usize {
        *self.answers().attachment_count.get_or_init(|| self.message().attachment_count())
    }
}

impl Facts for HeldFacts<'_> {
    fn texts(&self, field: &TextField) -> Known<Vec<&Text>> {
        if let TextField::Header(name) = field {
            let named = self.header_texts().iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
            return Known::Known(named.map(|(_, text)| text).collect());
        }
        let texts = &self.answers().texts[field.kind()];
        Known::Known(texts.get_or_init(|| self.read_texts(field)).iter().collect())
    }

    fn may_contain(&self, field: &TextField, needle: &Needle) -> bool {
        if !self.skimming_tells || *field != TextField::Html {
            return true;
        }
        let folded = String::from_utf8_lossy(needle.folded());
        let longest = verbatim::runs(&folded).max_by_key(|run| run.len());
        let Some(run) = longest.and_then(Caseless::new) else { return true };
        self.html_skimmed().iter().any(|html| run.is_in(html.as_bytes()) != Some(false))
    }

    fn addresses(&self, field: AddressField) -> Known<&[Address]> {
        let addresses = &self.answers().addresses[field as usize];
        Known::Known(addresses.get_or_init(|| self.read_addresses(field)))
    }

    fn number(&self, field: NumberField) -> Known<u64> {
        let number = match field {
            NumberField::Size => self.held.entry.raw.len(),
            NumberField::Attachments => self.attachment_count(),
        };
        Known::Known(number as u64)
    }

    fn flag(&self, flag: Flag) -> Known<bool> {
        let answer = &self.answers().flags[flag as usize];
        Known::Known(*answer.get_or_init(|| self.read_flag(flag)))
    }

    fn received_at(&self) -> Known<Timestamp> {
        Known::Known(self.held.entry.received_at)
    }
}

/// Leaves out what stands in angle brackets. That is not how HTML is read: whether it will do is
/// found out by comparing.
fn skim(html: &str) -> String {
    let mut skimmed = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = memchr::memchr(b'<', rest.as_bytes()) {
        let (text, tag) = rest.split_at(open);
        skimmed.push_str(text);
        let close = memchr::memchr(b'>', tag.as_bytes());
        rest = close.map_or("", |close| &tag[close + 1..]);
    }
    skimmed.push_str(rest);
    skimmed
}

/// An address of the envelope, which has no name beside it.
fn sent(address: &str) -> Address {
    Address::new(None, address.to_owned())
}

fn owned(names: &[Box<str>]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
