//! Whether a mail matches a query: asked one by one, the cheap first, until the answer is settled.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::query::address;
use crate::query::address::Address;
use crate::query::expression::Expression;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::facts::Text;
use crate::query::field::AddressField;
use crate::query::field::TextField;
use crate::query::fold;
use crate::query::term::AddressTest;
use crate::query::term::Comparison;
use crate::query::term::Needle;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::query::term::TimeTest;

impl Expression {
    /// Whether the mail matches, as far as the facts are known.
    pub(super) fn verdict(&self, facts: &(impl Facts + ?Sized), now: Timestamp) -> Known<bool> {
        match self {
            Self::All(group) => {
                Known::all(group.cheap_first().map(|member| member.verdict(facts, now)))
            }
            Self::Any(group) => {
                Known::any(group.cheap_first().map(|member| member.verdict(facts, now)))
            }
            Self::Not(inside) => inside.verdict(facts, now).map(|holds| !holds),
            Self::Term(term) => term.verdict(facts, now),
        }
    }
}

impl Term {
    /// Whether the mail matches this term, as far as the facts are known.
    pub fn verdict(&self, facts: &(impl Facts + ?Sized), now: Timestamp) -> Known<bool> {
        match self {
            Self::Anywhere(needle) => is_anywhere(needle, facts),
            Self::Text(field, test) => test.verdict(field, facts),
            Self::Address(field, test) => test.verdict(*field, facts),
            Self::Number(field, comparison, wanted) => {
                facts.number(*field).map(|number| comparison.holds(number, *wanted))
            }
            Self::Time(test) => facts.received_at().map(|at| test.holds(at, now)),
            Self::Flag(flag) => facts.flag(*flag),
        }
    }
}

impl TextTest {
    fn verdict(&self, field: &TextField, facts: &(impl Facts + ?Sized)) -> Known<bool> {
        let verdicts = field.parts().into_iter().map(|part| {
            if matches!(self, Self::Contains(needle) if !facts.may_contain(part, needle)) {
                return Known::Known(false);
            }
            facts.texts(part).map(|texts| {
                (self.asks_for_nothing() && texts.is_empty())
                    || texts.iter().any(|text| self.holds(part, text))
            })
        });
        // A field made of several is empty when each of them is.
        if self.asks_for_nothing() { Known::all(verdicts) } else { Known::any(verdicts) }
    }

    /// Whether it holds for one text of a field.
    pub(super) fn holds(&self, field: &TextField, text: &Text) -> bool {
        match self {
            Self::Contains(needle) if *field == TextField::Inbox => {
                fold::spelled(text.decoded()).contains(&fold::spelled(needle.text()))
            }
            Self::Contains(needle) => needle.is_in(text.folded()),
            Self::Equals(whole) => fold::exact(text.decoded()) == whole.compared(),
            Self::Matches(pattern) => pattern.is_match(text.decoded()),
        }
    }

    /// Whether it holds where there is no text, as `subject=""` does.
    pub fn asks_for_nothing(&self) -> bool {
        matches!(self, Self::Equals(whole) if whole.compared().is_empty())
    }
}

impl AddressTest {
    fn verdict(&self, field: AddressField, facts: &(impl Facts + ?Sized)) -> Known<bool> {
        let verdicts = field.parts().iter().map(|part| {
            facts.addresses(*part).map(|addresses| {
                (self.asks_for_nothing() && addresses.is_empty())
                    || addresses.iter().any(|address| self.holds(address))
            })
        });
        if self.asks_for_nothing() { Known::all(verdicts) } else { Known::any(verdicts) }
    }

    /// Whether it holds for an address.
    pub(super) fn holds(&self, address: &Address) -> bool {
        match self {
            Self::Mailbox(_, wanted) => address.mailbox() == Some(wanted),
            Self::Domain(_, domain) => address.mailbox().is_some_and(|m| m.is_at(domain)),
            Self::Contains(needle) => is_inside(needle, address),
            Self::Equals(whole) => address::exact(address.address()) == whole.compared(),
            Self::Matches(pattern) => {
                let in_name = |name: &Text| pattern.is_match(name.decoded());
                pattern.is_match(address.address()) || address.name.as_ref().is_some_and(in_name)
            }
        }
    }

    /// Whether it holds where there is no address, as `bcc=""` does.
    pub fn asks_for_nothing(&self) -> bool {
        matches!(self, Self::Equals(whole) if whole.compared().is_empty())
    }
}

impl TextField {
    /// The fields that this one stands for.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Body => vec![&Self::Text, &Self::Html],
            other => vec![other],
        }
    }
}

impl AddressField {
    /// The fields that this one stands for, the envelope first: it needs no parsing.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Any => &Self::ALL,
            other => std::slice::from_ref(other),
        }
    }
}

impl Comparison {
    /// Whether it holds between a mail's number and that of the query.
    pub const fn holds(self, number: u64, wanted: u64) -> bool {
        match self {
            Self::Greater => number > wanted,
            Self::AtLeast => number >= wanted,
            Self::Less => number < wanted,
            Self::AtMost => number <= wanted,
            Self::Equal => number == wanted,
        }
    }
}

impl TimeTest {
    /// Whether it holds for a mail received at this time.
    pub fn holds(self, received_at: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::After(at) => received_at >= at,
            Self::Before(at) => received_at < at,
            Self::Newer(age_ms) => received_at >= ago(age_ms, now),
            Self::Older(age_ms) => received_at < ago(age_ms, now),
        }
    }
}

/// A time before the calendar begins is its beginning.
fn ago(age_ms: u64, now: Timestamp) -> Timestamp {
    let age = SignedDuration::from_millis(i64::try_from(age_ms).unwrap_or(i64::MAX));
    now.checked_sub(age).unwrap_or(Timestamp::MIN)
}

/// Where people look for words: addresses and names, subject, names of files, the text.
fn is_anywhere(needle: &Needle, facts: &(impl Facts + ?Sized)) -> Known<bool> {
    let in_addresses = AddressField::ALL.iter().map(|field| {
        let addresses = facts.addresses(*field);
        addresses.map(|addresses| addresses.iter().any(|address| is_inside(needle, address)))
    });
    let fields = [TextField::Subject, TextField::Attachment, TextField::Text, TextField::Html];
    let fields = fields.iter().filter(|field| facts.may_contain(field, needle));
    let in_texts = fields.map(|field| {
        facts.texts(field).map(|texts| texts.iter().any(|text| needle.is_in(text.folded())))
    });
    Known::any(in_addresses.chain(in_texts))
}

fn is_inside(needle: &Needle, address: &Address) -> bool {
    let in_name = || address.name.as_ref().is_some_and(|name| needle.is_in(name.folded()));
    needle.is_in(address.folded()) || in_name()
}
