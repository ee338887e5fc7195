//! The summaries that lists showed lately: so that a page is not read from its mails each time.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::http::api::types::Summary;
use crate::http::work::Work;
use crate::store::entry::Held;
use crate::store::entry::Seq;

/// A bounded memory of summaries, without marks: those change.
#[derive(Debug)]
pub(super) struct Digests {
    generations: Mutex<Generations>,
    /// Of each of the two generations.
    weight_max: usize,
}

/// What was used since the last turn, and what was used before. At a turn the older is forgotten.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Seq, Arc<Summary>>,
    old: HashMap<Seq, Arc<Summary>>,
    young_weight: usize,
}

impl Default for Digests {
    fn default() -> Self {
        Self { generations: Mutex::default(), weight_max: GENERATION_BYTES_MAX }
    }
}

impl Digests {
    /// The summaries of some mails, in their order, with the marks they have in `held`.
    pub(super) async fn of(self: Arc<Self>, work: &Work, held: Vec<Held>) -> Vec<Summary> {
        let unknown_bytes = self.unknown_bytes(&held);
        work.on_bytes(unknown_bytes, move || held.iter().map(|held| self.one(held)).collect()).await
    }

    /// The summary of a mail, read from it if need be.
    pub(super) fn one(&self, held: &Held) -> Summary {
        let known = self.lock().find(held.entry.seq, self.weight_max);
        let summary = known.unwrap_or_else(|| {
            // Read without the lock: it may take long.
            let summary = Arc::new(Summary::of(&held.entry));
            self.lock().add(held.entry.seq, Arc::clone(&summary), self.weight_max);
            summary
        });
        Summary::clone(&summary).marked(&held.marks)
    }

    /// The bytes of those mails that would have to be read.
    fn unknown_bytes(&self, held: &[Held]) -> usize {
        let generations = self.lock();
        let unknown = held.iter().filter(|held| !generations.knows(held.entry.seq));
        unknown.map(|held| held.entry.raw.len()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn knows(&self, seq: Seq) -> bool {
        self.young.contains_key(&seq) || self.old.contains_key(&seq)
    }

    fn find(&mut self, seq: Seq, weight_max: usize) -> Option<Arc<Summary>> {
        if let Some(summary) = self.young.get(&seq) {
            return Some(Arc::clone(summary));
        }
        let summary = self.old.remove(&seq)?;
        self.add(seq, Arc::clone(&summary), weight_max);
        Some(summary)
    }

    fn add(&mut self, seq: Seq, summary: Arc<Summary>, weight_max: usize) {
        self.young_weight += summary.size_bytes();
        self.young.insert(seq, summary);
        if self.young_weight > weight_max || self.young.len() > GENERATION_LENGTH_MAX {
            self.old = mem::take(&mut self.young);
            self.young_weight = 0;
        }
    }
}

/// Two generations take at most twice this.
const GENERATION_BYTES_MAX: usize = 4 * 1_024 * 1_024;
const GENERATION_LENGTH_MAX: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(seq: Seq) -> Arc<Summary> {
        let text = || String::from("x");
        Arc::new(Summary {
            id: text(),
            seq,
            inboxes: Vec::new(),
            received_at: text(),
            from: Vec::new(),
            to: Vec::new(),
            cc: Vec::new(),
            recipients: vec![text()],
            subject: Some(text()),
            preview: text(),
            size: 1,
            attachment_count: 0,
            warning_count: 0,
            read: false,
            tags: Vec::new(),
        })
    }

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let weight_max = 10 * summary(1).size_bytes();
        let mut generations = Generations::default();
        for seq in 1..=100 {
            generations.add(seq, summary(seq), weight_max);
            assert!(generations.find(1, weight_max).is_some(), "at {seq}");
            assert!(generations.young.len() + generations.old.len() <= 22);
        }
        assert!(!generations.knows(50));
        assert!(generations.knows(100));
    }
}
