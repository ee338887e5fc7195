//! Who is answered, and what browsers are told about the answers: Host, Origin, and the headers
//! that keep pages apart. Knows nothing about mails.

pub mod host;
pub mod origin;

use std::sync::Arc;

use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::security::host::AllowedHosts;
use crate::http::security::host::Authority;

/// What is checked of each request.
#[derive(Clone, Debug)]
pub struct Guard {
    hosts: Arc<AllowedHosts>,
    /// Where the routes are.
    base_path: Arc<str>,
}

impl Guard {
    /// A guard that lets these hosts through. `base_path` is where the routes are.
    pub fn new(hosts: AllowedHosts, base_path: &str) -> Self {
        Self { hosts: Arc::new(hosts), base_path: base_path.into() }
    }

    fn check(&self, request: &Request) -> Result<(), Problem> {
        let path = request.uri().path();
        let below_base = path.strip_prefix(&*self.base_path).unwrap_or(path);
        if PROBES.contains(&path) || PROBES.contains(&below_base) {
            return Ok(());
        }
        let host = self.host(request)?;
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        // These are a GET, but one that a stranger's page could hold open by the hundred.
        if reads && !LONG_LIVED.contains(&below_base) {
            return Ok(());
        }
        if origin::is_allowed(request.headers(), &host, &self.hosts) {
            return Ok(());
        }
        Err(Problem::new(
            Kind::OriginNotAllowed,
            "This request comes from a page of another origin, which may not do this here. If the \
             page is yours, start restante with --allow-host and the page's host name.",
        ))
    }

    /// Where the request went: the Host header, and the same in an absolute target (RFC 9112
    /// §3.2.2).
    fn host(&self, request: &Request) -> Result<Authority, Problem> {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Problem::new(
                Kind::InvalidHost,
                "A request needs exactly one Host header.",
            ));
        };
        let host = self.allowed(host.to_str().unwrap_or_default())?;
        if let Some(target) = request.uri().authority() {
            self.allowed(target.as_str())?;
        }
        Ok(host)
    }

    fn allowed(&self, text: &str) -> Result<Authority, Problem> {
        let authority: Authority = text.parse().map_err(|_| {
            Problem::new(Kind::InvalidHost, "The Host header of this request is no host name.")
        })?;
        if self.hosts.allows(&authority) {
            return Ok(authority);
        }
        let name = &authority.host;
        let detail = format!(
            "This server does not answer to the host name {name}. If that name is meant to lead \
             here, start restante with --allow-host {name} (or set RESTANTE_ALLOW_HOST={name})."
        );
        Err(Problem::new(Kind::HostNotAllowed, detail).with("host", name.as_str()))
    }
}

/// Lets a request through or refuses it, and adds the headers that every answer carries.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.check(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in EVERY_ANSWER {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Replaces headers of an answer that differ from what every answer carries.
pub fn set(headers: &mut HeaderMap, values: &[(HeaderName, &'static str)]) {
    for (name, value) in values {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
}

/// Asked by machines that know no host name: never refused, whatever path they are nested under.
const PROBES: &[&str] = &["/livez", "/readyz"];

/// Answers that take their time.
const LONG_LIVED: &[&str] = &["/v1/events", "/v1/expect"];

/// What browsers are told where nothing else is said: show nothing, run nothing, lend nothing.
const EVERY_ANSWER: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
];

/// For the pages of the UI. Nothing inline, so that a mail's text that ended up as markup does
/// nothing.
pub const UI_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Which origins may embed an answer.
pub const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
