//! The mails held, in arrival order, and what they add up to.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::message::id::MessageId;
use crate::store::entry::Entry;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::entry::Seq;

/// Mails in arrival order: by `seq`, and so by id.
#[derive(Debug, Default)]
pub struct Shelf {
    held: VecDeque<Held>,
    size_bytes: usize,
    all: Counts,
    /// Every inbox that holds something.
    inboxes: HashMap<Box<str>, Counts>,
}

/// What some mails add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many there are.
    pub total: usize,
    /// How many of them nobody has read.
    pub unread: usize,
    /// Their raw bytes.
    pub raw_bytes: usize,
}

/// A side of the shelf to take mails from. Bounds are exclusive.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    /// Oldest first, from those that arrived after the first number and before the second.
    Ascending(Seq, Seq),
    /// Newest first, from those that arrived after the first number and before the second.
    Descending(Seq, Seq),
}

impl Shelf {
    /// Adds the newest mail.
    pub fn insert(&mut self, entry: Arc<Entry>) {
        self.size_bytes += entry.size_bytes();
        let held = Held { entry, marks: Marks::default() };
        self.count(&held, Counts::add);
        self.held.push_back(held);
    }

    /// Replaces the marks of a mail, if it is held.
    pub fn change(&mut self, seq: Seq, marks: Marks) {
        let Ok(index) = self.index_of(seq) else { return };
        let before = self.held[index].clone();
        self.held[index].marks = marks;
        let after = self.held[index].clone();
        self.count(&before, Counts::subtract);
        self.count(&after, Counts::add);
    }

    /// Removes mails by ascending or unordered numbers; what is not held is passed over.
    pub fn remove(&mut self, seqs: &[Seq]) -> Vec<Held> {
        let mut indices: Vec<usize> =
            seqs.iter().filter_map(|seq| self.index_of(*seq).ok()).collect();
        indices.sort_unstable();
        indices.dedup();
        let gone: Vec<Held> = match indices.as_slice() {
            [] => Vec::new(),
            // The oldest, as eviction takes them: nothing has to move.
            [.., last] if last + 1 == indices.len() => self.held.drain(..=*last).collect(),
            [index] => self.held.remove(*index).into_iter().collect(),
            _ => self.remove_indices(&indices),
        };
        self.uncount(&gone);
        gone
    }

    /// Removes every mail up to and including a number.
    pub fn remove_until(&mut self, until: Seq) -> Vec<Held> {
        let end = self.held.partition_point(|held| held.entry.seq <= until);
        let gone: Vec<Held> = self.held.drain(..end).collect();
        self.uncount(&gone);
        gone
    }

    /// The oldest mails whose removal brings the shelf down to `bytes`, at most `limit` of them.
    pub fn oldest_above(&self, bytes: usize, limit: usize) -> Vec<Seq> {
        let mut left = self.size_bytes;
        let mut seqs = Vec::new();
        for held in self.held.iter().take(limit) {
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
        self.held.get(self.index_of(seq).ok()?)
    }

    /// The mail of this id: ids ascend with the numbers.
    pub fn by_id(&self, id: MessageId) -> Option<&Held> {
        let index = self.held.binary_search_by_key(&id, |held| held.entry.id).ok()?;
        self.held.get(index)
    }

    /// Up to `limit` mails of a page.
    pub fn page(&self, page: Page, limit: usize) -> Vec<Held> {
        let (Page::Ascending(after, before) | Page::Descending(after, before)) = page;
        let start = self.held.partition_point(|held| held.entry.seq <= after);
        let end = self.held.partition_point(|held| held.entry.seq < before).max(start);
        let range = self.held.range(start..end);
        match page {
            Page::Ascending(..) => range.take(limit).cloned().collect(),
            Page::Descending(..) => range.rev().take(limit).cloned().collect(),
        }
    }

    /// What is held, in all or in one inbox.
    pub fn counts(&self, inbox: Option<&str>) -> Counts {
        inbox.map_or(self.all, |name| self.inboxes.get(name).copied().unwrap_or_default())
    }

    fn index_of(&self, seq: Seq) -> Result<usize, usize> {
        self.held.binary_search_by_key(&seq, |held| held.entry.seq)
    }

    /// Moves each mail at most once, however many leave.
    fn remove_indices(&mut self, indices: &[usize]) -> Vec<Held> {
        let mut leaving = indices.iter().copied().peekable();
        let mut gone = Vec::with_capacity(indices.len());
        let mut index = 0;
        self.held.retain(|held| {
            let leaves = leaving.next_if_eq(&index).is_some();
            if leaves {
                gone.push(held.clone());
            }
            index += 1;
            !leaves
        });
        gone
    }

    fn uncount(&mut self, gone: &[Held]) {
        for held in gone {
            self.size_bytes -= held.entry.size_bytes();
            self.count(held, Counts::subtract);
        }
        self.shrink();
    }

    /// Gives room back once three quarters of it stand empty.
    fn shrink(&mut self) {
        if self.held.capacity() > SPARE_MAILS_MIN && self.held.len() < self.held.capacity() / 4 {
            self.held.shrink_to(self.held.len() * 2);
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
}

impl Counts {
    fn add(&mut self, held: &Held) {
        self.total += 1;
        self.unread += usize::from(!held.marks.read);
        self.raw_bytes += held.entry.raw.len();
    }

    fn subtract(&mut self, held: &Held) {
        self.total -= 1;
        self.unread -= usize::from(!held.marks.read);
        self.raw_bytes -= held.entry.raw.len();
    }
}

/// Below this many places nothing is given back.
const SPARE_MAILS_MIN: usize = 1_024;
