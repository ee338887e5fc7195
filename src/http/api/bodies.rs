//! What a mail is read in: its exact bytes, its HTML made safe, its text, its header.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use bytes::Bytes;

use crate::http::api::Api;
use crate::http::api::mail::Mail;
use crate::http::api::types::Header;
use crate::http::api::types::referred::referred;
use crate::http::content;
use crate::http::content::Content;
use crate::http::content::etag;
use crate::http::disposition::Disposition;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::render;
use crate::http::render::Rendering;
use crate::message;
use crate::store::entry::Entry;

/// The bytes between DATA and the final dot.
pub(super) async fn raw(mail: Mail) -> Response {
    let entry = Arc::clone(&mail.held.entry);
    let name = format!("{}.eml", entry.id);
    let tag = etag(&entry.id.to_string());
    let content = Content::new(Bytes::from_owner(Raw(entry)), "message/rfc822")
        .tagged(tag)
        .with(header::CONTENT_DISPOSITION, Disposition::Attachment.header(&name));
    keep(content, &mail).answer(&mail.asked)
}

/// The HTML as a page of its own that can do nothing.
pub(super) async fn html(State(api): State<Api>, mail: Mail) -> Response {
    let remote = mail.remote;
    let tag = etag(&format!("{}-html-{}-{remote}", mail.held.entry.id, env!("CARGO_PKG_VERSION")));
    if mail.asked.has(&tag) {
        return framed(Content::new("", HTML).tagged(tag), remote).answer(&mail.asked);
    }
    let entry = Arc::clone(&mail.held.entry);
    let page = api.work.on_bytes(HTML_WORK * entry.raw.len(), move || page(&entry, remote)).await;
    match page {
        Some(page) => framed(Content::new(page, HTML).tagged(tag), remote).answer(&mail.asked),
        None => {
            let detail = "This mail has no HTML. What it says is at …/text.";
            Problem::new(Kind::NoPart, detail).into_response()
        }
    }
}

/// What a program without HTML shows.
pub(super) async fn text(State(api): State<Api>, mail: Mail) -> Response {
    let entry = Arc::clone(&mail.held.entry);
    let tag = etag(&format!("{}-text-{}", entry.id, env!("CARGO_PKG_VERSION")));
    let read = move || message::parse(&entry.raw).text().unwrap_or_default();
    let text = api.work.on_bytes(mail.held.entry.raw.len(), read).await;
    Content::new(text, "text/plain; charset=utf-8").tagged(tag).answer(&mail.asked)
}

/// All fields of the header, in order, repeated ones kept.
pub(super) async fn headers(mail: Mail) -> Response {
    let headers = message::parse_headers(&mail.held.entry.raw);
    let list: Vec<Header> = headers.iter().map(Into::into).collect();
    let tag = etag(&format!("{}-headers-{}", mail.held.entry.id, env!("CARGO_PKG_VERSION")));
    Content::new(content::to_json(&list), "application/json").tagged(tag).answer(&mail.asked)
}

/// Lets clients keep what a name that never changes its meaning stands for.
pub(super) fn keep(content: Content, mail: &Mail) -> Content {
    let content = content.immutable();
    if mail.is_named {
        return content;
    }
    content.with(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
}

fn page(entry: &Entry, remote: bool) -> Option<String> {
    let message = message::parse(&entry.raw);
    let html = message.html()?;
    // Relative, so that it holds behind whatever path a proxy puts the server.
    let address = |path: &str| format!("../{}/parts/{path}", entry.id);
    let parts = referred(&message, address);
    Some(render::page(&html, &Rendering { parts: Arc::new(parts), remote }))
}

fn framed(content: Content, remote: bool) -> Content {
    content
        .with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(render::policy(remote)))
        .with(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"))
        // A link that was opened by a person has no business with the window it came from.
        .with(OPENER_POLICY, HeaderValue::from_static("same-origin"))
}

/// A held mail's bytes, lent to the answer without a copy.
struct Raw(Arc<Entry>);

impl AsRef<[u8]> for Raw {
    fn as_ref(&self) -> &[u8] {
        &self.0.raw
    }
}

const HTML: &str = "text/html; charset=utf-8";

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Making HTML safe takes about this many times what reading it takes.
const HTML_WORK: usize = 8;
