//! Asking the mails that no structure speaks for, in the order of the page, as few as will do.

use std::sync::Arc;

use crate::store::facts::HeldFacts;
use crate::store::index::bounds::Bounds;
use crate::store::rows::Rows;
use crate::store::search::Counting;
use crate::store::search::Found;
use crate::store::search::GivenUp;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::search::threads;
use crate::store::shelf::Page;
use crate::store::shelf::chunk::Chunk;

/// A search while mails are asked.
pub(super) struct Asking<'a> {
    chunks: &'a [Arc<Chunk>],
    /// What is known of each chunk; grows more certain.
    bounds: Vec<Bounds>,
    /// The rows of each chunk that the page covers.
    in_page: Vec<Rows>,
    selection: &'a Selection,
    wanted: Wanted,
}

/// A row of a chunk.
type Place = (usize, usize);

impl<'a> Asking<'a> {
    pub(super) const fn new(
        chunks: &'a [Arc<Chunk>],
        bounds: Vec<Bounds>,
        in_page: Vec<Rows>,
        selection: &'a Selection,
        wanted: Wanted,
    ) -> Self {
        Self { chunks, bounds, in_page, selection, wanted }
    }

    /// Asks until the page is full and what matches is counted, or that would take long.
    pub(super) fn run(mut self, given_up: GivenUp<'_>) -> Found {
        let open = self.open();
        let counts = self.wanted.counting != Counting::Nothing;
        let mut asked = 0;
        let mut budget = Budget::default();
        let mut batch = self.wanted.limit.clamp(BATCH_MIN, BATCH_MAX);
        while asked < open.len() && !given_up() {
            let is_full = self.is_full(open[asked]);
            if is_full && (!counts || budget.is_spent) {
                break;
            }
            let mut places = &open[asked..open.len().min(asked + batch)];
            if is_full {
                let affordable =
                    places.iter().take_while(|place| budget.takes(self.bytes(**place)));
                places = &places[..affordable.count()];
            }
            self.ask(places, given_up);
            asked += places.len();
            batch = BATCH_MAX.min(batch * 2);
        }
        let is_exact = counts && asked == open.len();
        let matched = self.bounds.iter().map(|bounds| bounds.certain.count()).sum();
        Found { held: self.page(), matched: if counts { matched } else { 0 }, is_exact }
    }

    /// The rows to ask: those of the page in its order, then the others.
    fn open(&self) -> Vec<Place> {
        let within = |in_page: bool| {
            self.order().flat_map(move |at| {
                let page = self.in_page[at];
                let rows = if in_page { page } else { !page };
                self.ordered(self.bounds[at].open() & rows).map(move |row| (at, row))
            })
        };
        let mut open: Vec<Place> = within(true).collect();
        if self.wanted.counting == Counting::All {
            open.extend(within(false));
        }
        open
    }

    fn ask(&mut self, places: &[Place], given_up: GivenUp<'_>) {
        let chunks = self.chunks;
        let selection = self.selection;
        let bytes: usize = places.iter().map(|place| self.bytes(*place)).sum();
        let group = if bytes < ALONE_BYTES_MAX { places.len() } else { GROUP };
        let answers = threads::each(places.len(), group.max(1), |index| {
            let (at, row) = places[index];
            let held = chunks[at].by_row(row).filter(|_| !given_up());
            held.is_some_and(|held| {
                let index = chunks[at].index().index();
                let skims = index.is_some_and(|index| index.verbatim().skimmed.has(row));
                let facts = HeldFacts::new(held);
                selection.matches(&if skims { facts.skimming() } else { facts })
            })
        });
        for ((at, row), matches) in places.iter().zip(answers) {
            let bounds = &mut self.bounds[*at];
            if matches {
                bounds.certain.insert(*row);
            } else {
                bounds.possible.remove(*row);
            }
        }
    }

    fn bytes(&self, (at, row): Place) -> usize {
        self.chunks[at].by_row(row).map_or(0, |held| held.entry.raw.len())
    }

    /// Whether enough mails are known to match before this one, in the order of the page.
    fn is_full(&self, (next_at, next_row): Place) -> bool {
        if !self.in_page[next_at].has(next_row) {
            return true;
        }
        let mut known = 0;
        for at in self.order() {
            let rows = self.bounds[at].certain & self.in_page[at];
            if at != next_at {
                known += rows.count();
                if known >= self.wanted.limit {
                    return true;
                }
                continue;
            }
            let before = Rows::first(next_row);
            let before = if self.is_ascending() { before } else { !before };
            return known + (rows & before).count() >= self.wanted.limit;
        }
        false
    }

    /// The mails of the page that match.
    fn page(&self) -> Vec<crate::store::entry::Held> {
        let places = self.order().flat_map(|at| {
            let rows = self.bounds[at].certain & self.in_page[at];
            self.ordered(rows).filter_map(move |row| self.chunks[at].by_row(row))
        });
        places.take(self.wanted.limit).cloned().collect()
    }

    /// The chunks in the order of the page.
    fn order(&self) -> impl Iterator<Item = usize> + use<> {
        let count = self.chunks.len();
        let is_ascending = self.is_ascending();
        (0..count).map(move |index| if is_ascending { index } else { count - 1 - index })
    }

    /// Rows in the order of the page.
    fn ordered(&self, rows: Rows) -> impl Iterator<Item = usize> + use<> {
        let mut rows: Vec<usize> = rows.iter().collect();
        if !self.is_ascending() {
            rows.reverse();
        }
        rows.into_iter()
    }

    const fn is_ascending(&self) -> bool {
        matches!(self.wanted.page, Page::Ascending(..))
    }
}

/// What may still be read to count what matches, once the page is full.
struct Budget {
    mails: usize,
    bytes: usize,
    is_spent: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { mails: COUNTED_MAILS_MAX, bytes: COUNTED_BYTES_MAX, is_spent: false }
    }
}

impl Budget {
    const fn takes(&mut self, bytes: usize) -> bool {
        match (self.mails.checked_sub(1), self.bytes.checked_sub(bytes)) {
            (Some(mails), Some(bytes)) => (self.mails, self.bytes) = (mails, bytes),
            _ => self.is_spent = true,
        }
        !self.is_spent
    }
}

/// Reading this much more takes some hundredths of a second; the count is "at least" from there.
const COUNTED_MAILS_MAX: usize = 4_096;
const COUNTED_BYTES_MAX: usize = 16 * 1_024 * 1_024;

/// Mails asked before it is looked whether more need be.
const BATCH_MIN: usize = 64;
const BATCH_MAX: usize = 16_384;

/// So little is asked without the help of other threads.
const ALONE_BYTES_MAX: usize = 128 * 1_024;

/// Mails a thread asks at a time.
const GROUP: usize = 16;
