//! A request body that is a JSON object, read within the limits.

use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use serde_json::Map;
use serde_json::Value;
use tokio::time;

use crate::http::api::Api;
use crate::http::api::patch;
use crate::http::error::Kind;
use crate::http::error::Problem;

/// The fields of a body that is a JSON object.
#[derive(Debug)]
pub(super) struct JsonObject(pub(super) Map<String, Value>);

impl FromRequest<Api> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        if !patch::is_json(request.headers()) {
            let detail = "Send the body as JSON, with the header Content-Type: application/json \
                          (curl: --json).";
            return Err(Problem::new(Kind::UnsupportedMediaType, detail));
        }
        let body = time::timeout(api.limits.body_timeout, Bytes::from_request(request, api));
        let body = body.await.map_err(|_| patch::too_slow())?.map_err(patch::unread)?;
        let value = serde_json::from_slice(&body).map_err(|error| {
            Problem::new(Kind::InvalidBody, format!("The body is not JSON: {error}."))
        })?;
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Problem::new(Kind::InvalidBody, "The body is not a JSON object.")),
        }
    }
}
