//! `GET /v1/inboxes`: every inbox that holds something.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

use crate::http::api::Api;
use crate::http::api::types::inbox::Inbox;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::http::work::Gone;
use crate::store::Store;
use crate::store::entry::Seq;
use crate::store::shelf::Counts;
use crate::store::shelf::Page;

/// The inboxes by name, in the order of code points.
pub(super) async fn list(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let (counted, cursor) = api.context.store.inboxes();
    let store = Arc::clone(&api.context.store);
    let answer = api.work.aside(move |gone| {
        let inboxes = inboxes(&store, &counted, cursor.number, gone);
        content::json(&inboxes)
    });
    Ok(with_cursor(answer.await, cursor))
}

/// The inboxes with the times of their newest mails. `newest` is the last mail that counts.
///
/// The walk goes down from the newest mail and ends with the inbox that slept longest. An inbox
/// that it does not find has lost its last mail meanwhile: it has vanished and is left out.
fn inboxes(store: &Store, counted: &[(Box<str>, Counts)], newest: Seq, gone: &Gone) -> Vec<Inbox> {
    let mut found: HashMap<&str, Option<Timestamp>> =
        counted.iter().map(|(name, _)| (&**name, None)).collect();
    let mut missing = found.len();
    let mut before = newest.saturating_add(1);
    while missing > 0 && !gone.is_gone() {
        let piece = store.page(Page::Descending(0, before), PIECE);
        let Some(last) = piece.last() else { break };
        before = last.entry.seq;
        for entry in piece.iter().map(|held| &held.entry) {
            for name in entry.inboxes.iter() {
                if let Some(time @ None) = found.get_mut(&**name) {
                    *time = Some(entry.received_at);
                    missing -= 1;
                }
            }
        }
    }
    let mut inboxes: Vec<Inbox> = counted
        .iter()
        .filter_map(|(name, counts)| Some(Inbox::of(name, *counts, found[&**name]?)))
        .collect();
    inboxes.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    inboxes
}

/// Mails cloned under the lock at a time: some 10 microseconds. A snapshot would make the next
/// arrival copy the newest chunk, and the UI asks each second.
const PIECE: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::api::tests::context;

    #[test]
    fn an_inbox_that_vanished_meanwhile_is_left_out() {
        let counted = [("ci".into(), Counts { total: 1, unread: 1, raw_bytes: 1 })];
        assert!(inboxes(&context().store, &counted, 1, &Gone::default()).is_empty());
    }
}
