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
    let guard = Guard::new(AllowedHosts::new(options.allow_hosts.clone()), base_path);
    let mut router = api::routes(context, options);
    if !base_path.is_empty() {
        let home = format!("{base_path}/");
        let redirect = move || async move { Redirect::permanent(&home) };
        router = router.route("/", get(redirect.clone())).route(base_path, get(redirect));
    }
    let base_path: Arc<str> = base_path.into();
    router
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(move |request: Request| fallback(base_path, request))
        .layer(middleware::from_fn_with_state(guard, security::guard))
        .layer(CatchPanicLayer::custom(panicked))
}

/// What no route is for: a file of the UI, or nothing.
async fn fallback(base_path: Arc<str>, request: Request) -> Response {
    let path = request.uri().path();
    match path.strip_prefix(&*base_path).and_then(|path| path.strip_prefix('/')) {
        Some(path) if path != "v1" && !path.starts_with("v1/") => ui::file(path, &request),
        _ => not_found(request.uri()).into_response(),
    }
}

fn not_found(uri: &Uri) -> Problem {
    let shown: String = uri.path().chars().take(PATH_CHARS_SHOWN).collect();
    Problem::new(Kind::NotFound, format!("There is nothing at {shown}."))
}

async fn method_not_allowed(method: Method) -> Problem {
    let detail =
        format!("This resource does not take {method}; the Allow header says what it takes.");
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
