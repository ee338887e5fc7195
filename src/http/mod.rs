//! Everything that is spoken over HTTP: the API under `/v1`, the probes, and the web UI.
//!
//! Only [`router`] knows all of them. What they share: [`error`] refuses, [`security`] guards,
//! [`parameters`] and [`content`] read requests and write bytes, [`render`] makes a mail's HTML
//! safe.

pub mod api;
pub mod content;
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
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

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
use jiff::Timestamp;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::security::Guard;
use crate::http::security::host::AllowedHosts;
use crate::http::security::host::HostPattern;
use crate::store::Store;

/// How HTTP is served.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    /// Hosts that are answered to beside local names.
    pub allow_hosts: Vec<HostPattern>,
    /// What stands before every path: empty, or like `/mail`.
    pub base_path: String,
    /// How much a request may take.
    pub limits: HttpLimits,
}

/// How much a request may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// A request body in bytes. Refuses with 413.
    pub body_bytes_max: usize,
    /// Event streams open at a time. Refuses the next with 503.
    pub event_streams_max: usize,
    /// How long an event stream is silent before it says where it is.
    pub keep_alive_interval: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 64 * 1_024,
            event_streams_max: 1_000,
            keep_alive_interval: Duration::from_secs(15),
        }
    }
}

/// What the handlers work on.
#[derive(Clone, Debug)]
pub struct Context {
    /// The mails.
    pub store: Arc<Store>,
    /// What the server says about itself.
    pub info: Arc<ServerInfo>,
    /// Becomes true when the server stops: event streams end then.
    pub shutdown: watch::Receiver<bool>,
}

/// What the server says about itself.
#[derive(Debug)]
pub struct ServerInfo {
    /// Its version.
    pub version: &'static str,
    /// Where SMTP is really bound, such as `127.0.0.1:1025`.
    pub smtp: Vec<String>,
    /// Where HTTP is really bound.
    pub http: Vec<String>,
    /// Named limits with their values, in the order to show them.
    pub limits: Vec<(&'static str, u64)>,
    /// When it started.
    pub started_at: Timestamp,
    ready: AtomicBool,
}

impl ServerInfo {
    /// Of a server that is not ready yet.
    pub fn new(started_at: Timestamp, smtp: Vec<String>, http: Vec<String>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            smtp,
            http,
            limits: Vec::new(),
            started_at,
            ready: AtomicBool::new(false),
        }
    }

    /// Says whether every listener is bound and accepting.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }

    /// Whether every listener is bound and accepting.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }
}

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
