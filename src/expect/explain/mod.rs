//! Why what was expected did not come true, in words and in pieces.

mod distance;
pub mod hints;
pub mod nearest;
mod words;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::expect::Outcome;
use crate::expect::Verdict;
use crate::expect::explain::hints::Hint;
use crate::expect::explain::nearest::Near;
use crate::query::Query;
use crate::store::Store;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::search::GivenUp;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;

/// Why a wait failed.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// A sentence or two for the person who reads it.
    pub detail: String,
    /// What was expected, in words.
    pub expected: String,
    /// The mails that were there to look at: those held after the cursor, in the inbox.
    pub seen: usize,
    /// Of them, those that come nearest.
    pub nearest: Vec<Near>,
    /// What may have gone wrong, the likeliest first.
    pub hints: Vec<Hint>,
}

/// Explains an outcome by what is held now.
pub fn explain(
    store: &Store,
    expectation: &Expectation,
    outcome: &Outcome,
    given_up: GivenUp<'_>,
) -> Explanation {
    let seen = seen(store, expectation, given_up);
    let mails = words::mails(expectation);
    let (mut near, mut hints) = (Vec::new(), Vec::new());
    if outcome.verdict == Verdict::TooFew {
        near = nearest_of(expectation, outcome, &seen);
        hints = hints::hints(store, expectation, &near, given_up);
    }
    let mut detail = verdict(expectation, outcome, &mails);
    if outcome.verdict == Verdict::TooFew {
        let happened = match (expectation.since, seen.len()) {
            (Some(_), 1) => " 1 mail arrived since the cursor".to_owned(),
            (Some(_), seen) => format!(" {} arrived since the cursor", words::count(seen)),
            (None, 1) => " 1 mail is held".to_owned(),
            (None, seen) => format!(" {} are held", words::count(seen)),
        };
        detail.push_str(&happened.replace(" 0 mails", " No mail").replace("mail are", "mail is"));
        if let Some(near) = near.first() {
            detail.push_str(&format!("; nearest: {}", near.sentence()));
        }
        detail.push('.');
        if let Some(hint) = hints.first() {
            detail.push_str(&format!(" {}", hint.detail));
        }
    }
    let expected = expected(expectation, &mails);
    Explanation { detail, expected, seen: seen.len(), nearest: near, hints }
}

/// What happened instead, in a sentence.
fn verdict(expectation: &Expectation, outcome: &Outcome, mails: &str) -> String {
    let goal = &expectation.goal;
    let newest = outcome.held.first().map(|held| held.entry.id.to_string()).unwrap_or_default();
    let matched = outcome.matched;
    match (outcome.verdict, goal) {
        (Verdict::TooFew, _) => {
            let time = match (outcome.has_ended_early, goal.patience()) {
                (true, _) => " before the mail that was to end the wait".to_owned(),
                (false, time) if time.is_zero() => ", looking once".to_owned(),
                (false, time) => format!(" within {}", words::duration(time)),
            };
            match (matched, goal.count()) {
                (0, _) => format!("No mail{mails}{time}."),
                (_, count) => format!("Only {matched} of {count} mails{mails}{time}."),
            }
        }
        (Verdict::TooMany, Goal::None { .. }) => match matched {
            1 => format!("A mail{mails} came, and none was to: {newest}."),
            _ => format!("{matched} mails{mails} came, and none was to. The newest is {newest}."),
        },
        (Verdict::TooMany, _) => {
            let count = goal.count();
            format!("{} came{mails}, not {count}. The newest is {newest}.", words::count(matched))
        }
        (Verdict::HistoryLost, _) => format!(
            "Whether more mail came{mails} cannot be told: the store was full, and some that \
             arrived since the cursor made room before it could be looked at. Give the store more \
             room with --store-size, or wait sooner after taking the cursor."
        ),
        (Verdict::Met, _) => "What was expected came true.".to_owned(),
    }
}

fn expected(expectation: &Expectation, mails: &str) -> String {
    let until = |until: bool| if until { ", or until the mail that ends the wait" } else { "" };
    match &expectation.goal {
        Goal::AtLeast { count, within } => {
            format!("at least {}{mails} within {}", words::count(*count), words::duration(*within))
        }
        Goal::Exactly { count, within, settle, until: end } => format!(
            "exactly {}{mails} within {}, and no more for {}{}",
            words::count(*count),
            words::duration(*within),
            words::duration(*settle),
            until(end.is_some())
        ),
        Goal::None { during, until: end } => {
            format!("no mail{mails} for {}{}", words::duration(*during), until(end.is_some()))
        }
    }
}

/// The nearest of the newest that did not match.
fn nearest_of(expectation: &Expectation, outcome: &Outcome, seen: &[Held]) -> Vec<Near> {
    let Some(query) = expectation.selection.query.as_ref().filter(|q| !Query::is_everything(q))
    else {
        return Vec::new();
    };
    let matched = |held: &&Held| outcome.held.iter().any(|m| m.entry.seq == held.entry.seq);
    let mut bytes = 0;
    let newest = seen.iter().filter(|held| !matched(held)).take(ASKED_MAX).take_while(|held| {
        bytes += held.entry.raw.len();
        bytes <= ASKED_BYTES_MAX
    });
    let newest: Vec<Held> = newest.cloned().collect();
    nearest::nearest(query, &newest, expectation.selection.now)
}

/// The mails that were there to be looked at, newest first.
fn seen(store: &Store, expectation: &Expectation, given_up: GivenUp<'_>) -> Vec<Held> {
    let (snapshot, ..) = store.snapshot(None);
    let inbox = expectation.selection.inbox.clone();
    let everything = Selection { query: None, inbox, now: expectation.selection.now };
    let page = Page::Descending(expectation.since.unwrap_or_default(), Seq::MAX);
    let wanted = Wanted { page, limit: SEEN_MAX, counts: false };
    snapshot.search(&everything, wanted, given_up).held
}

/// Mails asked for what they have instead, and their bytes.
const ASKED_MAX: usize = 200;
const ASKED_BYTES_MAX: usize = 16 * 1_024 * 1_024;

/// Mails counted to say how many there were.
const SEEN_MAX: usize = 10_000;

#[cfg(test)]
mod tests;
