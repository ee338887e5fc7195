//! A plan put to the index of one chunk: which of its mails match, may match, or do not.

use jiff::Timestamp;
use memchr::memmem::Finder;

use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::term::AddressTest;
use crate::query::term::Comparison;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;
use crate::store::index::Index;
use crate::store::index::bounds::Bounds;
use crate::store::index::headers::Headers;
use crate::store::rows::Rows;
use crate::store::search::plan::Evidence;
use crate::store::search::plan::Leaf;
use crate::store::search::plan::Plan;
use crate::store::search::raw;
use crate::store::shelf::chunk::Chunk;

/// A chunk with its index, as it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    pub(super) chunk: &'a Chunk,
    pub(super) index: Option<&'a Index>,
    pub(super) now: Timestamp,
}

impl Look<'_> {
    /// What is known of the answer for these rows; of others nothing is said.
    pub(super) fn bounds(&self, plan: &Plan, rows: Rows) -> Bounds {
        match plan {
            Plan::All(members) => {
                let mut bounds = Bounds::exactly(rows);
                for member in members {
                    if bounds.possible.is_empty() {
                        break;
                    }
                    // What does not match any more need not be asked the rest.
                    bounds = bounds.and(self.bounds(member, bounds.possible));
                }
                bounds
            }
            Plan::Any(members) => {
                let mut bounds = Bounds::exactly(Rows::NONE);
                for member in members {
                    let left = rows.without(bounds.certain);
                    bounds = bounds.or(self.bounds(member, left).within(left));
                }
                bounds
            }
            Plan::Not(inside) => (!self.bounds(inside, rows)).within(rows),
            Plan::Leaf(leaf) => self.leaf(leaf, rows).within(rows),
        }
    }

    fn leaf(&self, leaf: &Leaf, rows: Rows) -> Bounds {
        match &leaf.term {
            Term::Number(NumberField::Size, comparison, wanted) => {
                self.each(rows, |held| comparison.holds(held.entry.raw.len() as u64, *wanted))
            }
            Term::Time(test) => {
                self.each(rows, |held| test.holds(held.entry.received_at, self.now))
            }
            Term::Flag(Flag::Read) => self.each(rows, |held| held.marks.read),
            Term::Flag(Flag::Unread) => self.each(rows, |held| !held.marks.read),
            Term::Flag(Flag::Tagged) => self.each(rows, |held| !held.marks.tags().is_empty()),
            Term::Text(
                TextField::Tag
                | TextField::Inbox
                | TextField::Auth
                | TextField::Helo
                | TextField::Peer
                | TextField::Id,
                _,
            ) => self.each(rows, |held| {
                leaf.term.verdict(&HeldFacts::new(held), self.now).known() == Some(true)
            }),
            _ => {
                let Some(index) = self.index else { return Bounds::unknown(rows) };
                let known = rows & index.rows();
                self.indexed(index, leaf, known).within(known).or_perhaps(rows.without(known))
            }
        }
    }

    /// Asks each mail what needs no reading.
    fn each(&self, rows: Rows, holds: impl Fn(&Held) -> bool) -> Bounds {
        let mails = self.chunk.iter().filter(|(row, held)| rows.has(*row) && holds(held));
        Bounds::exactly(mails.map(|(row, _)| row).collect())
    }

    /// Asks the index about rows that it knows.
    fn indexed(&self, index: &Index, leaf: &Leaf, rows: Rows) -> Bounds {
        match &leaf.term {
            Term::Anywhere(_) => {
                let head = anywhere_in_headers(index.headers(), &leaf.evidence).within(rows);
                let left = rows.without(head.certain);
                let has_text = self.has(index, Flag::Text) | self.has(index, Flag::Html);
                let body = raw::body(self.chunk, index, leaf, left & has_text);
                head.or(body.within(left & has_text))
            }
            Term::Text(field, test) if Headers::keeps(field) => {
                header_text(index.headers(), field, test, &leaf.evidence)
            }
            Term::Text(TextField::Header(_) | TextField::MessageId, test) => {
                if test.asks_for_nothing() {
                    return Bounds::unknown(rows);
                }
                raw::header(self.chunk, index, leaf, rows)
            }
            Term::Text(field @ (TextField::Text | TextField::Html | TextField::Body), test) => {
                let has_text = match field {
                    TextField::Text => self.has(index, Flag::Text),
                    TextField::Html => self.has(index, Flag::Html),
                    _ => self.has(index, Flag::Text) | self.has(index, Flag::Html),
                };
                if test.asks_for_nothing() {
                    return Bounds { possible: rows, certain: rows.without(has_text) };
                }
                raw::body(self.chunk, index, leaf, rows & has_text)
            }
            Term::Address(field, test) => address(index.headers(), *field, test, &leaf.evidence),
            Term::Number(NumberField::Attachments, comparison, wanted) => {
                attachments(index, *comparison, *wanted, rows)
            }
            Term::Flag(flag) => {
                let rows_with = index.flag(*flag, self.chunk.iter());
                rows_with.map_or(Bounds::unknown(rows), Bounds::exactly)
            }
            Term::Text(field, test) if !test.asks_for_nothing() => {
                Bounds::unknown(self.extracted(index, field, &leaf.evidence).unwrap_or(rows))
            }
            _ => Bounds::unknown(rows),
        }
    }

    fn has(&self, index: &Index, flag: Flag) -> Rows {
        index.flag(flag, self.chunk.iter()).unwrap_or(!Rows::NONE)
    }

    /// The rows of which a link or a code may be what is looked for.
    fn extracted(&self, index: &Index, field: &TextField, evidence: &Evidence) -> Option<Rows> {
        let mut rows = Rows::NONE;
        for probe in evidence.probes()? {
            rows |= index.extracted(field, &probe.grams, self.chunk.iter())?;
        }
        Some(rows)
    }
}

