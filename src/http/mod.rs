//! Everything that is spoken over HTTP: the API under `/v1`, the probes, and the web UI.
//!
//! Only [`router`] knows all of them. What they share: [`error`] refuses, [`security`] guards,
//! [`parameters`] and [`content`] read requests and write bytes, [`render`] makes a mail's HTML
//! safe.

pub mod api;
pub mod content;
pub mod context;
pub mod disposition;
pub mod error;
pub mod parameters;
pub mod render;
pub mod security;
pub mod serve;
pub mod spelling;
mod ui;
pub mod work;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::RawQuery;
use axum::extract::Request;
use axum::http::Method;
use axum::http::Uri;
use axum::http::header;
use axum::middleware;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::context::Context;
use crate::http::context::HttpOptions;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::security::Guard;
use crate::http::security::host::AllowedHosts;

/// Everything that is answered over HTTP.
pub fn router(context: Context, options: &HttpOptions) -> Router {
    let base_path = options.base_path.as_str();
    let mut router = api::routes(context.clone(), options);
    if !base_path.is_empty() {
        let home: Arc<str> = format!("{base_path}/").into();
        let redirect = move |query: RawQuery| async move { redirect(&home, query) };
        router = router.route("/", get(redirect.clone())).route(base_path, get(redirect));
    }
    let below: Arc<str> = base_path.into();
    let router = router
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(move |request: Request| fallback(below, request));
    layered(router, context, options)
}

/// What every answer goes through, from the inside out: a fault becomes an answer, which gets its
/// cursor, and the headers that every answer carries.
fn layered(router: Router, context: Context, options: &HttpOptions) -> Router {
    let base_path = options.base_path.as_str();
    let guard = Guard::new(AllowedHosts::new(options.allow_hosts.clone()), base_path);
    let router = router.layer(CatchPanicLayer::custom(panicked));
    api::say_cursors(router, context.store, base_path)
        .layer(middleware::from_fn_with_state(guard, security::guard))
}

/// To the page of the UI, with what it is to show. Not for good: the next server at this port may
/// have another base path, and browsers never ask again after a permanent redirect.
fn redirect(home: &str, RawQuery(query): RawQuery) -> Redirect {
    match query {
        Some(query) => Redirect::temporary(&format!("{home}?{query}")),
        None => Redirect::temporary(home),
    }
}

/// What no route is for: a file of the UI, or nothing.
async fn fallback(base_path: Arc<str>, request: Request) -> Response {
    let path = request.uri().path();
    match path.strip_prefix(&*base_path).and_then(|path| path.strip_prefix('/')) {
        Some(path) if path != "v1" && !path.starts_with("v1/") => ui::file(path, &request),
        Some(_) => not_found(request.uri()).into_response(),
        None => {
            let detail = format!("{} Everything here is below {base_path}/.", nothing_at(path));
            Problem::new(Kind::NotFound, detail).into_response()
        }
    }
}

fn not_found(uri: &Uri) -> Problem {
    let path = uri.path();
    let hint = match path.strip_suffix('/') {
        Some(path) if path.contains("/v1") => " No path of the API ends in a slash.",
        _ if path.contains("/v1") => "",
        _ => " The API is below /v1/.",
    };
    Problem::new(Kind::NotFound, nothing_at(path) + hint)
}

fn nothing_at(path: &str) -> String {
    let shown: String = path.chars().take(PATH_CHARS_SHOWN).collect();
    format!("There is nothing at {shown}.")
}

async fn method_not_allowed(method: Method) -> Problem {
    let mut detail =
        format!("This resource does not take {method}; the Allow header says what it takes.");
    let capitals = method.as_str().to_ascii_uppercase();
    if capitals != method.as_str() {
        // `fetch` puts some methods into capitals, but not PATCH.
        detail.push_str(&format!(" Methods are in capitals: {capitals}."));
    }
    Problem::new(Kind::MethodNotAllowed, detail)
}

/// A fault in a handler ends its request only.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over what was thrown")]
fn panicked(reason: Box<dyn Any + Send>) -> Response {
    let words = reason.downcast_ref::<String>().map(String::as_str);
    let words = words.or(reason.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
    tracing::error!("a request failed: {words}");
    let detail = "This is a fault in restante, not in your request. Its log says more.";
    let mut response = Problem::new(Kind::Internal, detail).into_response();
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

const PATH_CHARS_SHOWN: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_answered_like_anything_else() {
        let fails = || async { panic!("on purpose") as () };
        let router = Router::new().route("/v1/x", get(fails));
        let router = layered(router, api::tests::context(), &HttpOptions::default());
        let response = api::tests::answer(router, Method::GET);
        assert_eq!(response.status(), 500);
        for header in ["x-content-type-options", "content-security-policy", "restante-cursor"] {
            assert!(response.headers().contains_key(header), "{header}");
        }
    }
}
