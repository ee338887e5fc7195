//! Refusals of the HTTP interface as `application/problem+json` (RFC 9457).
//!
//! `type` and `detail` come first, because test runners print only the start of a body.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;

/// A refusal: what kind it is, and in words what was wrong with this request.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    /// In the order they are written.
    members: Vec<(String, Value)>,
}

/// The kinds of refusal. Their `type` is part of the contract: clients tell them apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A query parameter that this resource does not know.
    UnknownParameter,
    /// A query parameter with a value that it does not take.
    InvalidParameter,
    /// A query that does not parse; `column` says where.
    InvalidQuery,
    /// A request body that is not what this resource takes; `field` says where.
    InvalidBody,
    /// A request without a Host header, or with one that is no host name.
    InvalidHost,
    /// A change of several mails that selects none of them.
    NothingSelected,
    /// A Host header naming a host that this server does not answer to.
    HostNotAllowed,
    /// A request that a page of another origin made.
    OriginNotAllowed,
    /// There is no such resource.
    NotFound,
    /// There is no such mail, or no longer.
    NoMessage,
    /// The mail has no such part.
    NoPart,
    /// There is no certificate authority of this server's own.
    NoAuthority,
    /// There is no such session, or no longer.
    NoSession,
    /// The resource does not take this method.
    MethodNotAllowed,
    /// Fewer mails came than were waited for.
    NoMatch,
    /// More mails came than were to.
    TooMany,
    /// Mail made room before a wait could look at it.
    HistoryLost,
    /// A cursor of an earlier run of the server.
    CursorExpired,
    /// A request body that did not come in time.
    BodyTooSlow,
    /// A request body above the limit.
    BodyTooLarge,
    /// A request body of another media type.
    UnsupportedMediaType,
    /// A range that lies outside of the bytes there are.
    RangeNotSatisfiable,
    /// A fault of this server.
    Internal,
    /// More at a time than this server takes.
    TooBusy,
    /// The server stops while somebody waits.
    Stopping,
    /// Not every listener is bound and accepting.
    NotReady,
}

impl Kind {
    /// All of them, by status.
    pub const ALL: [Self; 26] = [
        Self::UnknownParameter,
        Self::InvalidParameter,
        Self::InvalidQuery,
        Self::InvalidBody,
        Self::NothingSelected,
        Self::InvalidHost,
        Self::HostNotAllowed,
        Self::OriginNotAllowed,
        Self::NotFound,
        Self::NoAuthority,
        Self::NoMessage,
        Self::NoSession,
        Self::NoPart,
        Self::NoMatch,
        Self::MethodNotAllowed,
        Self::BodyTooSlow,
        Self::TooMany,
        Self::HistoryLost,
        Self::CursorExpired,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::RangeNotSatisfiable,
        Self::Internal,
        Self::TooBusy,
        Self::Stopping,
        Self::NotReady,
    ];

    /// Its `type`, relative to the server.
    pub fn uri(self) -> String {
        format!("/problems/{}", self.name_and_status().0)
    }

    /// The status it is answered with.
    pub const fn status(self) -> StatusCode {
        self.name_and_status().1
    }

    /// The last part of `type`, and the status.
    const fn name_and_status(self) -> (&'static str, StatusCode) {
        match self {
            Self::UnknownParameter => ("unknown-parameter", StatusCode::BAD_REQUEST),
            Self::InvalidParameter => ("invalid-parameter", StatusCode::BAD_REQUEST),
            Self::InvalidQuery => ("invalid-query", StatusCode::BAD_REQUEST),
            Self::InvalidBody => ("invalid-body", StatusCode::BAD_REQUEST),
            Self::InvalidHost => ("invalid-host", StatusCode::BAD_REQUEST),
            Self::NothingSelected => ("nothing-selected", StatusCode::BAD_REQUEST),
            Self::HostNotAllowed => ("host-not-allowed", StatusCode::FORBIDDEN),
            Self::OriginNotAllowed => ("origin-not-allowed", StatusCode::FORBIDDEN),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND),
            Self::NoMessage => ("no-message", StatusCode::NOT_FOUND),
            Self::NoPart => ("no-part", StatusCode::NOT_FOUND),
            Self::NoAuthority => ("no-authority", StatusCode::NOT_FOUND),
            Self::NoSession => ("no-session", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::NoMatch => ("no-match", StatusCode::NOT_FOUND),
            Self::TooMany => ("too-many", StatusCode::CONFLICT),
            Self::HistoryLost => ("history-lost", StatusCode::CONFLICT),
            Self::CursorExpired => ("cursor-expired", StatusCode::GONE),
            Self::BodyTooSlow => ("body-too-slow", StatusCode::REQUEST_TIMEOUT),
            Self::BodyTooLarge => ("body-too-large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::RangeNotSatisfiable => {
                ("range-not-satisfiable", StatusCode::RANGE_NOT_SATISFIABLE)
            }
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
            Self::TooBusy => ("too-busy", StatusCode::SERVICE_UNAVAILABLE),
            Self::Stopping => ("stopping", StatusCode::SERVICE_UNAVAILABLE),
            Self::NotReady => ("not-ready", StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

impl Problem {
    /// A refusal with a plain sentence or two for the person who reads it.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), members: Vec::new() }
    }

    /// Adds a member for programs to read.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.push((name.into(), value.into()));
        self
    }

    /// The kind of refusal.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The body of the answer.
    pub fn json(&self) -> String {
        let status = self.kind.status();
        let text = |text: &str| Value::from(text).to_string();
        let detail: String = self.detail.chars().take(DETAIL_CHARS_MAX).collect();
        let title = status.canonical_reason().unwrap_or_default();
        let mut json = format!(
            "{{\"type\":{},\"detail\":{},\"title\":{},\"status\":{}",
            text(&self.kind.uri()),
            text(&detail),
            text(title),
            status.as_u16()
        );
        for (name, value) in &self.members {
            json.push_str(&format!(",{}:{value}", text(name)));
        }
        json.push('}');
        json
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.json()));
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A longer detail is cut: api.md promises fewer than 900 characters.
const DETAIL_CHARS_MAX: usize = 899;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_and_detail_come_first() {
        let problem = Problem::new(Kind::InvalidQuery, "a \"b\"").with("column", 3);
        assert_eq!(
            problem.json(),
            concat!(
                r#"{"type":"/problems/invalid-query","detail":"a \"b\"","#,
                r#""title":"Bad Request","status":400,"column":3}"#
            )
        );
    }

    #[test]
    fn a_long_detail_is_cut() {
        for (length, kept) in [(898, 898), (899, 899), (900, 899)] {
            let problem = Problem::new(Kind::Internal, "é".repeat(length));
            let json: Value = serde_json::from_str(&problem.json()).unwrap();
            assert_eq!(json["detail"].as_str().unwrap().chars().count(), kept);
        }
    }
}
