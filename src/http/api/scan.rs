//! Walks over held mails a piece at a time, so that the store's lock is never held for long.

use std::ops::ControlFlow;

use crate::http::work::Gone;
use crate::store::Store;
use crate::store::entry::Held;
use crate::store::shelf::Page;

/// Visits the mails of a page in its order, until a visit breaks or nobody waits any more.
pub(super) fn scan(
    store: &Store,
    mut page: Page,
    gone: &Gone,
    mut visit: impl FnMut(Held) -> ControlFlow<()>,
) {
    while !gone.is_gone() {
        let piece = store.page(page, PIECE);
        let Some(last) = piece.last().map(|held| held.entry.seq) else { return };
        page = match page {
            Page::Ascending(_, before) => Page::Ascending(last, before),
            Page::Descending(after, _) => Page::Descending(after, last),
        };
        let is_short = piece.len() < PIECE;
        for held in piece {
            if visit(held).is_break() {
                return;
            }
        }
        if is_short {
            return;
        }
    }
}

/// Mails cloned under the lock at a time: some 10 microseconds.
const PIECE: usize = 256;
