//! Searching what was held at one moment: the structures say what they can, mails are asked the
//! rest, on all processors.
//!
//! A search never misses a mail of its snapshot: what no structure knows yet is asked itself.

mod asking;
mod look;
mod plan;
mod probe;
mod raw;
pub mod selection;
mod threads;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::query::Query;
use crate::store::entry::Held;
use crate::store::index::Index;
use crate::store::index::bounds::Bounds;
use crate::store::rows::Rows;
use crate::store::search::asking::Asking;
use crate::store::search::look::Look;
use crate::store::search::plan::Plan;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;
use crate::store::shelf::chunk::Chunk;

/// All that was held at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Oldest first.
    chunks: Vec<Arc<Chunk>>,
    /// Told when a search found no structures where there should be some.
    index_wanted: Arc<Notify>,
}

/// What a search is to bring.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Where to look for mails, and in which order.
    pub page: Page,
    /// How many mails at most.
    pub limit: usize,
    /// What to count.
    pub counting: Counting,
}

/// Which of the mails that match are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// None.
    Nothing,
    /// Those within the bounds of the page, however many of them it takes.
    Page,
    /// All, also outside of the page.
    All,
}

/// What a search brought.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The mails, in the order of the page.
    pub held: Vec<Held>,
    /// How many of those that were to be counted match; 0 when none were.
    pub matched: usize,
    /// Whether no more than those match. Counting is given up where it would take long.
    pub is_exact: bool,
}

/// Says that nobody waits for the answer any more.
pub type GivenUp<'a> = &'a (dyn Fn() -> bool + Sync);

impl Snapshot {
    /// Of these chunks.
    pub(super) const fn new(chunks: Vec<Arc<Chunk>>, index_wanted: Arc<Notify>) -> Self {
        Self { chunks, index_wanted }
    }

    /// Looks for mails. What it brings once it is given up means nothing.
    ///
    /// Structures that are missing are made first where that is little work, as while mail comes
    /// and searches follow each other. After a load it is much: then the mails are asked
    /// themselves, which takes less for this one search, and structures are asked for.
    pub fn search(&self, selection: &Selection, wanted: Wanted, given_up: GivenUp<'_>) -> Found {
        let plan = selection.query.as_ref().map(Query::expression).map(Plan::of);
        let lacking = if plan.is_some() { self.lacking() } else { Vec::new() };
        let mails = lacking.iter().flat_map(|chunk| chunk.iter());
        let bytes: usize = mails.map(|(_, held)| held.entry.raw.len()).sum();
        let is_much = bytes > MADE_FIRST_BYTES_MAX;
        if !is_much {
            make_all(&lacking, given_up);
        }
        let found = self.search_by(plan.as_ref(), selection, wanted, given_up);
        if is_much {
            self.index_wanted.notify_one();
        }
        found
    }

    fn search_by(
        &self,
        plan: Option<&Plan>,
        selection: &Selection,
        wanted: Wanted,
        given_up: GivenUp<'_>,
    ) -> Found {
        if wanted.counting != Counting::Nothing {
            return search(&self.chunks, plan, selection, wanted, given_up);
        }
        // Without a count, no further than the page needs.
        let mut held = Vec::new();
        let mut rest = self.chunks.as_slice();
        let mut count = 1;
        while !rest.is_empty() && held.len() < wanted.limit && !given_up() {
            let end = match wanted.page {
                Page::Ascending(..) => count.min(rest.len()),
                Page::Descending(..) => rest.len() - count.min(rest.len()),
            };
            let (older, newer) = rest.split_at(end);
            let chunks;
            (chunks, rest) = match wanted.page {
                Page::Ascending(..) => (older, newer),
                Page::Descending(..) => (newer, older),
            };
            let more = Wanted { limit: wanted.limit - held.len(), ..wanted };
            held.append(&mut search(chunks, plan, selection, more, given_up).held);
            count *= 4;
        }
        Found { held, matched: 0, is_exact: false }
    }

