//! PATCH and DELETE of `/v1/messages`: many mails at once, never all of them by accident.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::response::Response;

use crate::http::api::Api;
use crate::http::api::openapi::parameters as known;
use crate::http::api::patch::Patch;
use crate::http::api::selection;
use crate::http::api::types::Changed;
use crate::http::api::types::Deleted;
use crate::http::content;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::http::work::Gone;
use crate::store::Store;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::search::Counting;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;

/// Marks every mail that is meant.
pub(super) async fn change(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    patch: Patch,
) -> Result<Response, Problem> {
    let meant = Meant::of(&api, query.as_deref())?;
    let store = Arc::clone(&api.context.store);
    let change = move |gone: &Gone| {
        let mut changed = 0;
        for held in meant.mails(&store, gone) {
            let outcome = store.change(held.entry.id, |marks| patch.apply(marks));
            changed += usize::from(outcome.is_some_and(|(_, is_changed)| is_changed));
        }
        changed
    };
    let changed = api.work.aside(change).await;
    Ok(content::json(&Changed { changed }))
}

/// Removes every mail that is meant.
pub(super) async fn delete(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let meant = Meant::of(&api, query.as_deref())?;
    let store = Arc::clone(&api.context.store);
    if meant.selection.is_everything() {
        // One event, and the mails are freed where nobody waits for it.
        let deleted = api.work.aside(move |_| store.clear(meant.until)).await;
        return Ok(content::json(&Deleted { deleted }));
    }
    let delete = move |gone: &Gone| {
        let seqs: Vec<Seq> = meant.mails(&store, gone).iter().map(|held| held.entry.seq).collect();
        store.delete(&seqs)
    };
    let deleted = api.work.aside(delete).await;
    Ok(content::json(&Deleted { deleted }))
}

/// The mails that a change is meant for.
struct Meant {
    selection: Selection,
    /// The newest that is meant: what comes later is spared, as is what comes while this runs.
    until: Seq,
}

impl Meant {
    fn of(api: &Api, query: Option<&str>) -> Result<Self, Problem> {
        let parameters = Parameters::parse(query, &known::names(known::BULK))?;
        let selection = selection::of(&parameters)?;
        let is_all = parameters.flag("all")?;
        let blank = parameters.text("q").is_some_and(|words| words.trim().is_empty());
        match (is_all, selection.is_everything()) {
            (false, true) => return Err(nothing_selected()),
            (true, false) => {
                return Err(all_and_more());
            }
            _ if blank => return Err(nothing_selected()),
            _ => {}
        }
        let until = selection::until(api, &parameters)?;
        Ok(Self { selection, until })
    }

    /// All of them, oldest first; none when nobody waits any more.
    fn mails(&self, store: &Store, gone: &Gone) -> Vec<Held> {
        let page = Page::Ascending(0, self.until.saturating_add(1));
        let all = Wanted { page, limit: usize::MAX, counting: Counting::Nothing };
        let (snapshot, ..) = store.snapshot(None);
        let found = snapshot.search(&self.selection, all, &|| gone.is_gone());
        if gone.is_gone() { Vec::new() } else { found.held }
    }
}

fn all_and_more() -> Problem {
    let detail = "all=true means every mail and stands alone: leave it out to change those that \
                  the other parameters select, or leave out those.";
    Problem::new(Kind::InvalidParameter, detail).with("parameter", "all")
}

fn nothing_selected() -> Problem {
    let detail = "Say which mails are meant: q=…, to=…, from=…, rcpt=…, subject=…, text=… or \
                  inbox=… (not blank), or all=true.";
    Problem::new(Kind::NothingSelected, detail)
}
