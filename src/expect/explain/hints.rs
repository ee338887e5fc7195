//! The usual mistakes, recognised: what to look at before anything else.

use crate::expect::Expectation;
use crate::expect::explain::nearest::Near;
use crate::expect::explain::sessions;
use crate::expect::explain::sessions::FailedSession;
use crate::expect::explain::words;
use crate::message::id::MessageId;
use crate::query::Query;
use crate::query::facts::Known;
use crate::query::field::AddressField;
use crate::query::fold;
use crate::query::term::AddressTest;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::store::Store;
use crate::store::entry::Seq;
use crate::store::facts::HeldFacts;
use crate::store::log::Event;
use crate::store::search::Counting;
use crate::store::search::GivenUp;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;

/// A mistake that was probably made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Which, for programs.
    pub code: &'static str,
    /// What to do about it, in a sentence.
    pub detail: String,
    /// The mail that shows it.
    pub id: Option<MessageId>,
}

/// What may have gone wrong, the likeliest first.
pub(super) fn hints(
    store: &Store,
    expectation: &Expectation,
    near: &[Near],
    failed: &[FailedSession],
    given_up: GivenUp<'_>,
) -> Vec<Hint> {
    let selection = &expectation.selection;
    let since = expectation.since.unwrap_or_default();
    let (snapshot, ..) = store.snapshot(None);
    let newest = |selection: &Selection, page: Page| {
        let wanted = Wanted { page, limit: 1, counting: Counting::Nothing };
        snapshot.search(selection, wanted, given_up).held.pop()
    };
    let mut hints = Vec::new();
    if let Some(held) = newest(selection, Page::Descending(0, since.saturating_add(1))) {
        let id = held.entry.id;
        let detail = format!("Mail {id} matches, but came before the cursor: take it earlier.");
        hints.push(Hint { code: "before-cursor", detail, id: Some(id) });
    }
    if selection.inbox.is_some() {
        let anywhere = Selection { inbox: None, ..selection.clone() };
        if let Some(held) = newest(&anywhere, Page::Descending(since, Seq::MAX)) {
            let id = held.entry.id;
            let inbox = held.entry.inboxes.first().map(|name| words::shorten(name, 60));
            let inbox = inbox.unwrap_or_default();
            let detail = format!("Mail {id} matches, but is in the inbox \"{inbox}\".");
            hints.push(Hint { code: "other-inbox", detail, id: Some(id) });
        }
    }
    if let Some(query) = &selection.query {
        hints.extend(near.iter().find_map(|near| of_near(query, near, selection)));
    }
    let turned_away = sessions::turned_away(store, expectation);
    for hint in failed.iter().filter_map(FailedSession::hint).chain(turned_away) {
        if !hints.iter().any(|known| known.code == hint.code) {
            hints.push(hint);
        }
    }
    hints.extend(selection.query.as_ref().and_then(loose_words));
    hints.extend(expectation.since.and_then(|since| gone(store, since, given_up)));
    hints
}

/// A mail that lacks one term by a hair.
fn of_near(query: &Query, near: &Near, selection: &Selection) -> Option<Hint> {
    let facts = HeldFacts::new(&near.mention.held);
    let id = near.mention.held.entry.id;
    let terms = query.terms().into_iter().zip(&near.answers).enumerate();
    let mut missing = terms.filter(|(_, ((_, negated), answer))| !negated && !answer.holds);
    missing.find_map(|(index, ((term, _), answer))| {
        if !near.lacks_only(index) {
            return None;
        }
        let holds_of = |field: AddressField, test: &AddressTest| {
            let term = Term::Address(field, test.clone());
            term.verdict(&facts, selection.now) == Known::Known(true)
        };
        let (code, detail) = match term {
            Term::Address(AddressField::To | AddressField::Cc, test)
                if holds_of(AddressField::Rcpt, test) =>
            {
                let is_in_bcc = holds_of(AddressField::Bcc, test);
                let place = if is_in_bcc { "in Bcc" } else { "in its envelope, as with Bcc" };
                ("envelope-only", format!("has this recipient only {place}: ask for rcpt."))
            }
            _ => ("other-case", same_but_case(term, &answer.had)?),
        };
        Some(Hint { code, detail: format!("Mail {id} {detail}"), id: Some(id) })
    })
}

/// `=` keeps case, and that alone is what differs.
fn same_but_case(term: &Term, had: &[String]) -> Option<String> {
    let whole = match term {
        Term::Text(_, TextTest::Equals(whole)) | Term::Address(_, AddressTest::Equals(whole)) => {
            whole.text()
        }
        _ => return None,
    };
    let folded = fold::fold(whole);
    let same = had.iter().find(|had| fold::fold(had) == folded)?;
    Some(format!("has \"{same}\": = keeps case, a colon does not."))
}

/// `subject:Welcome to Acme` asks three things.
fn loose_words(query: &Query) -> Option<Hint> {
    let terms = query.terms();
    let is_field = |term: &Term| matches!(term, Term::Text(_, TextTest::Contains(_)));
    let at = terms.iter().position(|(term, _)| is_field(term))?;
    let words = terms[at + 1..].iter().map_while(|(term, negated)| match term {
        Term::Anywhere(needle) if !negated && !needle.text().contains(char::is_whitespace) => {
            Some(needle.text())
        }
        _ => None,
    });
    let words: Vec<&str> = words.take(10).collect();
    if words.is_empty() {
        return None;
    }
    let (field, value) = terms[at]
        .0
        .to_string()
        .split_once(':')
        .map(|(field, value)| (field.to_owned(), value.trim_matches('"').to_owned()))?;
    let meant = words::shorten(&format!("{value} {}", words.join(" ")), 80);
    let detail = format!(
        "Words side by side are terms of their own: in quotes, {field}:\"{meant}\" asks for all of \
         it."
    );
    Some(Hint { code: "loose-words", detail, id: None })
}

/// Mail that was there and is no more.
fn gone(store: &Store, since: Seq, given_up: GivenUp<'_>) -> Option<Hint> {
    let (mut deleted, mut evicted, mut cleared) = (0, 0, false);
    let mut position = since;
    while let Some(events) = store.events_after(position, PIECE).filter(|_| !given_up()) {
        for (_, event) in &events.events {
            match event {
                Event::Deleted(ids) => deleted += ids.len(),
                Event::Evicted(ids) => evicted += ids.len(),
                Event::Cleared(until) => cleared |= *until > since,
                _ => {}
            }
        }
        position = events.last;
        if events.last >= events.head {
            break;
        }
    }
    let (code, what) = match (deleted, evicted, cleared) {
        (0, 0, false) => return None,
        (_, 0, true) => ("deleted", "All mail held then was deleted".to_owned()),
        (deleted, 0, false) => ("deleted", format!("{} deleted", was(deleted))),
        (_, evicted, _) => ("evicted", format!("{} evicted, the store being full,", was(evicted))),
    };
    let detail = format!("{what} since the cursor: what is gone cannot match any more.");
    Some(Hint { code, detail, id: None })
}

fn was(count: usize) -> String {
    format!("{} {}", words::count(count), if count == 1 { "was" } else { "were" })
}

/// Changes looked at under one lock.
const PIECE: usize = 256;
