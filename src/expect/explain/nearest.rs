//! The mails that come nearest to what was expected, and what they had instead.

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::expect::explain::distance;
use crate::expect::explain::mention::Mention;
use crate::expect::explain::mention::addresses;
use crate::expect::explain::mention::texts;
use crate::expect::explain::words::shorten;
use crate::query::Query;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::field::TextField;
use crate::query::fold;
use crate::query::term::AddressTest;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;

/// A mail that was not meant, but nearly.
#[derive(Clone, Debug)]
pub struct Near {
    /// The mail.
    pub mention: Mention,
    /// What each term of the query says of it, in the order written.
    pub answers: Vec<Answer>,
}

/// What a term says of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The term, as a query has it.
    pub term: String,
    /// Whether the mail is as the term asks.
    pub holds: bool,
    /// What the mail has there, shortened.
    pub had: Vec<String>,
    /// How many letters that is off, when it is that near.
    pub letters_off: Option<usize>,
}

/// The nearest of some mails, the nearest first, of equals the first given.
pub(super) fn nearest(query: &Query, held: &[Held], now: Timestamp) -> Vec<Near> {
    let mut near: Vec<Near> = held.iter().map(|held| Near::of(query, held, now)).collect();
    near.sort_by_key(|near| Reverse(near.score()));
    near.truncate(NEAR_MAX);
    near
}

impl Near {
    fn of(query: &Query, held: &Held, now: Timestamp) -> Self {
        let facts = HeldFacts::new(held);
        let terms = query.terms().into_iter().take(TERMS_MAX);
        let answers = terms.map(|(term, negated)| Answer::of(term, negated, &facts, now)).collect();
        Self { mention: Mention::read(held, &facts), answers }
    }

    /// Whether it lacks nothing but this term.
    pub(super) fn lacks_only(&self, index: usize) -> bool {
        let mut others = self.answers.iter().enumerate().filter(|(other, _)| *other != index);
        others.all(|(_, answer)| answer.holds)
    }

    /// Terms that hold count most, then how few letters the others are off.
    fn score(&self) -> (usize, Reverse<usize>) {
        let holding = self.answers.iter().filter(|answer| answer.holds).count();
        let off = |answer: &Answer| answer.letters_off.unwrap_or(OFF_BY_FAR);
        let missing = self.answers.iter().filter(|answer| !answer.holds);
        (holding, Reverse(missing.map(off).sum()))
    }

    /// `01J… to bob@x.test, subject "Welcom" (1 letter off)`.
    pub(super) fn sentence(&self) -> String {
        let off = |front: &[&str]| {
            let about = |answer: &&Answer| {
                front.iter().any(|front| answer.term.starts_with(front)) && !answer.holds
            };
            self.answers.iter().find(about).map(Answer::off).unwrap_or_default()
        };
        self.mention.sentence(&off(&["to", "rcpt"]), &off(&["subject"]))
    }
}

impl Answer {
    fn of(term: &Term, negated: bool, facts: &HeldFacts<'_>, now: Timestamp) -> Self {
        let holds = (term.verdict(facts, now) == Known::Known(true)) != negated;
        let had = had(term, facts);
        let letters_off = if holds || negated { None } else { letters_off(term, &had) };
        let sign = if negated { "-" } else { "" };
        let had = had.iter().take(HAD_MAX).map(|had| shorten(had, SHOWN_MAX)).collect();
        Self { term: format!("{sign}{term}"), holds, had, letters_off }
    }

    /// ` (1 letter off)`, or nothing.
    pub(super) fn off(&self) -> String {
        match self.letters_off {
            None => String::new(),
            Some(1) => " (1 letter off)".to_owned(),
            Some(letters) => format!(" ({letters} letters off)"),
        }
    }
}

/// What a mail has where a term looks.
fn had(term: &Term, facts: &HeldFacts<'_>) -> Vec<String> {
    match term {
        Term::Anywhere(_) => texts(&TextField::Subject, facts),
        Term::Text(TextField::Body, _) => {
            [texts(&TextField::Text, facts), texts(&TextField::Html, facts)].concat()
        }
        Term::Text(field, _) => texts(field, facts),
        Term::Address(field, _) => {
            field.parts().iter().flat_map(|field| addresses(*field, facts)).collect()
        }
        Term::Number(field, ..) => numbers(facts.number(*field)),
        Term::Time(_) => numbers(facts.received_at()),
        Term::Flag(flag) => numbers(facts.flag(*flag)),
    }
}

/// How far the nearest of what the mail has is off, when that may be a slip.
fn letters_off(term: &Term, had: &[String]) -> Option<usize> {
    let (wanted, is_whole) = match term {
        Term::Anywhere(needle)
        | Term::Text(_, TextTest::Contains(needle))
        | Term::Address(_, AddressTest::Contains(needle)) => (needle.text(), false),
        Term::Address(_, AddressTest::Mailbox(needle, _)) => (needle.text(), true),
        Term::Text(_, TextTest::Equals(whole)) | Term::Address(_, AddressTest::Equals(whole)) => {
            (whole.text(), true)
        }
        _ => return None,
    };
    let wanted = fold::fold(wanted);
    let distance = if is_whole { distance::between } else { distance::inside };
    let texts = had.iter().take(HAD_MAX).map(|text| fold::fold(&shorten(text, COMPARED_MAX)));
    let letters = texts.map(|text| distance(&wanted, &text)).min()?;
    (letters > 0 && distance::is_slip(letters, &wanted)).then_some(letters)
}

fn numbers(number: Known<impl ToString>) -> Vec<String> {
    number.known().iter().map(ToString::to_string).collect()
}

/// Mails shown.
const NEAR_MAX: usize = 3;
/// Terms of a query that are answered one by one.
const TERMS_MAX: usize = 20;
/// Values of a field shown, and characters of each.
const HAD_MAX: usize = 5;
const SHOWN_MAX: usize = 80;
/// Characters of a value that are compared with what is wanted.
const COMPARED_MAX: usize = 400;
/// Counts for a term that nothing is near to.
const OFF_BY_FAR: usize = 10;
