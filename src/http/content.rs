//! Answers with bytes: conditional requests (RFC 9110 §13) and ranges (RFC 9110 §14).

use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::ops::Range;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

use crate::http::error::Kind;
use crate::http::error::Problem;

/// An answer to a GET before it is known what of it the client wants.
#[derive(Debug)]
pub struct Content {
    bytes: Bytes,
    headers: HeaderMap,
    takes_ranges: bool,
}

/// What a request asks of the bytes.
#[derive(Clone, Debug)]
pub struct Asked {
    method: Method,
    headers: HeaderMap,
}

impl Asked {
    /// What this request asks for.
    pub const fn new(method: Method, headers: HeaderMap) -> Self {
        Self { method, headers }
    }

    /// Whether the client already has what this tag names.
    pub fn has(&self, etag: &HeaderValue) -> bool {
        let known = self.headers.get_all(header::IF_NONE_MATCH);
        known.iter().filter_map(|value| value.to_str().ok()).any(|list| {
            // Tags hold no comma here, and the comparison is the weak one.
            let same = |tag: &str| tag.trim_start_matches("W/").as_bytes() == etag.as_bytes();
            list.split(',').map(str::trim).any(|tag| tag == "*" || same(tag))
        })
    }

    /// The range of the bytes that is wanted. None for all of them.
    fn range(&self, length: usize, etag: Option<&HeaderValue>) -> Result<Option<Range<usize>>, ()> {
        let Some(range) = self.headers.get(header::RANGE) else { return Ok(None) };
        let is_current = |given: &HeaderValue| Some(given) == etag;
        if self.method != Method::GET || !self.headers.get(header::IF_RANGE).is_none_or(is_current)
        {
            return Ok(None);
        }
        parse_range(range.to_str().unwrap_or_default(), length).transpose()
    }
}

impl Content {
    /// Bytes of a media type.
    pub fn new(bytes: impl Into<Bytes>, media_type: &str) -> Self {
        let mut headers = HeaderMap::new();
        let media_type = HeaderValue::from_str(media_type);
        headers.insert(
            header::CONTENT_TYPE,
            media_type.unwrap_or(HeaderValue::from_static("application/octet-stream")),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Self { bytes: bytes.into(), headers, takes_ranges: false }
    }

    /// Names this very content, so that a client need not get it twice.
    #[must_use]
    pub fn tagged(self, etag: HeaderValue) -> Self {
        self.with(header::ETAG, etag)
    }

    /// Names it by a hash of what it says, where nothing else tells one state of it from another.
    #[must_use]
    pub fn tagged_by_content(self) -> Self {
        let mut hasher = DefaultHasher::new();
        self.bytes.hash(&mut hasher);
        let tag = etag(&format!("{:x}-{}", hasher.finish(), env!("CARGO_PKG_VERSION")));
        self.tagged(tag)
    }

    /// Content that never changes: clients may keep it and ask for pieces of it.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.takes_ranges = true;
        let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
        self.with(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"))
            .with(header::CACHE_CONTROL, forever)
    }

    /// Adds or replaces a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The answer to what was asked.
    pub fn answer(self, asked: &Asked) -> Response {
        let etag = self.headers.get(header::ETAG);
        if etag.is_some_and(|etag| asked.has(etag)) {
            return respond(StatusCode::NOT_MODIFIED, self.headers, Bytes::new());
        }
        let length = self.bytes.len();
        let range = if self.takes_ranges { asked.range(length, etag) } else { Ok(None) };
        match range {
            Ok(None) => respond(StatusCode::OK, self.headers, self.bytes),
            Ok(Some(range)) => {
                let shown = format!("bytes {}-{}/{length}", range.start, range.end - 1);
                let piece = self.bytes.slice(range);
                let Self { headers, .. } = self.with(header::CONTENT_RANGE, digits(&shown));
                respond(StatusCode::PARTIAL_CONTENT, headers, piece)
            }
            Err(()) => {
                let detail = format!("There are {length} bytes; the range asked for lies beyond.");
                let mut response = Problem::new(Kind::RangeNotSatisfiable, detail).into_response();
                let shown = digits(&format!("bytes */{length}"));
                response.headers_mut().insert(header::CONTENT_RANGE, shown);
                response
            }
        }
    }
}

/// An answer in JSON that says how things are now.
pub fn json(value: &impl Serialize) -> Response {
    json_text(to_json(value))
}

/// The same of JSON that is written already.
pub fn json_text(json: Vec<u8>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    respond(StatusCode::OK, headers, json.into())
}

/// The JSON of a wire type.
pub fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("wire types have text for keys and no fallible parts")
}

/// An entity tag. The text holds neither quotes nor commas.
pub fn etag(text: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{text}\"")).expect("tags are made of ids, numbers and hashes")
}

fn respond(status: StatusCode, headers: HeaderMap, bytes: Bytes) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn digits(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("made of digits and ASCII letters")
}

/// One range of bytes. None for what is to be ignored: other units, several ranges, no range at all
/// (RFC 9110 §14.2). An error for a range without a byte.
fn parse_range(text: &str, length: usize) -> Option<Result<Range<usize>, ()>> {
    let (unit, range) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number too large to be held lies beyond all bytes just the same.
        is_number.then(|| text.parse::<usize>().unwrap_or(usize::MAX))
    };
    let range = match (first, last) {
        ("", last) => length.saturating_sub(number(last)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return None;
            }
            first..last.saturating_add(1).min(length)
        }
    };
    Some(if range.start < range.end { Ok(range) } else { Err(()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (text, expected) in [
            ("bytes=0-0", Some(Ok(0..1))),
            ("bytes=2-5", Some(Ok(2..6))),
            ("Bytes = 2-99", Some(Ok(2..10))),
            ("bytes=9-", Some(Ok(9..10))),
            ("bytes=-3", Some(Ok(7..10))),
            ("bytes=-99", Some(Ok(0..10))),
            ("bytes=10-", Some(Err(()))),
            ("bytes=10-20", Some(Err(()))),
            ("bytes=-0", Some(Err(()))),
            ("bytes=99999999999999999999-", Some(Err(()))),
            ("bytes=5-2", None),
            ("bytes=0-1,3-4", None),
            ("bytes=", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=+1-2", None),
            ("lines=0-1", None),
            ("", None),
        ] {
            assert_eq!(parse_range(text, 10), expected, "{text}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Some(Err(())));
    }

    #[test]
    fn known_tags_are_recognised() {
        let has = |given: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(given));
            Asked::new(Method::GET, headers).has(&etag("a"))
        };
        assert!(has("\"a\"") && has("W/\"a\"") && has("\"b\", \"a\"") && has("*"));
        assert!(!has("\"b\"") && !has("a") && !has(""));
    }
}
