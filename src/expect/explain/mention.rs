//! A mail as it is spoken of: its id, whom it is to, its subject.

use std::fmt;

use crate::expect::explain::words::shorten;
use crate::query::facts::Facts;
use crate::query::field::AddressField;
use crate::query::field::TextField;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;

/// A mail as it is spoken of. Its `Display` is `01J… to bob@x.test, subject "Welcome"`.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The mail.
    pub held: Held,
    /// Whom it is to, by its header, or else by its envelope; of many the first.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: Option<String>,
}

impl Mention {
    /// Of a mail.
    pub(super) fn of(held: &Held) -> Self {
        Self::read(held, &HeldFacts::new(held))
    }

    /// The same, of one that is being read.
    pub(super) fn read(held: &Held, facts: &HeldFacts<'_>) -> Self {
        let mut to = addresses(AddressField::To, facts);
        if to.is_empty() {
            to = addresses(AddressField::Rcpt, facts);
        }
        let to = to.iter().take(TO_MAX).map(|to| shorten(to, CHARS_MAX)).collect();
        let subject = texts(&TextField::Subject, facts).into_iter().next();
        let subject = subject.map(|subject| shorten(&subject, CHARS_MAX));
        Self { held: held.clone(), to, subject }
    }

    /// With words behind whom it is to, and behind the subject.
    pub(super) fn sentence(&self, behind_to: &str, behind_subject: &str) -> String {
        let mut sentence = self.held.entry.id.to_string();
        if let Some(to) = self.to.first() {
            sentence.push_str(&format!(" to {to}{behind_to}"));
        }
        if let Some(subject) = &self.subject {
            sentence.push_str(&format!(", subject \"{subject}\"{behind_subject}"));
        }
        sentence
    }
}

impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence("", ""))
    }
}

pub(super) fn texts(field: &TextField, facts: &HeldFacts<'_>) -> Vec<String> {
    let texts = facts.texts(field).known().unwrap_or_default();
    texts.into_iter().map(|text| text.decoded().to_owned()).collect()
}

pub(super) fn addresses(field: AddressField, facts: &HeldFacts<'_>) -> Vec<String> {
    let addresses = facts.addresses(field).known().unwrap_or_default();
    addresses.iter().map(|address| address.address().to_owned()).collect()
}

/// Addresses shown, and characters of each and of a subject.
const TO_MAX: usize = 5;
const CHARS_MAX: usize = 80;