fn finders(evidence: &Evidence) -> Option<Vec<&Finder<'static>>> {
    let probes = evidence.probes()?;
    Some(probes.iter().map(|probe| &probe.finder).collect())
}

/// Where people look for words, but for the text of the mail.
fn anywhere_in_headers(headers: &Headers, evidence: &Evidence) -> Bounds {
    let Some(finders) = finders(evidence) else { return Bounds::unknown(!Rows::NONE) };
    let texts = [TextField::Subject, TextField::Attachment];
    let texts = texts.iter().map(|field| headers.texts_with(field, &finders));
    texts.fold(headers.people_with(AddressField::Any, &finders), Bounds::or)
}

fn header_text(
    headers: &Headers,
    field: &TextField,
    test: &TextTest,
    evidence: &Evidence,
) -> Bounds {
    let filled = headers.texts_filled(field);
    if test.asks_for_nothing() {
        return Bounds { possible: !Rows::NONE, certain: !filled.possible };
    }
    let found = match finders(evidence) {
        Some(finders) => headers.texts_with(field, &finders),
        None => filled,
    };
    if evidence.is_proof() { found } else { found.hint() }
}

fn address(
    headers: &Headers,
    field: AddressField,
    test: &AddressTest,
    evidence: &Evidence,
) -> Bounds {
    let filled = headers.people_filled(field);
    match test {
        AddressTest::Mailbox(_, wanted) => headers.mailbox(field, wanted),
        AddressTest::Domain(_, wanted) => headers.domain(field, wanted),
        AddressTest::Equals(_) if test.asks_for_nothing() => {
            Bounds { possible: !Rows::NONE, certain: !filled.possible }
        }
        AddressTest::Equals(whole) => headers.spelled(field, whole.compared()).hint(),
        AddressTest::Contains(_) => match finders(evidence) {
            Some(finders) => headers.people_with(field, &finders),
            None => filled.hint(),
        },
        AddressTest::Matches(_) => match finders(evidence) {
            Some(finders) => headers.people_perhaps_with(field, &finders),
            None => filled.hint(),
        },
    }
}

fn attachments(index: &Index, comparison: Comparison, wanted: u64, rows: Rows) -> Bounds {
    let mut bounds = Bounds::exactly(Rows::NONE);
    for row in rows.iter() {
        match index.attachment_count(row) {
            Some(count) if comparison.holds(u64::from(count), wanted) => {
                bounds.possible.insert(row);
                bounds.certain.insert(row);
            }
            Some(_) => {}
            None => bounds.possible.insert(row),
        }
    }
    bounds
}
