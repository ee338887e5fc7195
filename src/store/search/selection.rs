//! Which mails are meant: those in an inbox that match a query.

use jiff::Timestamp;

use crate::query::Query;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;
use crate::store::facts::SharedFacts;

/// The mails that somebody means.
#[derive(Clone, Debug)]
pub struct Selection {
    /// What they match. None when nothing was asked.
    pub query: Option<Query>,
    /// The inbox they are in. None for all.
    pub inbox: Option<String>,
    /// The moment that `newer:` and `older:` count from.
    pub now: Timestamp,
}

impl Selection {
    /// Whether anything was selected at all.
    pub const fn is_everything(&self) -> bool {
        self.query.is_none() && self.inbox.is_none()
    }

    /// Whether a mail is meant. Reads as much of it as the query needs.
    pub fn covers(&self, held: &Held) -> bool {
        self.covers_inbox(held) && self.matches(&HeldFacts::new(held))
    }

    /// The same of a mail that others ask about, too.
    pub fn covers_shared(&self, mail: &SharedFacts) -> bool {
        self.covers_inbox(mail.held()) && self.matches(&mail.facts())
    }

    /// Whether a mail is in the inbox that is meant.
    pub fn covers_inbox(&self, held: &Held) -> bool {
        let is_in = |inbox: &String| held.entry.inboxes.iter().any(|name| **name == **inbox);
        self.inbox.as_ref().is_none_or(is_in)
    }

    pub(super) fn matches(&self, facts: &HeldFacts<'_>) -> bool {
        self.query.as_ref().is_none_or(|query| query.matches(facts, self.now))
    }
}
