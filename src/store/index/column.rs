//! One field of all mails of a chunk: which row has which of the values.

use crate::store::index::pool::IDS_MAX;
use crate::store::index::pool::Id;
use crate::store::index::pool::Ids;
use crate::store::index::pool::NONE;
use crate::store::rows::Rows;

/// The values of each row, in as little room as they need.
#[derive(Debug)]
pub(super) enum Column {
    /// No row has a value.
    Empty,
    /// Each row has this one.
    Same(Id),
    /// Each row has one at most.
    One(Box<[Id]>),
    /// The values of a row stand between its start and that of the next.
    Many { starts: Box<[u16]>, ids: Box<[Id]> },
}

impl Column {
    /// The rows that have one of these values.
    pub(super) fn rows(&self, wanted: &Ids) -> Rows {
        if wanted.is_empty() {
            return Rows::NONE;
        }
        match self {
            Self::Empty => Rows::NONE,
            Self::Same(id) if wanted.has(*id) => !Rows::NONE,
            Self::Same(_) => Rows::NONE,
            Self::One(ids) => {
                let with_rows = ids.iter().enumerate();
                with_rows.filter(|(_, id)| wanted.has(**id)).map(|(row, _)| row).collect()
            }
            Self::Many { starts, ids } => {
                let of_row = |(row, span): (usize, &[u16])| {
                    let ids = &ids[usize::from(span[0])..usize::from(span[1])];
                    ids.iter().any(|id| wanted.has(*id)).then_some(row)
                };
                starts.windows(2).enumerate().filter_map(of_row).collect()
            }
        }
    }

    /// The rows that have any value.
    pub(super) fn filled(&self) -> Rows {
        match self {
            Self::Empty => Rows::NONE,
            Self::Same(_) => !Rows::NONE,
            Self::One(ids) => {
                let with_rows = ids.iter().enumerate();
                with_rows.filter(|(_, id)| **id != NONE).map(|(row, _)| row).collect()
            }
            Self::Many { starts, .. } => {
                let spans = starts.windows(2).enumerate();
                spans.filter(|(_, span)| span[0] < span[1]).map(|(row, _)| row).collect()
            }
        }
    }

    pub(super) fn size_bytes(&self) -> usize {
        match self {
            Self::Empty | Self::Same(_) => 0,
            Self::One(ids) => size_of_val(&**ids),
            Self::Many { starts, ids } => size_of_val(&**starts) + size_of_val(&**ids),
        }
    }
}

/// A column while it is filled, row after row.
#[derive(Debug, Default)]
pub(super) struct ColumnBuilder {
    starts: Vec<u16>,
    ids: Vec<Id>,
}

impl ColumnBuilder {
    /// Whether the values of a row fit.
    pub(super) fn fits(&self, ids: &[Id]) -> bool {
        ids.len() <= VALUES_MAX && self.ids.len() + ids.len() <= IDS_MAX
    }

    /// Adds the values of the next row, which fit.
    pub(super) fn push(&mut self, ids: &[Id]) {
        self.starts.push(u16::try_from(self.ids.len()).unwrap_or(u16::MAX));
        self.ids.extend_from_slice(ids);
    }

    pub(super) fn build(mut self) -> Column {
        let Some(first) = self.ids.first().copied() else { return Column::Empty };
        let end = u16::try_from(self.ids.len()).unwrap_or(u16::MAX);
        self.starts.push(end);
        let lengths = || self.starts.windows(2).map(|span| span[1] - span[0]);
        if lengths().any(|length| length > 1) {
            return Column::Many { starts: self.starts.into(), ids: self.ids.into() };
        }
        if lengths().all(|length| length == 1) && self.ids.iter().all(|id| *id == first) {
            return Column::Same(first);
        }
        let mut ids = self.ids.iter().copied();
        let of_row = |length| if length == 0 { NONE } else { ids.next().unwrap_or(NONE) };
        let ids = lengths().map(of_row).collect();
        Column::One(ids)
    }
}

/// A row with more values is asked itself.
const VALUES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn column(rows: &[&[Id]]) -> Column {
        let mut builder = ColumnBuilder::default();
        for ids in rows {
            assert!(builder.fits(ids));
            builder.push(ids);
        }
        builder.build()
    }

    fn found(column: &Column, wanted: &[Id], row_count: usize) -> Vec<usize> {
        let mut ids = Ids::none();
        wanted.iter().for_each(|id| ids.insert(*id));
        (column.rows(&ids) & Rows::first(row_count)).iter().collect()
    }

    #[test]
    fn each_way_to_keep_values_gives_the_same_answers() {
        for rows in [
            &[&[][..], &[]][..],
            &[&[7], &[7], &[7]],
            &[&[7], &[], &[8], &[7]],
            &[&[7, 8], &[], &[9], &[9, 7]],
        ] {
            let column = column(rows);
            for wanted in [&[7][..], &[8, 9], &[], &[1_000]] {
                let has = |ids: &&[Id]| ids.iter().any(|id| wanted.contains(id));
                let expected: Vec<usize> = (0..rows.len()).filter(|row| has(&rows[*row])).collect();
                assert_eq!(found(&column, wanted, rows.len()), expected, "{rows:?} {wanted:?}");
            }
            let filled: Vec<usize> = (0..rows.len()).filter(|r| !rows[*r].is_empty()).collect();
            let all = column.filled() & Rows::first(rows.len());
            assert_eq!(all.iter().collect::<Vec<_>>(), filled);
        }
    }

    #[test]
    fn a_row_of_too_many_values_does_not_fit() {
        let builder = ColumnBuilder::default();
        assert!(builder.fits(&[1; VALUES_MAX]));
        assert!(!builder.fits(&[1; VALUES_MAX + 1]));
    }
}
