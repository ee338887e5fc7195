//! The fields a query can name: their names, their kinds, and how much of a mail each needs.

use std::fmt;

/// A field of texts: contains, equals, matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    /// The subject.
    Subject,
    /// The plain text parts.
    Text,
    /// The text of the HTML parts.
    Html,
    /// Both of them.
    Body,
    /// Each occurrence of a header of the mail itself, by its name in small letters.
    Header(Box<str>),
    /// The message id without brackets.
    MessageId,
    /// The names of attachments and inline files.
    Attachment,
    /// The URLs in the mail.
    Link,
    /// The one-time codes in the mail.
    Code,
    /// The tags people gave it.
    Tag,
    /// The inboxes it is in.
    Inbox,
    /// The user name of SMTP AUTH.
    Auth,
    /// The argument of HELO or EHLO.
    Helo,
    /// The client's address.
    Peer,
    /// The id restante gave it.
    Id,
}

/// A field of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressField {
    /// The From header.
    From,
    /// The To header.
    To,
    /// The Cc header.
    Cc,
    /// The Bcc header.
    Bcc,
    /// The Reply-To header.
    ReplyTo,
    /// The Sender header.
    Sender,
    /// Any of the headers or of the envelope.
    Any,
    /// The sender of the envelope.
    MailFrom,
    /// The recipients of the envelope.
    Rcpt,
}

/// A field of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// The bytes of the raw mail.
    Size,
    /// The attachments that are not inline.
    Attachments,
}

/// What a mail can be or have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Somebody has read it.
    Read,
    /// Nobody has read it.
    Unread,
    /// It has a tag.
    Tagged,
    /// It has an attachment that is not inline.
    Attachment,
    /// It has an inline file.
    Inline,
    /// It has an HTML part that is shown.
    Html,
    /// It has a plain text part that is shown.
    Text,
    /// It has a link that is not an image.
    Link,
    /// It has a one-time code.
    Code,
    /// Something about it is damaged or doubtful.
    Warning,
}

/// How much of a mail has to be known to answer; the cheap is looked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    /// The entry and its marks: id, times, size, inboxes, read, tags.
    Marks,
    /// The envelope and the session.
    Envelope,
    /// The headers of the mail itself.
    Headers,
    /// The whole mail, its parts decoded.
    Body,
}

/// A field as its name in a query says: what may follow depends on the kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Contains, equals, matches.
    Text(TextField),
    /// The same for addresses, which are compared as such.
    Address(AddressField),
    /// A comparison with a number.
    Number(NumberField),
    /// `larger:` and `smaller:`, other tools' words for comparisons of the size.
    SizeBound(Bound),
    /// `after:` and `before:`.
    Date(Bound),
    /// `newer:` and `older:`.
    Age(Bound),
    /// `is:`.
    Is,
    /// `has:`.
    Has,
}

/// Which side of a value is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Larger, at or after, younger than.
    Above,
    /// Smaller, before, older than.
    Below,
}

impl Field {
    /// The field of a name, in any case.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if let Some(header) = name.strip_prefix(HEADER_PREFIX) {
            return is_header_name(header).then(|| Self::Text(TextField::Header(header.into())));
        }
        let known = FIELDS.iter().find(|(known, _)| *known == name);
        known.map(|(_, field)| field.clone()).or_else(|| Self::of_foreign_name(&name))
    }

    /// The spellings of other tools.
    fn of_foreign_name(name: &str) -> Option<Self> {
        match name {
            "addressed" => Some(Self::Address(AddressField::Any)),
            "larger" => Some(Self::SizeBound(Bound::Above)),
            "smaller" => Some(Self::SizeBound(Bound::Below)),
            _ => None,
        }
    }

    /// The names of all fields.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(name, _)| *name).chain(["header.NAME"])
    }
}

impl TextField {
    /// How many kinds of fields of texts there are.
    pub const KINDS: usize = 15;

    /// The number of this kind of field, below [`TextField::KINDS`]: all headers have the same.
    pub const fn kind(&self) -> usize {
        match self {
            Self::Subject => 0,
            Self::Text => 1,
            Self::Html => 2,
            Self::Body => 3,
            Self::Header(_) => 4,
            Self::MessageId => 5,
            Self::Attachment => 6,
            Self::Link => 7,
            Self::Code => 8,
            Self::Tag => 9,
            Self::Inbox => 10,
            Self::Auth => 11,
            Self::Helo => 12,
            Self::Peer => 13,
            Self::Id => 14,
        }
    }

    /// What has to be known to read this field.
    pub const fn needs(&self) -> Needs {
        match self {
            Self::Tag | Self::Inbox | Self::Id => Needs::Marks,
            Self::Auth | Self::Helo | Self::Peer => Needs::Envelope,
            Self::Subject | Self::Header(_) | Self::MessageId => Needs::Headers,
            Self::Text | Self::Html | Self::Body | Self::Attachment | Self::Link | Self::Code => {
                Needs::Body
            }
        }
    }
}