    /// Makes the structures of chunks that lack them, oldest first, until that is given up.
    pub fn index(&self, given_up: GivenUp<'_>) {
        for chunk in self.chunks.iter().filter(|chunk| lacks(chunk)) {
            if given_up() {
                return;
            }
            make_index(chunk, SPARE_MAILS);
        }
    }

    /// The same on all processors, for somebody who searches while mail comes, of full chunks.
    pub fn index_full_chunks(&self, given_up: GivenUp<'_>) {
        make_all(&self.lacking(), given_up);
    }

    /// The chunks that lack structures, but for the newest: it still grows, and would be indexed
    /// again and again.
    fn lacking(&self) -> Vec<&Chunk> {
        let full = self.chunks.iter().filter(|chunk| chunk.is_full() && lacks(chunk));
        full.map(|chunk| &**chunk).collect()
    }

    /// What the structures take in memory, in bytes.
    pub fn index_bytes(&self) -> usize {
        let indices = self.chunks.iter().filter_map(|chunk| chunk.index().index());
        indices.map(|index| index.size_bytes()).sum()
    }
}

fn search(
    chunks: &[Arc<Chunk>],
    plan: Option<&Plan>,
    selection: &Selection,
    wanted: Wanted,
    given_up: GivenUp<'_>,
) -> Found {
    let looks = threads::each(chunks.len(), 1, |at| {
        let chunk = &chunks[at];
        let in_page = rows_between(chunk, wanted.page);
        let rows = if wanted.counting == Counting::All { chunk.rows() } else { in_page };
        if given_up() || rows.is_empty() {
            return (Bounds::exactly(Rows::NONE), in_page);
        }
        (look(chunk, plan, selection, rows), in_page)
    });
    let (bounds, in_page) = looks.into_iter().unzip();
    Asking::new(chunks, bounds, in_page, selection, wanted).run(given_up)
}

/// What the structures tell of these rows of a chunk.
fn look(chunk: &Chunk, plan: Option<&Plan>, selection: &Selection, rows: Rows) -> Bounds {
    let bounds = match plan {
        None => Bounds::exactly(rows),
        Some(plan) => {
            let index = chunk.index().index();
            let look = Look { chunk, index: index.as_deref(), now: selection.now };
            look.bounds(plan, rows)
        }
    };
    if selection.inbox.is_none() {
        return bounds;
    }
    let mails = chunk.iter().filter(|(row, _)| bounds.possible.has(*row));
    let filed = mails.filter(|(_, held)| selection.covers_inbox(held)).map(|(row, _)| row);
    bounds.within(filed.collect())
}

fn lacks(chunk: &Chunk) -> bool {
    chunk.index().lacks(chunk.row_count()) > SPARE_MAILS
}

fn make_all(chunks: &[&Chunk], given_up: GivenUp<'_>) {
    threads::each(chunks.len(), 1, |at| {
        if !given_up() {
            make_index(chunks[at], SPARE_MAILS);
        }
    });
}

fn make_index(chunk: &Chunk, spare: usize) {
    let build = || Index::build(chunk.row_count(), chunk.iter());
    chunk.index().make(chunk.row_count(), spare, build);
}

/// The rows of a chunk that lie within the bounds of a page.
fn rows_between(chunk: &Chunk, page: Page) -> Rows {
    let (after, before) = page.bounds();
    let (first, last) = chunk.seqs();
    if after < first && last < before {
        return chunk.rows();
    }
    if last <= after || before <= first {
        return Rows::NONE;
    }
    let between = |held: &Held| after < held.entry.seq && held.entry.seq < before;
    chunk.iter().filter(|(_, held)| between(held)).map(|(row, _)| row).collect()
}

/// So few mails without structures are asked themselves: that is cheaper than making them anew.
const SPARE_MAILS: usize = 64;

/// Making the structures of so much mail takes a few hundredths of a second.
const MADE_FIRST_BYTES_MAX: usize = 16 * 1_024 * 1_024;

#[cfg(test)]
mod tests;
