//! The mails held, in arrival order, and what they add up to.

pub(super) mod chunk;
mod counts;

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::message::id::MessageId;
use crate::store::entry::Entry;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::entry::Seq;
use crate::store::rows::ROWS_MAX;
use crate::store::shelf::chunk::Chunk;
pub use crate::store::shelf::counts::Counts;

/// Mails in arrival order: by `seq`, and so by id.
#[derive(Debug, Default)]
pub struct Shelf {
    /// In order, none of them empty.
    chunks: VecDeque<Arc<Chunk>>,
    size_bytes: usize,
    all: Counts,
    /// Every inbox that holds something.
    inboxes: HashMap<Box<str>, Counts>,
}

/// A side of the shelf to take mails from. Bounds are exclusive.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    /// Oldest first, from those that arrived after the first number and before the second.
    Ascending(Seq, Seq),
    /// Newest first, from those that arrived after the first number and before the second.
    Descending(Seq, Seq),
}

/// What left the shelf, to be freed where nobody waits for it.
#[derive(Debug, Default)]
pub struct Gone {
    /// The mails, oldest first.
    pub held: Vec<Held>,
    /// Chunks that are not needed any more, with their structures.
    chunks: Vec<Arc<Chunk>>,
    /// The counts of all inboxes, when nothing is left in any.
    inboxes: HashMap<Box<str>, Counts>,
}

impl Page {
    /// The bounds, whichever side comes first.
    pub const fn bounds(self) -> (Seq, Seq) {
        let (Self::Ascending(after, before) | Self::Descending(after, before)) = self;
        (after, before)
    }
}

impl Shelf {
    /// Adds the newest mail.
    pub fn insert(&mut self, entry: Arc<Entry>) {
        self.size_bytes += entry.size_bytes();
        let held = Held { entry, marks: Marks::default() };
        self.count(&held, Counts::add);
        match self.chunks.back_mut() {
            Some(last) if !last.is_full() => Arc::make_mut(last).push(held),
            _ => {
                let mut chunk = Chunk::default();
                chunk.push(held);
                self.chunks.push_back(Arc::new(chunk));
            }
        }
    }

    /// Replaces the marks of a mail, if it is held.
    pub fn change(&mut self, seq: Seq, marks: Marks) {
        let Some(index) = self.chunk_of(seq) else { return };
        let Ok(position) = self.chunks[index].position_of(seq) else { return };
        let Some(before) = self.chunks[index].by_seq(seq).cloned() else { return };
        let after = Held { entry: Arc::clone(&before.entry), marks: marks.clone() };
        Arc::make_mut(&mut self.chunks[index]).set_marks(position, marks);
        self.count(&before, Counts::subtract);
        self.count(&after, Counts::add);
    }

    /// Removes mails by their numbers in any order; what is not held is passed over.
    pub fn remove(&mut self, seqs: &[Seq]) -> Gone {
        let mut seqs = seqs.to_vec();
        seqs.sort_unstable();
        seqs.dedup();
        let mut gone = Gone::default();
        let mut rest = seqs.as_slice();
        // From chunk to chunk: those behind one that goes away move up.
        while let Some(index) = rest.first().and_then(|seq| self.chunk_of(*seq)) {
            let end = rest.partition_point(|seq| *seq <= self.chunks[index].last_seq());
            let (here, behind) = rest.split_at(end);
            let position_of = |seq: &Seq| self.chunks[index].position_of(*seq).ok();
            let positions: Vec<usize> = here.iter().filter_map(position_of).collect();
            self.remove_from(index, &positions, &mut gone);
            rest = behind;
        }
        self.uncount(&mut gone);
        gone
    }

    /// Removes every mail up to and including a number.
    pub fn remove_until(&mut self, until: Seq) -> Gone {
        let mut gone = Gone::default();
        while let Some(first) = self.chunks.front() {
            let end = match first.position_of(until) {
                Ok(position) => position + 1,
                Err(position) => position,
            };
            let is_whole = end == first.len();
            self.remove_from(0, &(0..end).collect::<Vec<_>>(), &mut gone);
            if !is_whole {
                break;
            }
        }
        self.uncount(&mut gone);
        gone
    }

    /// The oldest mails whose removal brings the shelf down to `bytes`, at most `limit` of them.
    pub fn oldest_above(&self, bytes: usize, limit: usize) -> Vec<Seq> {
        let mut left = self.size_bytes;
        let mut seqs = Vec::new();
        for (_, held) in self.chunks.iter().flat_map(|chunk| chunk.iter()).take(limit) {
            if left <= bytes {
                break;
            }
            left -= held.entry.size_bytes();
            seqs.push(held.entry.seq);
        }
        seqs
    }

