//! `/v1/messages/{id}`: one mail, whole in JSON; its marks changed; gone.

use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::Response;

use crate::http::api::Api;
use crate::http::api::mail::Mail;
use crate::http::api::patch::Patch;
use crate::http::api::types::Deleted;
use crate::http::api::types::message::Message;
use crate::http::content;
use crate::http::content::Content;
use crate::http::content::etag;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::store::entry::Held;

/// The mail whole, but for its bytes.
pub(super) async fn show(State(api): State<Api>, mail: Mail) -> Response {
    let tag = tag(&mail.held);
    if mail.asked.has(&tag) {
        return Content::new("", JSON).tagged(tag).answer(&mail.asked);
    }
    let bytes = mail.held.entry.raw.len();
    let held = mail.held.clone();
    let base_path = Arc::clone(&api.base_path);
    let write = move || content::to_json(&Message::of(&held, &base_path));
    let json = api.work.on_bytes(bytes, write).await;
    Content::new(json, JSON).tagged(tag).answer(&mail.asked)
}

/// Its marks, changed.
pub(super) async fn change(
    State(api): State<Api>,
    mail: Mail,
    patch: Patch,
) -> Result<Response, Problem> {
    let id = mail.held.entry.id;
    let changed = api.context.store.change(id, |marks| patch.apply(marks));
    let Some((held, _)) = changed else { return Err(gone(&mail.held)) };
    let summaries = Arc::clone(&api.digests).of(&api.work, vec![held]).await;
    summaries.first().map(content::json).ok_or_else(|| gone(&mail.held))
}

/// Gone.
pub(super) async fn delete(State(api): State<Api>, mail: Mail) -> Result<Response, Problem> {
    if mail.is_spared {
        return Ok(content::json(&Deleted { deleted: 0 }));
    }
    match api.context.store.delete(&[mail.held.entry.seq]) {
        0 => Err(gone(&mail.held)),
        deleted => Ok(content::json(&Deleted { deleted })),
    }
}

/// Somebody else deleted it in this very moment.
fn gone(held: &Held) -> Problem {
    Problem::new(Kind::NoMessage, format!("The mail {} was just removed.", held.entry.id))
}

/// A mail never changes but for its marks.
fn tag(held: &Held) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    held.marks.tags().hash(&mut hasher);
    let read = u8::from(held.marks.read);
    let version = env!("CARGO_PKG_VERSION");
    etag(&format!("{}-{version}-{read}-{:x}", held.entry.id, hasher.finish()))
}

const JSON: &str = "application/json";
