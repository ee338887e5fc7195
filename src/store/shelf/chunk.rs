//! Mails that arrived one after the other, shared between the shelf and those who read it.
//!
//! A reader holds on to a chunk as it was: whoever changes it meanwhile changes a copy. Each mail
//! keeps its row, the number it has for the index, while others leave.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::message::id::MessageId;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::entry::Seq;
use crate::store::index::Place;
use crate::store::rows::ROWS_MAX;
use crate::store::rows::Rows;

/// Up to [`ROWS_MAX`] mails in arrival order.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Chunk {
    held: VecDeque<Held>,
    /// The rows of the mails held, in their order.
    rows: Rows,
    /// How many rows were given out; those of mails that left are not given again.
    row_count: usize,
    index: Arc<Place>,
}

impl Chunk {
    /// Whether there are no rows for more mails.
    pub(in crate::store) const fn is_full(&self) -> bool {
        self.row_count == ROWS_MAX
    }

    /// How many mails there are.
    pub(in crate::store) fn len(&self) -> usize {
        self.held.len()
    }

    /// Adds the newest mail.
    pub(in crate::store) fn push(&mut self, held: Held) {
        self.held.push_back(held);
        self.rows.insert(self.row_count);
        self.row_count += 1;
    }

    /// The mails with their rows, oldest first.
    pub(in crate::store) fn iter(&self) -> impl Iterator<Item = (usize, &Held)> {
        self.rows.iter().zip(&self.held)
    }

    /// The rows of the mails held.
    pub(in crate::store) const fn rows(&self) -> Rows {
        self.rows
    }

    /// How many rows were given out.
    pub(in crate::store) const fn row_count(&self) -> usize {
        self.row_count
    }

    /// The mail of a row.
    pub(in crate::store) fn by_row(&self, row: usize) -> Option<&Held> {
        let is_held = self.rows.has(row);
        is_held.then(|| self.held.get(self.rows.count_before(row))).flatten()
    }

    /// Where the structures for searching are kept.
    pub(in crate::store) fn index(&self) -> &Place {
        &self.index
    }

    /// The numbers of the first and the last mail.
    pub(in crate::store) fn seqs(&self) -> (Seq, Seq) {
        (self.first_seq(), self.last_seq())
    }

    pub(super) fn first_seq(&self) -> Seq {
        self.held.front().map_or(Seq::MAX, |held| held.entry.seq)
    }

    pub(super) fn last_seq(&self) -> Seq {
        self.held.back().map_or(0, |held| held.entry.seq)
    }

    pub(super) fn is_before(&self, id: MessageId) -> bool {
        self.held.back().is_none_or(|held| held.entry.id < id)
    }

    /// Where the mail of a number is, or would be.
    pub(super) fn position_of(&self, seq: Seq) -> Result<usize, usize> {
        self.held.binary_search_by_key(&seq, |held| held.entry.seq)
    }

    pub(super) fn by_seq(&self, seq: Seq) -> Option<&Held> {
        self.held.get(self.position_of(seq).ok()?)
    }

    pub(super) fn by_id(&self, id: MessageId) -> Option<&Held> {
        let position = self.held.binary_search_by_key(&id, |held| held.entry.id).ok()?;
        self.held.get(position)
    }

    /// The mails after the first number and before the second, oldest first.
    pub(super) fn between(
        &self,
        after: Seq,
        before: Seq,
    ) -> impl DoubleEndedIterator<Item = &Held> {
        let start = self.held.partition_point(|held| held.entry.seq <= after);
        let end = self.held.partition_point(|held| held.entry.seq < before).max(start);
        self.held.range(start..end)
    }

    pub(super) fn set_marks(&mut self, position: usize, marks: Marks) {
        if let Some(held) = self.held.get_mut(position) {
            held.marks = marks;
        }
    }

    /// Takes all mails out; a copy of them when somebody still reads this chunk.
    pub(super) fn drain(chunk: &mut Arc<Self>, gone: &mut Vec<Held>) {
        match Arc::get_mut(chunk) {
            Some(chunk) => gone.extend(chunk.held.drain(..)),
            None => gone.extend(chunk.held.iter().cloned()),
        }
    }

    /// Takes out the mails at these positions, which ascend.
    pub(super) fn remove(&mut self, positions: &[usize], gone: &mut Vec<Held>) {
        let leaving: Rows = {
            let mut rows = self.rows.iter();
            let mut next = 0;
            let row_at = |position: &usize| {
                let row = rows.nth(position - next);
                next = position + 1;
                row
            };
            positions.iter().filter_map(row_at).collect()
        };
        self.rows = self.rows.without(leaving);
        match positions {
            // The oldest, as eviction takes them: nothing has to move.
            [.., last] if last + 1 == positions.len() => gone.extend(self.held.drain(..=*last)),
            [position] => gone.extend(self.held.remove(*position)),
            _ => self.remove_scattered(positions, gone),
        }
    }

    /// Moves each mail at most once, however many leave.
    fn remove_scattered(&mut self, positions: &[usize], gone: &mut Vec<Held>) {
        let mut leaving = positions.iter().copied().peekable();
        let mut position = 0;
        self.held.retain(|held| {
            let leaves = leaving.next_if_eq(&position).is_some();
            if leaves {
                gone.push(held.clone());
            }
            position += 1;
            !leaves
        });
    }

    /// Whether so many left that what is kept for them is better thrown away.
    pub(super) fn is_sparse(&self) -> bool {
        self.len() < self.row_count / 2
    }

    /// The same mails and those of the next chunk, in rows without gaps and without an index.
    pub(super) fn joined(&self, next: Option<&Self>) -> Self {
        let behind = next.into_iter().flat_map(|next| &next.held);
        let held: VecDeque<Held> = self.held.iter().chain(behind).cloned().collect();
        let row_count = held.len();
        Self { held, rows: Rows::first(row_count), row_count, index: Arc::default() }
    }
}
