//! What is known of an answer: the rows it holds for at least, and at most.

use std::ops::Not;

use crate::store::rows::Rows;

/// The rows that may match, and those of them that do for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Bounds {
    /// No other row matches.
    pub(in crate::store) possible: Rows,
    /// Each of these matches.
    pub(in crate::store) certain: Rows,
}

impl Bounds {
    /// Nothing is known of these rows.
    pub(in crate::store) const fn unknown(rows: Rows) -> Self {
        Self { possible: rows, certain: Rows::NONE }
    }

    /// These rows match and no others.
    pub(in crate::store) const fn exactly(rows: Rows) -> Self {
        Self { possible: rows, certain: rows }
    }

    /// The rows that have to be asked themselves.
    pub(in crate::store) fn open(self) -> Rows {
        self.possible.without(self.certain)
    }

    /// The same, and these rows may match.
    #[must_use]
    pub(in crate::store) fn or_perhaps(mut self, rows: Rows) -> Self {
        self.possible |= rows;
        self
    }

    /// What holds when either does.
    #[must_use]
    pub(in crate::store) fn or(self, other: Self) -> Self {
        Self { possible: self.possible | other.possible, certain: self.certain | other.certain }
    }

    /// What holds when both do.
    #[must_use]
    pub(in crate::store) fn and(self, other: Self) -> Self {
        Self { possible: self.possible & other.possible, certain: self.certain & other.certain }
    }

    /// Only these rows.
    #[must_use]
    pub(in crate::store) fn within(self, rows: Rows) -> Self {
        self.and(Self::exactly(rows))
    }

    /// No more than a hint: what was certain is only possible.
    #[must_use]
    pub(in crate::store) const fn hint(self) -> Self {
        Self { possible: self.possible, certain: Rows::NONE }
    }
}

impl Not for Bounds {
    type Output = Self;

    fn not(self) -> Self {
        Self { possible: !self.certain, certain: !self.possible }
    }
}