impl AddressField {
    /// How many fields of addresses there are; `field as usize` is below it.
    pub const KINDS: usize = 9;

    /// Every field that `any:` covers, the envelope first: it needs no parsing.
    pub const ALL: [Self; 8] = [
        Self::MailFrom,
        Self::Rcpt,
        Self::From,
        Self::To,
        Self::Cc,
        Self::Bcc,
        Self::ReplyTo,
        Self::Sender,
    ];

    /// What has to be known to read this field.
    pub const fn needs(self) -> Needs {
        match self {
            Self::MailFrom | Self::Rcpt => Needs::Envelope,
            _ => Needs::Headers,
        }
    }
}

impl Flag {
    /// How many there are; `flag as usize` is below it.
    pub const KINDS: usize = 10;
}

impl NumberField {
    /// What has to be known to read this field.
    pub const fn needs(self) -> Needs {
        match self {
            Self::Size => Needs::Marks,
            Self::Attachments => Needs::Body,
        }
    }
}

impl Flag {
    /// The values of `is:`.
    pub const IS: [(&'static str, Self); 3] =
        [("read", Self::Read), ("unread", Self::Unread), ("tagged", Self::Tagged)];

    /// The values of `has:`.
    pub const HAS: [(&'static str, Self); 7] = [
        ("attachment", Self::Attachment),
        ("inline", Self::Inline),
        ("html", Self::Html),
        ("text", Self::Text),
        ("link", Self::Link),
        ("code", Self::Code),
        ("warning", Self::Warning),
    ];

    /// What has to be known to tell.
    pub const fn needs(self) -> Needs {
        match self {
            Self::Read | Self::Unread | Self::Tagged => Needs::Marks,
            _ => Needs::Body,
        }
    }
}

impl fmt::Display for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "{HEADER_PREFIX}{name}"),
            other => f.write_str(name_of(&Field::Text(other.clone()))),
        }
    }
}

impl fmt::Display for AddressField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name_of(&Field::Address(*self)))
    }
}

impl fmt::Display for NumberField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name_of(&Field::Number(*self)))
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |values: &[(&'static str, Self)]| {
            values.iter().find(|(_, flag)| flag == self).map(|(name, _)| *name)
        };
        match of(&Self::IS) {
            Some(name) => write!(f, "is:{name}"),
            None => write!(f, "has:{}", of(&Self::HAS).expect("each flag is of is: or has:")),
        }
    }
}

fn name_of(field: &Field) -> &'static str {
    let row = FIELDS.iter().find(|(_, listed)| listed == field);
    row.map(|(name, _)| *name).expect("FIELDS lists each field but header.NAME")
}

/// A header's name is printable ASCII without the colon (RFC 5322 §3.6.8), and here without what
/// could be an operator.
fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

const HEADER_PREFIX: &str = "header.";

const FIELDS: [(&str, Field); 31] = [
    ("from", Field::Address(AddressField::From)),
    ("to", Field::Address(AddressField::To)),
    ("cc", Field::Address(AddressField::Cc)),
    ("bcc", Field::Address(AddressField::Bcc)),
    ("reply-to", Field::Address(AddressField::ReplyTo)),
    ("sender", Field::Address(AddressField::Sender)),
    ("any", Field::Address(AddressField::Any)),
    ("mail-from", Field::Address(AddressField::MailFrom)),
    ("rcpt", Field::Address(AddressField::Rcpt)),
    ("subject", Field::Text(TextField::Subject)),
    ("text", Field::Text(TextField::Text)),
    ("html", Field::Text(TextField::Html)),
    ("body", Field::Text(TextField::Body)),
    ("message-id", Field::Text(TextField::MessageId)),
    ("attachment", Field::Text(TextField::Attachment)),
    ("link", Field::Text(TextField::Link)),
    ("code", Field::Text(TextField::Code)),
    ("tag", Field::Text(TextField::Tag)),
    ("inbox", Field::Text(TextField::Inbox)),
    ("auth", Field::Text(TextField::Auth)),
    ("helo", Field::Text(TextField::Helo)),
    ("peer", Field::Text(TextField::Peer)),
    ("id", Field::Text(TextField::Id)),
    ("size", Field::Number(NumberField::Size)),
    ("attachments", Field::Number(NumberField::Attachments)),
    ("after", Field::Date(Bound::Above)),
    ("before", Field::Date(Bound::Below)),
    ("newer", Field::Age(Bound::Above)),
    ("older", Field::Age(Bound::Below)),
    ("is", Field::Is),
    ("has", Field::Has),
];
