//! The web UI: the files of `ui/dist`, built into the program.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use bytes::Bytes;
use rust_embed::Embed;

use crate::http::content::Asked;
use crate::http::content::Content;
use crate::http::content::etag;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::security;

/// What the build of `ui/` left there. Empty when it was not built.
#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/ui/dist"]
#[allow_missing = true]
struct Files;

/// A file of the UI; the empty path is its page.
pub(super) fn file(path: &str, request: &Request) -> Response {
    let path = if path.is_empty() { PAGE } else { path };
    let Some(file) = Files::get(path) else {
        return missing(path, request);
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response =
            Problem::new(Kind::MethodNotAllowed, "The web UI is only read.").into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return response;
    }
    let hash = &file.metadata.sha256_hash()[..8];
    let tag: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut content = Content::new(Bytes::from_owner(file.data), media_type(path))
        .tagged(etag(&tag))
        .with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(security::UI_POLICY));
    if path.starts_with(HASHED) {
        content = content.with(header::CACHE_CONTROL, HeaderValue::from_static(FOREVER));
    }
    content.answer(&Asked::new(request.method().clone(), request.headers().clone()))
}

fn missing(path: &str, request: &Request) -> Response {
    if path == PAGE {
        return Content::new(NOT_BUILT, "text/plain; charset=utf-8")
            .answer(&Asked::new(request.method().clone(), request.headers().clone()));
    }
    super::not_found(request.uri()).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

const PAGE: &str = "index.html";

/// Where the build puts files whose names hold a hash of what is in them.
const HASHED: &str = "assets/";

const FOREVER: &str = "public, max-age=31536000, immutable";

const NOT_BUILT: &str = "This restante was built without its web UI (npm was missing). \
     The API works: see /v1/messages.\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Response {
        file(path, &Request::new(axum::body::Body::empty()))
    }

    #[test]
    fn the_page_is_there_whether_built_or_not() {
        let response = get("");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in ["x", "assets/x.js", "../Cargo.toml", "assets/../../Cargo.toml", "/etc/passwd"]
        {
            assert_eq!(get(path).status(), 404, "{path}");
        }
    }
}
