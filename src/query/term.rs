//! One term of a query: a field and what is asked of it.

use jiff::Timestamp;
use memchr::memmem::Finder;

use crate::query::address;
use crate::query::address::Domain;
use crate::query::address::Mailbox;
use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::Needs;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::fold;
use crate::query::pattern::Pattern;

/// What is asked of one field, or of a mail as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A word or quoted words, wherever people would look for them.
    Anywhere(Needle),
    /// A test of a field of texts.
    Text(TextField, TextTest),
    /// A test of a field of addresses.
    Address(AddressField, AddressTest),
    /// A comparison of a number.
    Number(NumberField, Comparison, u64),
    /// When the mail came.
    Time(TimeTest),
    /// What the mail is or has.
    Flag(Flag),
}

/// What can be asked of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// Contains, ignoring case.
    Contains(Needle),
    /// Is this and nothing else, case kept.
    Equals(Whole),
    /// A regular expression finds something in it.
    Matches(Pattern),
}

/// What can be asked of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressTest {
    /// Is this mailbox, ignoring case.
    Mailbox(Needle, Mailbox),
    /// Is at this domain.
    Domain(Needle, Domain),
    /// Contains this in its name or address, ignoring case.
    Contains(Needle),
    /// Is spelled like this, case kept.
    Equals(Whole),
    /// A regular expression finds something in the address, or else in the name.
    Matches(Pattern),
}

/// When a mail came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeTest {
    /// At this time or later.
    After(Timestamp),
    /// Before this time.
    Before(Timestamp),
    /// Less than so many milliseconds ago, or exactly that.
    Newer(u64),
    /// More than so many milliseconds ago.
    Older(u64),
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
}

/// A text to be found inside others.
#[derive(Clone, Debug)]
pub struct Needle {
    text: String,
    finder: Box<Finder<'static>>,
}

/// A text to be compared with others as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    text: String,
    compared: String,
}

impl Term {
    /// What has to be known to answer.
    pub const fn needs(&self) -> Needs {
        match self {
            Self::Anywhere(_) => Needs::Body,
            Self::Text(field, _) => field.needs(),
            Self::Address(field, _) => field.needs(),
            Self::Number(field, ..) => field.needs(),
            Self::Time(_) => Needs::Marks,
            Self::Flag(flag) => flag.needs(),
        }
    }

    /// Whether it holds a regular expression.
    pub(super) const fn has_pattern(&self) -> bool {
        matches!(
            self,
            Self::Text(_, TextTest::Matches(_)) | Self::Address(_, AddressTest::Matches(_))
        )
    }

    /// Whether the answer depends on the clock.
    pub const fn asks_time(&self) -> bool {
        matches!(self, Self::Time(TimeTest::Newer(_) | TimeTest::Older(_)))
    }

    /// Whether the answer may change while the mail is held.
    pub const fn asks_marks(&self) -> bool {
        match self {
            Self::Text(TextField::Tag, _) => true,
            Self::Flag(flag) => matches!(flag.needs(), Needs::Marks),
            _ => false,
        }
    }
}

impl AddressTest {
    /// What an operand behind a colon asks: an address is that address, `@` and a domain that
    /// domain, all else a part of a name or an address.
    pub(super) fn about(text: String) -> Self {
        let bare = address::without_brackets(&text);
        if let Some(mailbox) = Mailbox::of_address(bare.trim()) {
            return Self::Mailbox(Needle::new(text), mailbox);
        }
        let domain = bare.trim().strip_prefix('@').unwrap_or_default();
        if domain.is_empty() || domain.contains(char::is_whitespace) || domain.contains('@') {
            return Self::Contains(Needle::compared_as(&fold::fold(bare), text));
        }
        let domain = Domain::new(domain);
        Self::Domain(Needle::new(text), domain)
    }
}

impl Needle {
    /// A text to be found without regard to case and to the length of blanks.
    pub(super) fn new(text: String) -> Self {
        Self::compared_as(&fold::fold(&text), text)
    }

    /// A text that is found by another spelling of it.
    pub(super) fn compared_as(folded: &str, text: String) -> Self {
        Self { finder: Box::new(Finder::new(folded).into_owned()), text }
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as searches see it.
    pub fn folded(&self) -> &[u8] {
        self.finder.needle()
    }

    /// Whether it is inside a folded text.
    pub fn is_in(&self, folded: &str) -> bool {
        self.finder.find(folded.as_bytes()).is_some()
    }
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.folded() == other.folded()
    }
}

impl Eq for Needle {}

impl Whole {
    /// A text that is compared in another spelling of it.
    pub(super) const fn compared_as(compared: String, text: String) -> Self {
        Self { text, compared }
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it is compared.
    pub fn compared(&self) -> &str {
        &self.compared
    }
}
