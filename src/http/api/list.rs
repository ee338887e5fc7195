//! `GET /v1/messages`: a page of the mails that are held.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::response::Response;

use crate::http::api::Api;
use crate::http::api::openapi::parameters as known;
use crate::http::api::selection;
use crate::http::api::types::List;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::error::Problem;
use crate::http::parameters;
use crate::http::parameters::Parameters;
use crate::http::parameters::takes;
use crate::http::work::Gone;
use crate::store::entry::Seq;
use crate::store::search;
use crate::store::search::Counting;
use crate::store::search::Found;
use crate::store::shelf::Page;

/// A page of mails.
pub(super) async fn messages(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let parameters = Parameters::parse(query.as_deref(), &known::names(known::LIST))?;
    let wanted = Wanted::of(&parameters)?;
    let selection = selection::of(&parameters)?;

    // One more than asked for tells whether there is a next page.
    let whole = wanted.limit + 1;
    let inbox = selection.inbox.as_deref();
    let (found, counts, cursor) = if selection.is_everything() {
        let (held, counts, cursor) = api.context.store.view(wanted.page, whole, inbox);
        (Found { held, matched: counts.total, is_exact: true }, counts, cursor)
    } else {
        let (snapshot, counts, cursor) = api.context.store.snapshot(inbox);
        let counts_query = selection.query.is_some();
        let counting = if counts_query { Counting::All } else { Counting::Nothing };
        let search = search::Wanted { page: wanted.page, limit: whole, counting };
        let look = move |gone: &Gone| snapshot.search(&selection, search, &|| gone.is_gone());
        let mut found = if counts.total == 0 {
            Found { is_exact: true, ..Found::default() }
        } else {
            api.work.aside(look).await
        };
        if !counts_query {
            (found.matched, found.is_exact) = (counts.total, true);
        }
        (found, counts, cursor)
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
        let limit = limit(parameters)?;
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

/// How many a page of a list holds.
pub(super) fn limit(parameters: &Parameters) -> Result<usize, Problem> {
    match parameters.number("limit", LIMIT_TAKES)? {
        None => Ok(LIMIT_DEFAULT),
        Some(limit) if limit <= LIMIT_MAX => Ok(limit),
        Some(limit) => Err(takes("limit", &limit.to_string(), LIMIT_TAKES)),
    }
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

/// How many a page of a list holds unless asked otherwise.
pub(super) const LIMIT_DEFAULT: usize = 50;
/// How many a page of a list may hold.
pub(super) const LIMIT_MAX: usize = 500;
const LIMIT_TAKES: &str = "a number from 0 to 500";
