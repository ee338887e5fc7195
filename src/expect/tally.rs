//! Counts the mails that match, in the order they came, until what is expected is decided.

use std::collections::HashSet;
use std::collections::VecDeque;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::expect::Verdict;
use crate::query::Query;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::search::Counting;
use crate::store::search::GivenUp;
use crate::store::search::Snapshot;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;
use crate::store::subscriptions::Beginning;
use crate::store::subscriptions::News;

/// What a wait looks for, apart from the clock: sent to where mails are read.
#[derive(Clone, Debug)]
pub(super) struct Look {
    selection: Selection,
    /// What ends the wait early, in the same inbox.
    end: Option<Selection>,
    since: Option<Seq>,
    asks_marks: bool,
    /// The mails that are kept, the newest; the others are but counted.
    kept_max: usize,
}

/// What a look brought.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Mails that match, oldest first: all of them, or the newest.
    held: Vec<Held>,
    /// Those before them, of which there may be more.
    others: usize,
    has_more: bool,
    /// The number of the mail that ends the wait, if it was among them.
    ended_at: Option<u64>,
}

/// What was found so far.
#[derive(Debug)]
pub(super) struct Tally {
    /// The newest that match, oldest first.
    pub(super) held: VecDeque<Held>,
    pub(super) count: usize,
    /// Whether there may be more than were counted.
    pub(super) has_more: bool,
    pub(super) has_ended: bool,
    /// Those that match, where a mail may begin to match later on. Bounded by what is held then.
    counted: HashSet<Seq>,
    keeps_counted: bool,
    kept_max: usize,
}

impl Look {
    pub(super) fn of(expectation: &Expectation) -> Self {
        let selection = expectation.selection.clone();
        let end = expectation.goal.until().map(|query| Selection {
            query: Some(query.clone()),
            inbox: selection.inbox.clone(),
            now: selection.now,
        });
        let asks_marks =
            |selection: &Selection| selection.query.as_ref().is_some_and(Query::asks_marks);
        Self {
            asks_marks: asks_marks(&selection) || end.as_ref().is_some_and(asks_marks),
            selection,
            end,
            since: expectation.since,
            kept_max: expectation.goal.count() + 1,
        }
    }

    /// The inbox that is looked at, if it is one.
    pub(super) fn inbox(&self) -> Option<&str> {
        self.selection.inbox.as_deref()
    }

    pub(super) const fn asks_marks(&self) -> bool {
        self.asks_marks
    }

    /// The selections that every mail of interest is in one of.
    pub(super) fn selections(&self) -> impl Iterator<Item = &Selection> {
        [Some(&self.selection), self.end.as_ref()].into_iter().flatten()
    }

    /// Looks at what is held, after a number.
    pub(super) fn at_held(&self, from: &Beginning, after: Seq, gone: GivenUp<'_>) -> Seen {
        let search = |selection: &Selection, page: Page, limit: usize, counting: Counting| {
            Snapshot::search(&from.snapshot, selection, Wanted { page, limit, counting }, gone)
        };
        let end = self.end.as_ref().and_then(|end| {
            let first = Page::Ascending(after, Seq::MAX);
            search(end, first, 1, Counting::Nothing).held.pop()
        });
        // Without a cursor nothing says that the mail that ends the wait is one of this test: then
        // it hides none of those behind it.
        let before = match (&end, self.since) {
            (Some(end), Some(_)) => end.entry.seq + 1,
            _ => Seq::MAX,
        };
        // Where a mail may match again later on, it is not to be counted twice.
        let limit = if self.asks_marks { usize::MAX } else { self.kept_max };
        let page = Page::Descending(after, before);
        let mut found = search(&self.selection, page, limit, Counting::Page);
        found.held.reverse();
        let ended_at =
            end.map(|end| if self.since.is_some() { end.entry.seq } else { from.number });
        let others = found.matched - found.held.len();
        Seen { held: found.held, others, has_more: !found.is_exact, ended_at }
    }

    /// Looks at what came, in order.
    pub(super) fn at_news(&self, news: &[News]) -> Seen {
        let mut seen = Seen::default();
        for News { mail, number, .. } in news.iter().filter(|news| self.asks(news)) {
            if self.selection.covers_shared(mail) {
                seen.held.push(mail.held().clone());
            }
            if self.end.as_ref().is_some_and(|end| end.covers_shared(mail)) {
                seen.ended_at = Some(*number);
                return seen;
            }
        }
        seen
    }

    /// The marks of a mail that came before the cursor may change after it.
    fn asks(&self, news: &News) -> bool {
        let is_later = self.since.is_none_or(|since| news.mail.held().entry.seq > since);
        is_later && (news.is_arrival || self.asks_marks)
    }
}

impl Tally {
    pub(super) fn new(look: &Look) -> Self {
        Self {
            held: VecDeque::new(),
            count: 0,
            has_more: false,
            has_ended: false,
            counted: HashSet::new(),
            keeps_counted: look.asks_marks,
            kept_max: look.kept_max,
        }
    }

    /// Counts what a look up to a number brought, and says up to where it went: not beyond the
    /// mail that ends the wait.
    pub(super) fn add(&mut self, seen: Seen, number: u64) -> u64 {
        self.has_ended |= seen.ended_at.is_some();
        self.has_more |= seen.has_more;
        self.count += seen.others;
        for held in seen.held {
            if self.keeps_counted && !self.counted.insert(held.entry.seq) {
                continue;
            }
            self.count += 1;
            if self.held.len() == self.kept_max {
                self.held.pop_front();
            }
            self.held.push_back(held);
        }
        seen.ended_at.unwrap_or(number)
    }

    /// What is decided already, before any time is up.
    pub(super) fn verdict(&self, goal: &Goal) -> Option<Verdict> {
        let verdict = match goal {
            Goal::AtLeast { count, .. } => return (self.count >= *count).then_some(Verdict::Met),
            Goal::Exactly { count, .. } if self.count > *count => Verdict::TooMany,
            Goal::None { .. } if self.count > 0 => Verdict::TooMany,
            _ if self.has_ended => return Some(self.verdict_at_end(goal)),
            _ => return None,
        };
        Some(verdict)
    }

    /// What it is when nothing more comes.
    pub(super) fn verdict_at_end(&self, goal: &Goal) -> Verdict {
        let count = goal.count();
        match (self.count, goal) {
            (found, _) if found < count => Verdict::TooFew,
            (found, Goal::AtLeast { .. }) if found >= count => Verdict::Met,
            (found, _) if found > count => Verdict::TooMany,
            _ => Verdict::Met,
        }
    }
}
