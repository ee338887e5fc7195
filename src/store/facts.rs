//! What a query can ask about a held mail: each answer read from its bytes when it is first asked for.

use std::cell::OnceCell;

use jiff::Timestamp;

use crate::message;
use crate::message::Headers;
use crate::message::Mailbox;
use crate::message::Message;
use crate::message::extract;
use crate::message::extract::LinkKind;
use crate::message::text;
use crate::query::address::Address;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::facts::Text;
use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::store::entry::Held;

/// The facts of a held mail. Everything is known.
pub struct MailFacts<'a> {
    held: &'a Held,
    headers: OnceCell<Headers<'a>>,
    message: OnceCell<Message<'a>>,
    texts: [OnceCell<Vec<Text>>; TEXT_FIELDS.len()],
    header_texts: OnceCell<Vec<(String, Text)>>,
    addresses: [OnceCell<Vec<Address>>; AddressField::ALL.len()],
}

impl<'a> MailFacts<'a> {
    /// Of a mail, nothing of which is read yet.
    pub fn new(held: &'a Held) -> Self {
        Self {
            held,
            headers: OnceCell::new(),
            message: OnceCell::new(),
            texts: [const { OnceCell::new() }; TEXT_FIELDS.len()],
            header_texts: OnceCell::new(),
            addresses: [const { OnceCell::new() }; AddressField::ALL.len()],
        }
    }

    fn headers(&self) -> &Headers<'a> {
        self.headers.get_or_init(|| message::parse_headers(&self.held.entry.raw))
    }

    fn message(&self) -> &Message<'a> {
        self.message.get_or_init(|| message::parse(&self.held.entry.raw))
    }

    fn header_texts(&self) -> &[(String, Text)] {
        self.header_texts.get_or_init(|| {
            let field = |header: message::Header<'_>| {
                (header.name().to_ascii_lowercase(), Text::new(header.value()))
            };
            self.headers().iter().map(field).collect()
        })
    }

    fn read_texts(&self, field: &TextField) -> Vec<Text> {
        let entry = &self.held.entry;
        let one = |text: &str| vec![Text::new(text.to_owned())];
        let maybe = |text: Option<String>| text.map(Text::new).into_iter().collect();
        match field {
            TextField::Subject => maybe(self.headers().subject()),
            TextField::Text => maybe(self.message().plain()),
            TextField::Html => {
                maybe(self.message().html().map(|html| text::from_html(&html, usize::MAX)))
            }
            TextField::MessageId => maybe(self.headers().message_id()),
            TextField::Attachment => {
                let names = self.message().attachments().filter_map(message::Part::name);
                names.map(|name| Text::new(name.to_owned())).collect()
            }
            TextField::Link => {
                let links = extract::links(self.message());
                links.into_iter().map(|link| Text::new(link.url)).collect()
            }
            TextField::Code => {
                let codes = extract::codes(self.message());
                codes.into_iter().map(|code| Text::new(code.value)).collect()
            }
            TextField::Tag => {
                self.held.marks.tags().iter().map(|tag| Text::new(tag.to_string())).collect()
            }
            TextField::Inbox => {
                entry.inboxes.iter().map(|name| Text::new(name.to_string())).collect()
            }
            TextField::Auth => {
                maybe(entry.session.auth.as_ref().map(|auth| auth.username.to_string()))
            }
            TextField::Helo => one(&entry.session.helo),
            TextField::Peer => one(&entry.session.peer.ip().to_string()),
            TextField::Id => one(&entry.id.to_string()),
            // The first has its own list, and the second is made of others, which are asked instead.
            TextField::Header(_) | TextField::Body => Vec::new(),
        }
    }

    fn read_addresses(&self, field: AddressField) -> Vec<Address> {
        let envelope = &self.held.entry.envelope;
        let plain = |address: &str| Address::new(None, address.to_owned());
        let named = |mailbox: Mailbox| Address::new(mailbox.name.map(Text::new), mailbox.address);
        let header = |name| self.headers().mailboxes(name).into_iter().map(named).collect();
        match field {
            AddressField::From => header("From"),
            AddressField::To => header("To"),
            AddressField::Cc => header("Cc"),
            AddressField::Bcc => header("Bcc"),
            AddressField::ReplyTo => header("Reply-To"),
            AddressField::Sender => header("Sender"),
            AddressField::MailFrom => vec![plain(envelope.mail_from())],
            AddressField::Rcpt => envelope.recipients().map(|path| plain(path.address)).collect(),
            AddressField::Any => Vec::new(),
        }
    }

    fn has(&self, flag: Flag) -> bool {
        let marks = &self.held.marks;
        let asked = |field: &TextField| !self.known_texts(field).is_empty();
        match flag {
            Flag::Read => marks.read,
            Flag::Unread => !marks.read,
            Flag::Tagged => !marks.tags().is_empty(),
            Flag::Attachment => self.message().attachment_count() > 0,
            Flag::Inline => self.message().attachments().any(message::Part::is_inline),
            Flag::Html => asked(&TextField::Html),
            Flag::Text => asked(&TextField::Text),
            Flag::Link => {
                extract::links(self.message()).iter().any(|link| link.kind != LinkKind::Image)
            }
            Flag::Code => asked(&TextField::Code),
            Flag::Warning => !self.message().warnings().is_empty(),
        }
    }

    fn known_texts(&self, field: &TextField) -> Vec<&Text> {
        if let TextField::Header(name) = field {
            let named = self.header_texts().iter().filter(|(given, _)| **given == **name);
            return named.map(|(_, text)| text).collect();
        }
        let index = TEXT_FIELDS.iter().position(|known| known == field);
        let cell = index.and_then(|index| self.texts.get(index));
        cell.map(|cell| cell.get_or_init(|| self.read_texts(field)).iter().collect())
            .unwrap_or_default()
    }
}

impl Facts for MailFacts<'_> {
    fn texts(&self, field: &TextField) -> Known<Vec<&Text>> {
        Known::Known(self.known_texts(field))
    }

    fn addresses(&self, field: AddressField) -> Known<&[Address]> {
        let index = AddressField::ALL.iter().position(|known| *known == field);
        let cell = index.and_then(|index| self.addresses.get(index));
        Known::Known(cell.map_or(&[][..], |cell| cell.get_or_init(|| self.read_addresses(field))))
    }

    fn number(&self, field: NumberField) -> Known<u64> {
        let number = match field {
            NumberField::Size => self.held.entry.raw.len(),
            NumberField::Attachments => self.message().attachment_count(),
        };
        Known::Known(number as u64)
    }

    fn flag(&self, flag: Flag) -> Known<bool> {
        Known::Known(self.has(flag))
    }

    fn received_at(&self) -> Known<Timestamp> {
        Known::Known(self.held.entry.received_at)
    }
}

/// The fields that are read once; headers have a list of their own.
const TEXT_FIELDS: [TextField; 13] = [
    TextField::Subject,
    TextField::Text,
    TextField::Html,
    TextField::MessageId,
    TextField::Attachment,
    TextField::Link,
    TextField::Code,
    TextField::Tag,
    TextField::Inbox,
    TextField::Auth,
    TextField::Helo,
    TextField::Peer,
    TextField::Id,
];
