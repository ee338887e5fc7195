//! A set of the rows of a chunk, as bits: intersected and united many at a time.

use std::ops::BitAnd;
use std::ops::BitOr;
use std::ops::BitOrAssign;
use std::ops::Not;

/// How many mails a chunk takes.
pub(in crate::store) const ROWS_MAX: usize = 1_024;

/// The machine words of a set.
pub(in crate::store) const WORDS: usize = ROWS_MAX / WORD_BITS;

const WORD_BITS: usize = u64::BITS as usize;

/// Some of the rows 0 to [`ROWS_MAX`] - 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Rows([u64; WORDS]);

impl Rows {
    /// No row.
    pub(in crate::store) const NONE: Self = Self([0; WORDS]);

    /// The first rows.
    pub(in crate::store) fn first(count: usize) -> Self {
        let mut rows = Self::NONE;
        for (index, word) in rows.0.iter_mut().enumerate() {
            *word = match count.saturating_sub(index * WORD_BITS) {
                0 => 0,
                left if left >= WORD_BITS => u64::MAX,
                left => (1 << left) - 1,
            };
        }
        rows
    }

    /// Adds a row.
    pub(in crate::store) const fn insert(&mut self, row: usize) {
        self.0[row / WORD_BITS] |= 1 << (row % WORD_BITS);
    }

    /// Takes a row out.
    pub(in crate::store) const fn remove(&mut self, row: usize) {
        self.0[row / WORD_BITS] &= !(1 << (row % WORD_BITS));
    }

    /// Whether a row is among them.
    pub(in crate::store) const fn has(&self, row: usize) -> bool {
        self.0[row / WORD_BITS] & (1 << (row % WORD_BITS)) != 0
    }

    /// Whether there is none.
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many there are.
    pub(in crate::store) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many there are before a row: its place among them.
    pub(in crate::store) fn count_before(&self, row: usize) -> usize {
        (*self & Self::first(row)).count()
    }

    /// Those of them that are not among the others.
    #[must_use]
    pub(in crate::store) fn without(self, others: Self) -> Self {
        self & !others
    }

    /// The rows in ascending order.
    pub(in crate::store) fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                (bit < WORD_BITS).then(|| {
                    word &= word - 1;
                    index * WORD_BITS + bit
                })
            })
        })
    }

    /// Keeps what is in these words as well; words that are not given are empty.
    pub(in crate::store) fn keep(&mut self, words: &[u64]) {
        for (index, word) in self.0.iter_mut().enumerate() {
            *word &= words.get(index).copied().unwrap_or_default();
        }
    }
}

impl FromIterator<usize> for Rows {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        let mut set = Self::NONE;
        rows.into_iter().for_each(|row| set.insert(row));
        set
    }
}

impl BitAnd for Rows {
    type Output = Self;

    fn bitand(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        self
    }
}

impl BitOr for Rows {
    type Output = Self;

    fn bitor(mut self, other: Self) -> Self {
        self |= other;
        self
    }
}

impl BitOrAssign for Rows {
    fn bitor_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }
}

impl Not for Rows {
    type Output = Self;

    fn not(mut self) -> Self {
        self.0.iter_mut().for_each(|word| *word = !*word);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_order() {
        let rows: Rows = [1_023, 0, 64, 63].into_iter().collect();
        assert_eq!(rows.iter().collect::<Vec<_>>(), [0, 63, 64, 1_023]);
        assert_eq!((rows.count(), rows.count_before(64), rows.has(63)), (4, 2, true));
        assert_eq!(rows.without(Rows::first(64)).iter().collect::<Vec<_>>(), [64, 1_023]);
        assert!((rows & !rows).is_empty());
    }

    #[test]
    fn the_first_rows_are_as_many_as_asked_for() {
        for count in [0, 1, 63, 64, 65, 1_000, ROWS_MAX] {
            assert_eq!(Rows::first(count).count(), count);
        }
    }

    #[test]
    fn words_that_are_not_given_are_empty() {
        let mut rows = Rows::first(100);
        rows.keep(&[0b101]);
        assert_eq!(rows.iter().collect::<Vec<_>>(), [0, 2]);
    }
}
