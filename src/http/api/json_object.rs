//! A request body that is a JSON object, read within the limits.

use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::Map;
use serde_json::Value;
use tokio::time;

use crate::http::api::Api;
use crate::http::error::Kind;
use crate::http::error::Problem;

/// The fields of a body that is a JSON object.
#[derive(Debug)]
pub(super) struct JsonObject(pub(super) Map<String, Value>);

impl FromRequest<Api> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        if !is_json(media_type(request.headers())) {
            let detail = "Send the body as JSON, with the header Content-Type: application/json \
                          (curl: --json).";
            return Err(Problem::new(Kind::UnsupportedMediaType, detail));
        }
        let body = time::timeout(api.limits.body_timeout, Bytes::from_request(request, api));
        let body = body.await.map_err(|_| too_slow())?.map_err(unread)?;
        Self::parse(&body)
    }
}

impl JsonObject {
    /// Reads the text of an object.
    pub(super) fn parse(json: &[u8]) -> Result<Self, Problem> {
        let invalid = |detail: String| Problem::new(Kind::InvalidBody, detail);
        if json.trim_ascii().is_empty() {
            return Err(invalid("The body is empty. A JSON object is wanted.".to_owned()));
        }
        let value = serde_json::from_slice(json)
            .map_err(|error| invalid(format!("The body is not JSON: {error}.")))?;
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(invalid("The body is not a JSON object.".to_owned())),
        }
    }
}

/// The media type that a body is said to have, without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> &str {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

pub(super) fn is_json(media_type: &str) -> bool {
    ["application/json", "application/merge-patch+json"]
        .iter()
        .any(|json| media_type.eq_ignore_ascii_case(json))
}

pub(super) fn too_slow() -> Problem {
    let detail = "The body did not come in time: fewer bytes than its Content-Length says?";
    Problem::new(Kind::BodyTooSlow, detail)
}

pub(super) fn unread(rejection: BytesRejection) -> Problem {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(Kind::BodyTooLarge, "The body is larger than anything that is taken here.")
    } else {
        Problem::new(Kind::InvalidBody, "The body broke off.")
    }
}
