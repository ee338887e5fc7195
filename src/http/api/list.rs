//! `GET /v1/messages`: a page of the mails that are held.

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::response::Response;

use crate::http::api::Api;
use crate::http::api::scan::scan;
use crate::http::api::selection;
use crate::http::api::selection::Selection;
use crate::http::api::types::List;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::error::Problem;
use crate::http::parameters;
use crate::http::parameters::Parameters;
use crate::http::parameters::takes;
use crate::http::work::Gone;
use crate::store::Store;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::shelf::Page;

/// A page of mails.
pub(super) async fn messages(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let known = [&["limit", "before", "after", "order"], &selection::PARAMETERS[..]].concat();
    let parameters = Parameters::parse(query.as_deref(), &known)?;
    let wanted = Wanted::of(&parameters)?;
    let selection = Selection::of(&parameters)?;

    // One more than asked for tells whether there is a next page.
    let whole = wanted.limit + 1;
    let looks_on = if selection.is_everything() { whole } else { 0 };
    let inbox = selection.inbox.as_deref();
    let (held, counts, cursor) = api.context.store.view(wanted.page, looks_on, inbox);
    let found = if counts.total == 0 || selection.is_everything() {
        Found { held, matched: counts.total, is_exact: true }
    } else {
        let counts_query = selection.query.is_some();
        let store = Arc::clone(&api.context.store);
        let mut found = api
            .work
            .aside(move |gone| find(&store, &selection, wanted.page, whole, cursor.number, gone))
            .await;
        if !counts_query {
            (found.matched, found.is_exact) = (counts.total, true);
        }
        found
    };

    let mut held = found.held;
    let has_next = held.len() > wanted.limit && wanted.limit > 0;
    held.truncate(wanted.limit);
    let last = held.last().map(|held| held.entry.seq).filter(|_| has_next);
    let messages = Arc::clone(&api.digests).of(&api.work, held).await;
    let list = List {
        messages,
        matched: found.is_exact.then_some(found.matched),
        matched_at_least: (!found.is_exact).then_some(found.matched),
        total: counts.total,
        unread: counts.unread,
        cursor: cursor.to_string(),
        next: last.map(|last| next(&api, &parameters, wanted.page, last)),
    };
    Ok(with_cursor(content::json(&list), cursor))
}

/// Which page is wanted.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    page: Page,
    limit: usize,
}

impl Wanted {
    fn of(parameters: &Parameters) -> Result<Self, Problem> {
        let limit = parameters.number("limit", LIMIT_TAKES)?.unwrap_or(LIMIT_DEFAULT);
        if limit > LIMIT_MAX {
            return Err(takes("limit", &limit.to_string(), LIMIT_TAKES));
        }
        let number = |name| parameters.number::<Seq>(name, "the seq of a mail");
        let after = number("after")?.unwrap_or(0);
        let before = number("before")?.unwrap_or(Seq::MAX);
        let page = match parameters.text("order") {
            None | Some("desc") => Page::Descending(after, before),
            Some("asc") => Page::Ascending(after, before),
            Some(other) => return Err(takes("order", other, "asc or desc")),
        };
        Ok(Self { page, limit })
    }
}

struct Found {
    held: Vec<Held>,
    matched: usize,
    is_exact: bool,
}

/// The mails of a page that are meant, and how many are in all. `newest` is the last mail that
/// counts.
fn find(
    store: &Store,
    selection: &Selection,
    page: Page,
    limit: usize,
    newest: Seq,
    gone: &Gone,
) -> Found {
    let mut held: Vec<Held> = Vec::new();
    let mut matched = 0;
    let mut left = CountBudget::default();
    scan(store, until(page, newest), gone, |mail| {
        let is_full = held.len() == limit;
        if is_full && (selection.query.is_none() || !left.takes(&mail)) {
            return ControlFlow::Break(());
        }
        if selection.covers(&mail) {
            matched += 1;
            if !is_full {
                held.push(mail);
            }
        }
        ControlFlow::Continue(())
    });
    // The count leaves paging aside: what lies on the other side of `before` and `after` counts
    // too.
    for page in beside(page) {
        scan(store, until(page, newest), gone, |mail| {
            if selection.query.is_none() || !left.takes(&mail) {
                return ControlFlow::Break(());
            }
            matched += usize::from(selection.covers(&mail));
            ControlFlow::Continue(())
        });
    }
    Found { held, matched, is_exact: !left.is_spent }
}

/// What may still be read to count what matches, once the page is full.
struct CountBudget {
    mails: usize,
    bytes: usize,
    is_spent: bool,
}

impl Default for CountBudget {
    fn default() -> Self {
        Self { mails: COUNTED_MAILS_MAX, bytes: COUNTED_BYTES_MAX, is_spent: false }
    }
}

impl CountBudget {
    fn takes(&mut self, mail: &Held) -> bool {
        let bytes = self.bytes.checked_sub(mail.entry.raw.len());
        match (self.mails.checked_sub(1), bytes) {
            (Some(mails), Some(bytes)) => (self.mails, self.bytes) = (mails, bytes),
            _ => self.is_spent = true,
        }
        !self.is_spent
    }
}

/// The page without the mails that came after this look began.
fn until(page: Page, newest: Seq) -> Page {
    let end = newest.saturating_add(1);
    match page {
        Page::Ascending(after, before) => Page::Ascending(after, before.min(end)),
        Page::Descending(after, before) => Page::Descending(after, before.min(end)),
    }
}

/// What lies outside of a page's bounds.
fn beside(page: Page) -> [Page; 2] {
    let (Page::Ascending(after, before) | Page::Descending(after, before)) = page;
    let newer = Page::Descending(before.saturating_sub(1).max(after), Seq::MAX);
    [newer, Page::Descending(0, after.saturating_add(1))]
}

/// The path of the page after the one that ended with `last`.
fn next(api: &Api, parameters: &Parameters, page: Page, last: Seq) -> String {
    let bound = match page {
        Page::Ascending(..) => "after",
        Page::Descending(..) => "before",
    };
    let mut query = parameters.without(&[bound]);
    parameters::append(&mut query, bound, last);
    format!("{}/v1/messages{query}", api.base_path)
}

const LIMIT_DEFAULT: usize = 50;
const LIMIT_MAX: usize = 500;
const LIMIT_TAKES: &str = "a number from 0 to 500";

/// Reading this much more takes some tenths of a second; the count is "at least" from there.
const COUNTED_MAILS_MAX: usize = 20_000;
const COUNTED_BYTES_MAX: usize = 128 * 1_024 * 1_024;
