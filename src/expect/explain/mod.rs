//! Why what was expected did not come true, in words and in pieces.

mod distance;
pub mod hints;
mod layout;
pub mod mention;
pub mod nearest;
pub mod sessions;
mod words;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::expect::Outcome;
use crate::expect::Verdict;
use crate::expect::explain::hints::Hint;
use crate::expect::explain::mention::Mention;
use crate::expect::explain::nearest::Near;
use crate::expect::explain::sessions::FailedSession;
use crate::query::Query;
use crate::store::Store;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::search::Counting;
use crate::store::search::GivenUp;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;

/// Why a wait failed, the same wherever it was asked for. [`Explanation::detail`] is what fits
/// into a line, its `Display` all of it.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What happened instead.
    pub verdict: Verdict,
    /// The same in a sentence or two for the person who reads it.
    pub sentence: String,
    /// What was expected, in words.
    pub expected: String,
    /// The newest mails that matched.
    pub matching: Vec<Mention>,
    /// The mails that were there to look at: those held after the cursor, in the inbox.
    pub seen: usize,
    /// Of them, those that come nearest.
    pub nearest: Vec<Near>,
    /// What may have gone wrong, the likeliest first.
    pub hints: Vec<Hint>,
    /// The SMTP sessions that failed meanwhile, newest first.
    pub sessions: Vec<FailedSession>,
}

impl Explanation {
    /// What happened, the likeliest mistake, and the last session that failed, in sentences.
    pub fn detail(&self) -> String {
        let mut detail = self.sentence.clone();
        if let Some(hint) = self.hints.first() {
            detail.push_str(&format!(" {}", hint.detail));
        }
        let session = self.sessions.first().filter(|_| self.verdict == Verdict::TooFew);
        // Not twice.
        if let Some(session) = session.filter(|session| !detail.contains(&session.reason)) {
            detail.push_str(&format!(" {session}"));
        }
        detail
    }
}

/// Explains an outcome by what is held now.
pub fn explain(
    store: &Store,
    expectation: &Expectation,
    outcome: &Outcome,
    given_up: GivenUp<'_>,
) -> Explanation {
    let (seen, seen_count) = seen(store, expectation, outcome, given_up);
    let sessions = sessions::failed(store, expectation);
    let matching: Vec<Mention> = outcome.held.iter().take(MATCHING_MAX).map(Mention::of).collect();
    let mails = words::mails(expectation);
    let (mut near, mut hints) = (Vec::new(), Vec::new());
    if outcome.verdict == Verdict::TooFew {
        near = nearest_of(expectation, outcome, &seen);
        hints = hints::hints(store, expectation, &near, &sessions, given_up);
    }
    let mut sentence = verdict(expectation, outcome, &mails, matching.first());
    if outcome.verdict == Verdict::TooFew {
        let happened = match (expectation.since, seen_count) {
            (Some(_), 1) => " 1 mail arrived since the cursor".to_owned(),
            (Some(_), seen) => format!(" {} arrived since the cursor", words::count(seen)),
            (None, 1) => " 1 mail is held".to_owned(),
            (None, seen) => format!(" {} are held", words::count(seen)),
        };
        sentence.push_str(&happened.replace(" 0 mails", " No mail").replace("mail are", "mail is"));
        if let Some(near) = near.first() {
            sentence.push_str(&format!("; nearest: {}", near.sentence()));
        }
        sentence.push('.');
    }
    Explanation {
        verdict: outcome.verdict,
        sentence,
        expected: expected(expectation, &mails),
        matching,
        seen: seen_count,
        nearest: near,
        hints,
        sessions,
    }
}

/// What happened instead, in a sentence.
fn verdict(
    expectation: &Expectation,
    outcome: &Outcome,
    mails: &str,
    newest: Option<&Mention>,
) -> String {
    let goal = &expectation.goal;
    let newest = newest.map(ToString::to_string).unwrap_or_default();
    let matched = outcome.matched;
    match (outcome.verdict, goal) {
        (Verdict::TooFew, _) => {
            let time = match (outcome.has_ended_early, goal.patience()) {
                (true, _) => " before the mail that was to end the wait".to_owned(),
                (false, time) => words::within(time),
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
            let within = words::within(*within);
            format!("at least {}{mails}{within}", words::count(*count))
        }
        Goal::Exactly { count, within, settle, until: end } => format!(
            "exactly {}{mails}{}, and no more for {}{}",
            words::count(*count),
            words::within(*within),
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

/// The newest of the mails that were there to be looked at, newest first, and how many there were.
fn seen(
    store: &Store,
    expectation: &Expectation,
    outcome: &Outcome,
    given_up: GivenUp<'_>,
) -> (Vec<Held>, usize) {
    let (snapshot, ..) = store.snapshot(None);
    let inbox = expectation.selection.inbox.clone();
    let everything = Selection { query: None, inbox, now: expectation.selection.now };
    let page = Page::Descending(expectation.since.unwrap_or_default(), Seq::MAX);
    let limit = ASKED_MAX + outcome.held.len();
    let wanted = Wanted { page, limit, counting: Counting::Page };
    let found = snapshot.search(&everything, wanted, given_up);
    (found.held, found.matched)
}

/// Mails asked for what they have instead, and their bytes.
const ASKED_MAX: usize = 200;
const ASKED_BYTES_MAX: usize = 16 * 1_024 * 1_024;

/// Mails that matched, of those that are told of.
const MATCHING_MAX: usize = 10;

#[cfg(test)]
mod tests;
