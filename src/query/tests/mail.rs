//! A mail made of facts alone, for tests.

use jiff::Timestamp;

use crate::query::address::Address;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::facts::Text;
use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;

/// What a test says about a mail; all else it does not have. At a stage of a session, the fields
/// that were not said yet are not known.
#[derive(Clone, Debug, Default)]
pub(super) struct Mail {
    texts: Vec<(TextField, Text)>,
    addresses: Vec<(AddressField, Vec<Address>)>,
    numbers: Vec<(NumberField, u64)>,
    flags: Vec<Flag>,
    received_at: Timestamp,
    unknown_texts: bool,
    unknown_addresses: Vec<AddressField>,
}

impl Mail {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A session after MAIL FROM: no recipient, no header is known.
    pub(super) fn at_mail_from(address: &str) -> Self {
        let unknown =
            AddressField::ALL.into_iter().filter(|field| *field != AddressField::MailFrom);
        Self {
            unknown_texts: true,
            unknown_addresses: unknown.collect(),
            ..Self::new().address(AddressField::MailFrom, None, address)
        }
    }

    pub(super) fn text(mut self, field: TextField, text: &str) -> Self {
        self.texts.push((field, Text::new(text.to_owned())));
        self
    }

    pub(super) fn header(self, name: &str, value: &str) -> Self {
        self.text(TextField::Header(name.to_lowercase().into()), value)
    }

    pub(super) fn subject(self, subject: &str) -> Self {
        self.text(TextField::Subject, subject)
    }

    pub(super) fn address(mut self, field: AddressField, name: Option<&str>, text: &str) -> Self {
        let address = Address::new(name.map(|name| Text::new(name.to_owned())), text.to_owned());
        match self.addresses.iter_mut().find(|(known, _)| *known == field) {
            Some((_, addresses)) => addresses.push(address),
            None => self.addresses.push((field, vec![address])),
        }
        self
    }

    pub(super) fn to(self, address: &str) -> Self {
        self.address(AddressField::To, None, address)
    }

    pub(super) fn number(mut self, field: NumberField, number: u64) -> Self {
        self.numbers.push((field, number));
        self
    }

    pub(super) fn flag(mut self, flag: Flag) -> Self {
        self.flags.push(flag);
        self
    }

    pub(super) fn received_at(mut self, at: &str) -> Self {
        self.received_at = at.parse().expect("a test's time is RFC 3339");
        self
    }
}

impl Facts for Mail {
    fn texts(&self, field: &TextField) -> Known<Vec<&Text>> {
        assert_ne!(*field, TextField::Body, "never asked: its parts are");
        if self.unknown_texts {
            return Known::NotYet;
        }
        let texts = self.texts.iter().filter(|(known, _)| known == field);
        Known::Known(texts.map(|(_, text)| text).collect())
    }

    fn addresses(&self, field: AddressField) -> Known<&[Address]> {
        assert_ne!(field, AddressField::Any, "never asked: its parts are");
        if self.unknown_addresses.contains(&field) {
            return Known::NotYet;
        }
        let known = self.addresses.iter().find(|(known, _)| *known == field);
        Known::Known(known.map(|(_, addresses)| addresses.as_slice()).unwrap_or_default())
    }

    fn number(&self, field: NumberField) -> Known<u64> {
        let known = self.numbers.iter().find(|(known, _)| *known == field);
        Known::Known(known.map_or(0, |(_, number)| *number))
    }

    fn flag(&self, flag: Flag) -> Known<bool> {
        Known::Known(self.flags.contains(&flag))
    }

    fn received_at(&self) -> Known<Timestamp> {
        Known::Known(self.received_at)
    }
}
