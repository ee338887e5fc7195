//! The native API under `/v1`: which path is which handler. One file for each resource.
//!
//! Knows nothing of other tools' APIs, and nothing outside of `http` knows it but its wire types.

mod bodies;
mod bulk;
mod create;
mod description;
mod digests;
mod docs;
mod draft;
mod events;
mod expect;
mod inboxes;
mod json_object;
mod list;
mod mail;
mod message;
mod openapi;
mod parts;
mod patch;
mod prometheus;
mod selection;
mod server;
mod sessions;
pub mod types;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::middleware;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::MethodRouter;
use axum::routing::get;
use axum::routing::post;
use tokio::sync::Semaphore;

use crate::http::api::description::Description;
use crate::http::api::digests::Digests;
use crate::http::context::Context;
use crate::http::context::HttpLimits;
use crate::http::context::HttpOptions;
use crate::http::work::Work;
use crate::store::Store;
use crate::store::cursor::Cursor;

/// What the handlers share.
#[derive(Clone, Debug)]
struct Api {
    context: Context,
    base_path: Arc<str>,
    limits: HttpLimits,
    digests: Arc<Digests>,
    description: Arc<Description>,
    work: Work,
    event_streams: Arc<Semaphore>,
    /// A permit for each KiB of mail that is being posted.
    posted: Arc<Semaphore>,
}

/// The routes of the API and of the probes, below the base path.
pub(super) fn routes(context: Context, options: &HttpOptions) -> Router {
    let api = Api {
        context,
        base_path: options.base_path.as_str().into(),
        limits: options.limits.clone(),
        digests: Arc::default(),
        description: Arc::default(),
        work: Work::default(),
        event_streams: Arc::new(Semaphore::new(options.limits.event_streams_max)),
        posted: Arc::new(Semaphore::new(options.limits.posted_kibibytes_max())),
    };
    let base_path = options.base_path.as_str();
    let at = |path: &str| format!("{base_path}{path}");
    let probes_at = |base_path: &str| {
        Router::new()
            .route(&format!("{base_path}/livez"), get(server::live))
            .route(&format!("{base_path}/readyz"), get(server::ready))
            .route(&format!("{base_path}/metrics"), get(prometheus::metrics))
    };
    let mut probes = probes_at("");
    if !base_path.is_empty() {
        probes = probes.merge(probes_at(base_path));
    }
    resources(options.limits.posted_bytes_max())
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| router.route(&at(path), methods))
        .layer(DefaultBodyLimit::max(options.limits.body_bytes_max))
        .merge(probes)
        .with_state(api)
}

/// The paths below `/v1`, and what answers there.
fn resources(posted_bytes_max: usize) -> [(&'static str, MethodRouter<Api>); 18] {
    let messages = get(list::messages).patch(bulk::change).delete(bulk::delete);
    let create = post(create::create).layer(DefaultBodyLimit::max(posted_bytes_max));
    [
        ("/v1/messages", messages.merge(create)),
        ("/v1/messages/{id}", get(message::show).patch(message::change).delete(message::delete)),
        ("/v1/messages/{id}/raw", get(bodies::raw)),
        ("/v1/messages/{id}/html", get(bodies::html)),
        ("/v1/messages/{id}/text", get(bodies::text)),
        ("/v1/messages/{id}/headers", get(bodies::headers)),
        ("/v1/messages/{id}/parts/{path}", get(parts::part)),
        ("/v1/messages/{id}/transcript", get(sessions::of_mail)),
        ("/v1/inboxes", get(inboxes::list)),
        ("/v1/sessions", get(sessions::list)),
        ("/v1/sessions/{id}", get(sessions::show)),
        ("/v1/cursor", get(server::cursor)),
        ("/v1/info", get(server::info)),
        ("/v1/ca.pem", get(server::ca)),
        ("/v1/events", get(events::events)),
        ("/v1/expect", get(expect::get).post(expect::post)),
        ("/v1/openapi.json", get(description::json)),
        ("/v1/docs", get(description::page)),
    ]
}

/// Says the cursor on every answer below `/v1`, whatever route or none it is of.
pub(super) fn say_cursors(router: Router, store: Arc<Store>, base_path: &str) -> Router {
    let below: Arc<str> = format!("{base_path}/v1/").into();
    let state = (store, below);
    router.layer(middleware::from_fn_with_state(state, say_cursor))
}

/// What is read was true at this moment or after it: a mail that the answer does not know of is
/// later than its cursor, so that no wait from there on misses it. What is changed is behind it.
async fn say_cursor(
    State((store, below)): State<(Arc<Store>, Arc<str>)>,
    request: Request,
    next: Next,
) -> Response {
    if !request.uri().path().starts_with(&*below) {
        return next.run(request).await;
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let before = store.cursor();
    let response = next.run(request).await;
    if response.headers().contains_key(CURSOR) {
        return response;
    }
    with_cursor(response, if reads { before } else { store.cursor() })
}

/// Says the very cursor that stands in the body.
fn with_cursor(mut response: Response, cursor: Cursor) -> Response {
    response.headers_mut().insert(CURSOR, cursor_value(cursor));
    response
}

fn cursor_value(cursor: Cursor) -> HeaderValue {
    HeaderValue::from_str(&cursor.to_string()).expect("a cursor is digits, letters and a point")
}

const CURSOR: &str = "restante-cursor";

#[cfg(test)]
pub(crate) mod tests;
