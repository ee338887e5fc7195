//! `GET /v1/openapi.json` and `/v1/docs`: the description of the API, made when it is first asked
//! for.

use std::sync::OnceLock;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;

use crate::http::api::Api;
use crate::http::api::docs;
use crate::http::api::openapi;
use crate::http::content;
use crate::http::content::Asked;
use crate::http::content::Content;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;

/// What was made of the description so far.
#[derive(Debug, Default)]
pub(super) struct Description {
    json: OnceLock<Bytes>,
    page: OnceLock<Bytes>,
}

impl Description {
    fn json(&self, base_path: &str) -> Bytes {
        let make = || content::to_json(&openapi::document(base_path)).into();
        self.json.get_or_init(make).clone()
    }

    fn page(&self, base_path: &str) -> Bytes {
        let make = || {
            let document = serde_json::from_slice(&self.json(base_path));
            docs::page(&document.expect("a document that was just written as JSON")).into()
        };
        self.page.get_or_init(make).clone()
    }
}

/// The description as OpenAPI 3.1.
pub(super) async fn json(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let json = api.description.json(&api.base_path);
    let content = Content::new(json, "application/json").tagged_by_content();
    Ok(content.answer(&Asked::new(method, headers)))
}

/// The same as a page to read.
pub(super) async fn page(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let page = api.description.page(&api.base_path);
    let mut content = Content::new(page, "text/html; charset=utf-8").tagged_by_content();
    if let Ok(policy) = HeaderValue::from_str(&docs::policy()) {
        content = content.with(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(content.answer(&Asked::new(method, headers)))
}