    /// The bytes held, bookkeeping included.
    pub const fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// The mail of this number.
    pub fn by_seq(&self, seq: Seq) -> Option<&Held> {
        self.chunks[self.chunk_of(seq)?].by_seq(seq)
    }

    /// The mail of this id: ids ascend with the numbers.
    pub fn by_id(&self, id: MessageId) -> Option<&Held> {
        let index = self.chunks.partition_point(|chunk| chunk.is_before(id));
        self.chunks.get(index)?.by_id(id)
    }

    /// Up to `limit` mails of a page.
    pub fn page(&self, page: Page, limit: usize) -> Vec<Held> {
        let (after, before) = page.bounds();
        let start = self.chunks.partition_point(|chunk| chunk.last_seq() <= after);
        let end = self.chunks.partition_point(|chunk| chunk.first_seq() < before);
        let chunks = self.chunks.range(start..end.max(start));
        match page {
            Page::Ascending(..) => {
                let held = chunks.flat_map(|chunk| chunk.between(after, before));
                held.take(limit).cloned().collect()
            }
            Page::Descending(..) => {
                let held = chunks.rev().flat_map(|chunk| chunk.between(after, before).rev());
                held.take(limit).cloned().collect()
            }
        }
    }

    /// All chunks as they are now, oldest first.
    pub(super) fn chunks(&self) -> Vec<Arc<Chunk>> {
        self.chunks.iter().cloned().collect()
    }

    /// What is held, in all or in one inbox.
    pub fn counts(&self, inbox: Option<&str>) -> Counts {
        inbox.map_or(self.all, |name| self.inboxes.get(name).copied().unwrap_or_default())
    }

    /// The chunk that holds a number, if any does.
    fn chunk_of(&self, seq: Seq) -> Option<usize> {
        let index = self.chunks.partition_point(|chunk| chunk.last_seq() < seq);
        (index < self.chunks.len()).then_some(index)
    }

    fn remove_from(&mut self, index: usize, positions: &[usize], gone: &mut Gone) {
        let chunk = &mut self.chunks[index];
        if positions.len() == chunk.len() {
            Chunk::drain(chunk, &mut gone.held);
            gone.chunks.extend(self.chunks.remove(index));
        } else if !positions.is_empty() {
            Arc::make_mut(chunk).remove(positions, &mut gone.held);
            self.tidy(index, gone);
        }
    }

    /// Gives room back when many mails of a chunk have left: it is written anew, together with a
    /// neighbour when both are small.
    fn tidy(&mut self, index: usize, gone: &mut Gone) {
        if !self.chunks[index].is_sparse() {
            return;
        }
        let fits = |first: &usize| {
            let pair = [self.chunks.get(*first), self.chunks.get(first + 1)];
            let sum = pair.into_iter().try_fold(0, |sum, chunk| Some(sum + chunk?.len()));
            sum.is_some_and(|sum| sum <= ROWS_MAX / 2)
        };
        let pair = [Some(index), index.checked_sub(1)].into_iter().flatten().find(fits);
        let first = pair.unwrap_or(index);
        let second = pair.and_then(|first| self.chunks.remove(first + 1));
        let joined = self.chunks[first].joined(second.as_deref());
        gone.chunks.push(std::mem::replace(&mut self.chunks[first], Arc::new(joined)));
        gone.chunks.extend(second);
    }

    fn uncount(&mut self, gone: &mut Gone) {
        if self.chunks.is_empty() {
            self.size_bytes = 0;
            self.all = Counts::default();
            gone.inboxes = std::mem::take(&mut self.inboxes);
            return;
        }
        for held in &gone.held {
            self.size_bytes -= held.entry.size_bytes();
            self.count(held, Counts::subtract);
        }
    }

    fn count(&mut self, held: &Held, step: fn(&mut Counts, &Held)) {
        step(&mut self.all, held);
        for name in held.entry.inboxes.iter() {
            if let Some(counts) = self.inboxes.get_mut(name) {
                step(counts, held);
                if counts.total == 0 {
                    self.inboxes.remove(name);
                }
            } else {
                let mut counts = Counts::default();
                step(&mut counts, held);
                self.inboxes.insert(Box::clone(name), counts);
            }
        }
    }

    /// Every inbox that holds something with what it holds, in no order.
    pub fn inboxes(&self) -> Vec<(Box<str>, Counts)> {
        self.inboxes.iter().map(|(name, counts)| (Box::clone(name), *counts)).collect()
    }
}
