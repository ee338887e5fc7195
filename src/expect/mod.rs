//! Waiting for mail and asserting on it: one implementation for HTTP, the command line and tests.
//!
//! Nobody polls: a wait looks once at what is held, and then hears of each mail that may concern
//! it. In reading order: this page says what can be expected, [`waiting`] waits, `tally` counts,
//! [`matches`] says what satisfied it, [`explain`] why it did not come true. Knows no protocol and
//! no wire type.

pub mod explain;
pub mod matches;
mod tally;
pub mod waiting;

use std::time::Duration;

use crate::query::Query;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::search::selection::Selection;

/// What is to come.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Which mail is meant. Its query may not ask the clock.
    pub selection: Selection,
    /// Only mail later than this counts. Without it, all that is held does.
    pub since: Option<Seq>,
    /// How many of them.
    pub goal: Goal,
}

/// How many mails are to come, and when that is settled.
#[derive(Clone, Debug)]
pub enum Goal {
    /// At least so many. They are there as soon as the last of them is.
    AtLeast {
        /// How many, 1 or more.
        count: usize,
        /// How long they are waited for. Zero looks once.
        within: Duration,
    },
    /// So many and no more.
    Exactly {
        /// How many, 1 or more.
        count: usize,
        /// How long they are waited for. Zero looks once.
        within: Duration,
        /// How long no further one may follow the last.
        settle: Duration,
        /// A mail of the same inbox that says that all before it have come.
        until: Option<Query>,
    },
    /// Not one.
    None {
        /// For so long.
        during: Duration,
        /// A mail of the same inbox that says that all before it have come.
        until: Option<Query>,
    },
}

impl Goal {
    /// How many mails are wanted.
    pub const fn count(&self) -> usize {
        match self {
            Self::AtLeast { count, .. } | Self::Exactly { count, .. } => *count,
            Self::None { .. } => 0,
        }
    }

    /// How long it takes at the longest when nothing comes.
    pub const fn patience(&self) -> Duration {
        match self {
            Self::AtLeast { within, .. } | Self::Exactly { within, .. } => *within,
            Self::None { during, .. } => *during,
        }
    }

    /// What ends the wait early.
    pub const fn until(&self) -> Option<&Query> {
        match self {
            Self::AtLeast { .. } => None,
            Self::Exactly { until, .. } | Self::None { until, .. } => until.as_ref(),
        }
    }
}

/// How a wait ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether what was expected came true.
    pub verdict: Verdict,
    /// The newest of the mails that matched, newest first: as many as were wanted, and when they
    /// are too many, one more.
    pub held: Vec<Held>,
    /// How many matched.
    pub matched: usize,
    /// Whether there may be more: of those held at the beginning, counting is given up where it
    /// would take long.
    pub has_more: bool,
    /// The number up to which everything was looked at: a wait from here on misses nothing.
    pub number: u64,
    /// Whether the mail that was to end the wait has come.
    pub has_ended_early: bool,
}

/// Whether what was expected came true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did.
    Met,
    /// Fewer mails came than were expected.
    TooFew,
    /// More mails came.
    TooMany,
    /// It cannot be told: mail made room before anybody could look at it.
    HistoryLost,
}

#[cfg(test)]
mod tests;
