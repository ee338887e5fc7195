//! Waits until what is expected is decided. Dropping the wait ends it and frees all it held.

use std::future;
use std::panic;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task;
use tokio::time;
use tokio::time::Instant;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::expect::Outcome;
use crate::expect::Verdict;
use crate::expect::tally::Look;
use crate::expect::tally::Seen;
use crate::expect::tally::Tally;
use crate::store::Store;
use crate::store::entry::Seq;
use crate::store::search::GivenUp;
use crate::store::search::selection::Selection;
use crate::store::subscriptions::Beginning;
use crate::store::subscriptions::Heard;
use crate::store::subscriptions::Interest;
use crate::store::subscriptions::Key;
use crate::store::subscriptions::Subscription;

/// Where mails are read, so that others need not wait for that.
pub trait Reading: Sync {
    /// Does work that reads so many bytes of mail. It is told when nobody waits for it any more.
    fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce(GivenUp<'_>) -> T + Send + 'static,
    ) -> impl Future<Output = T> + Send;
}

/// Reads here and now.
#[derive(Clone, Copy, Debug)]
pub struct Here;

impl Reading for Here {
    async fn read<T: Send + 'static>(
        &self,
        _: usize,
        work: impl FnOnce(GivenUp<'_>) -> T + Send + 'static,
    ) -> T {
        work(&|| false)
    }
}

/// Reads little here and now, and more on one of the threads that tokio keeps for that.
#[derive(Clone, Copy, Debug)]
pub struct Aside;

impl Reading for Aside {
    async fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce(GivenUp<'_>) -> T + Send + 'static,
    ) -> T {
        if bytes <= HERE_BYTES_MAX {
            return work(&|| false);
        }
        let (gone, waits) = oneshot::channel::<()>();
        let done = task::spawn_blocking(move || work(&|| gone.is_closed())).await;
        drop(waits);
        match done {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(reason) => panic::resume_unwind(reason),
                // The runtime stops, and with it whoever waits here.
                Err(_) => future::pending().await,
            },
        }
    }
}

/// Waits until what is expected came true, or cannot any more, or the time is up.
pub async fn wait(store: &Store, expectation: &Expectation, reading: &impl Reading) -> Outcome {
    let started = Instant::now();
    let look = Arc::new(Look::of(expectation));
    // Heard of from here on: what is held now is looked at after that, and nothing comes between.
    let (subscription, beginning) = store.subscribe(interest(&look));
    let tally = Tally::new(&look);
    let number = beginning.number;
    let mut wait =
        Wait { expectation, look, subscription, reading, tally, number, completed: None };
    let since = expectation.since.unwrap_or_default();
    if wait.has_lost(&beginning, expectation.since) {
        return wait.outcome(Verdict::HistoryLost);
    }
    wait.look_at_held(beginning, since).await;
    let verdict = wait.run(started).await;
    wait.outcome(verdict)
}

/// What mails may concern a wait.
fn interest(look: &Look) -> Interest {
    let keys = |selection: &Selection| match (&selection.inbox, &selection.query) {
        (_, Some(query)) if Key::of(query.expression()).is_some() => Key::of(query.expression()),
        (Some(inbox), _) => Some(vec![Key::Inbox(inbox.as_str().into())]),
        (None, _) => None,
    };
    let each: Option<Vec<Vec<Key>>> = look.selections().map(keys).collect();
    let keys = each.map(|keys| keys.into_iter().flatten().collect());
    Interest { keys, changes: look.asks_marks(), inbox: look.inbox().map(Into::into) }
}

struct Wait<'a, R> {
    expectation: &'a Expectation,
    look: Arc<Look>,
    subscription: Subscription<'a>,
    reading: &'a R,
    tally: Tally,
    /// The number of the newest change that was looked at.
    number: u64,
    /// When the last of the mails that were to come exactly had come.
    completed: Option<Instant>,
}

impl<R: Reading> Wait<'_, R> {
    async fn run(&mut self, started: Instant) -> Verdict {
        let goal = &self.expectation.goal;
        loop {
            if let Some(verdict) = self.tally.verdict(goal) {
                return verdict;
            }
            let deadline = self.deadline(started);
            let is_late = Instant::now() >= deadline;
            // What has come is looked at first, also when the time is up in the same instant.
            let Ok(heard) = time::timeout_at(deadline, self.subscription.heard()).await else {
                return self.tally.verdict_at_end(goal);
            };
            if !self.hear(heard).await {
                return Verdict::HistoryLost;
            }
            if is_late && self.deadline(started) == deadline {
                return self.tally.verdict_at_end(goal);
            }
        }
    }

    /// When the time is up. It starts anew when the last of a number of mails has come.
    fn deadline(&mut self, started: Instant) -> Instant {
        match self.expectation.goal {
            Goal::Exactly { count, settle, .. } if self.tally.count >= count => {
                later(*self.completed.get_or_insert_with(Instant::now), settle)
            }
            ref goal => later(started, goal.patience()),
        }
    }

    /// Looks at what came. False when some of it cannot be looked at any more.
    async fn hear(&mut self, heard: Heard) -> bool {
        let news = match heard {
            Heard::News(news) => news,
            Heard::TooMuch => {
                let beginning = self.subscription.restart();
                let after = self.number;
                if self.has_lost(&beginning, Some(after)) {
                    return false;
                }
                // The marks of mails from before may have changed.
                let after = if self.look.asks_marks() { 0 } else { after };
                let since = self.expectation.since.unwrap_or_default();
                self.look_at_held(beginning, after.max(since)).await;
                return true;
            }
        };
        let number = news.last().map_or(self.number, |news| news.number);
        let bytes = news.iter().map(|news| news.mail.held().entry.raw.len()).sum();
        let look = Arc::clone(&self.look);
        let seen = self.reading.read(bytes, move |_| look.at_news(&news)).await;
        self.add(seen, number);
        true
    }

    async fn look_at_held(&mut self, beginning: Beginning, after: Seq) {
        let number = beginning.number;
        let mut seen = Seen::default();
        if after < number && beginning.counts.total > 0 {
            let look = Arc::clone(&self.look);
            let bytes = beginning.counts.raw_bytes;
            let work = move |gone: GivenUp<'_>| look.at_held(&beginning, after, gone);
            seen = self.reading.read(bytes, work).await;
        }
        self.add(seen, number);
    }

    fn add(&mut self, seen: Seen, number: u64) {
        self.number = self.tally.add(seen, number);
    }

    /// Whether mail left before anybody could look at it, and that matters.
    const fn has_lost(&self, beginning: &Beginning, after: Option<Seq>) -> bool {
        let counts_all = !matches!(self.expectation.goal, Goal::AtLeast { .. });
        match after {
            Some(after) => counts_all && beginning.evicted_until > after,
            None => false,
        }
    }

    fn outcome(self, verdict: Verdict) -> Outcome {
        let wanted = self.expectation.goal.count() + usize::from(verdict == Verdict::TooMany);
        let mut held: Vec<_> = self.tally.held.into_iter().rev().collect();
        held.truncate(wanted);
        Outcome {
            verdict,
            held,
            matched: self.tally.count,
            has_more: self.tally.has_more,
            number: self.number,
            has_ended_early: self.tally.has_ended,
        }
    }
}

/// A time beyond what the clock can count is as good as a day.
fn later(from: Instant, pause: Duration) -> Instant {
    from.checked_add(pause).unwrap_or_else(|| from + Duration::from_secs(86_400))
}

/// Reading this much takes less than handing it to another thread would.
pub const HERE_BYTES_MAX: usize = 64 * 1_024;
