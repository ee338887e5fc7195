//! `/v1/messages/{id}/parts/{path}`: the decoded bytes of a part, harmless whatever they are.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use crate::http::api::Api;
use crate::http::api::bodies;
use crate::http::api::mail::Mail;
use crate::http::content::Content;
use crate::http::content::etag;
use crate::http::disposition::Disposition;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::security::CROSS_ORIGIN_RESOURCE_POLICY;
use crate::message;
use crate::message::PartBytes;

/// A part of a mail.
pub(super) async fn part(State(api): State<Api>, mail: Mail) -> Result<Response, Problem> {
    let entry = Arc::clone(&mail.held.entry);
    let path = mail.part.clone();
    let read = move || {
        let message = message::parse(&entry.raw);
        message.part(&path).ok_or_else(|| no_part(&message, &path))
    };
    let part = api.work.on_bytes(mail.held.entry.raw.len(), read).await?;
    let served = Served::of(&part);
    let name = part.name.unwrap_or_else(|| format!("part-{}", mail.part));
    let mut content = Content::new(part.bytes, &served.media_type)
        .tagged(tag(&mail))
        .with(header::CONTENT_DISPOSITION, served.disposition.header(&name))
        .with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if served.is_picture && mail.is_named {
        // The frame that shows the mail has an origin of its own. Whoever knows a mail's id may
        // embed its pictures; `latest`, which anybody can guess, stays with this origin.
        content =
            content.with(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    Ok(bodies::keep(content, &mail).answer(&mail.asked))
}

/// How the bytes of a part are handed to a browser.
#[derive(Debug, PartialEq, Eq)]
struct Served {
    media_type: String,
    disposition: Disposition,
    is_picture: bool,
}

impl Served {
    fn of(part: &PartBytes) -> Self {
        let declared = part.content_type.as_str();
        let (media_type, disposition) = match declared {
            // In a picture element nothing in it runs; opened by itself, the policy stops it.
            "image/svg+xml" => (declared.to_owned(), Disposition::Attachment),
            _ if is_shown_as_it_is(declared) => (declared.to_owned(), Disposition::Inline),
            _ if is_source_text(declared) => (as_text("text/plain", part), Disposition::Inline),
            _ if is_plain_text(declared) => (as_text(declared, part), Disposition::Inline),
            _ if is_saved_under_its_type(declared) => {
                (declared.to_owned(), Disposition::Attachment)
            }
            _ => ("application/octet-stream".to_owned(), Disposition::Attachment),
        };
        Self { media_type, disposition, is_picture: declared.starts_with("image/") }
    }
}

/// Pictures, sounds and films that hold no scripts.
fn is_shown_as_it_is(media_type: &str) -> bool {
    let pictures = ["png", "jpeg", "jpg", "gif", "webp", "avif", "bmp", "x-icon", "tiff", "apng"];
    match media_type.split_once('/') {
        Some(("image", kind)) => pictures.contains(&kind),
        Some(("audio" | "video", kind)) => is_token(kind) && !kind.contains("xml"),
        _ => false,
    }
}

/// What a browser would run or draw: shown as the text it is.
fn is_source_text(media_type: &str) -> bool {
    let kind = media_type.split_once('/').map_or("", |(_, kind)| kind);
    let sources = ["html", "xml", "javascript", "ecmascript", "css", "json", "vbscript"];
    kind == "x-sh" || sources.iter().any(|source| kind.contains(source))
}

/// Texts that a browser shows as text or saves.
fn is_plain_text(media_type: &str) -> bool {
    let kinds = ["plain", "calendar", "csv", "markdown", "vcard", "x-vcard", "rfc822-headers"];
    media_type.strip_prefix("text/").is_some_and(|kind| kinds.contains(&kind))
        || matches!(media_type, "message/delivery-status" | "message/rfc822-headers")
}

/// Files that programs open. Types that multiply or redirect what a browser does are not among
/// them.
fn is_saved_under_its_type(media_type: &str) -> bool {
    let is_harmless = |kind: &str| is_token(kind) && !kind.contains("shockwave");
    match media_type.split_once('/') {
        Some(("application" | "font" | "image", kind)) => is_harmless(kind),
        Some(("message", kind)) => kind == "rfc822" || kind == "global",
        _ => false,
    }
}

/// RFC 6838 §4.2.
fn is_token(kind: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    !kind.is_empty() && kind.len() <= 127 && kind.bytes().all(is_letter)
}

/// With the charset it names; without one, browsers guess as mail programs do.
fn as_text(media_type: &str, part: &PartBytes) -> String {
    match part.charset.as_deref().filter(|charset| is_token(charset)) {
        Some(charset) => format!("{media_type}; charset={charset}"),
        None => media_type.to_owned(),
    }
}

fn tag(mail: &Mail) -> HeaderValue {
    let path: String =
        mail.part.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    etag(&format!("{}-{path}", mail.held.entry.id))
}

fn no_part(message: &message::Message<'_>, path: &str) -> Problem {
    let paths = || message.parts().iter().map(message::Part::path).filter(|path| !path.is_empty());
    let mut shown = paths().take(PATHS_SHOWN).collect::<Vec<&str>>().join(", ");
    if paths().nth(PATHS_SHOWN).is_some() {
        shown.push_str(", …");
    }
    let has = if shown.is_empty() { "It has none.".into() } else { format!("It has: {shown}.") };
    let path: String = path.chars().take(PATH_CHARS_SHOWN).collect();
    Problem::new(Kind::NoPart, format!("This mail has no part \"{path}\". {has}"))
}

/// Whatever the bytes are, they get no rights when they are opened by themselves.
const POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// How many parts a refusal names.
const PATHS_SHOWN: usize = 20;
const PATH_CHARS_SHOWN: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn served(content_type: &str) -> (String, Disposition) {
        let part = PartBytes {
            content_type: content_type.into(),
            charset: Some("iso-8859-1".into()),
            name: None,
            bytes: Vec::new(),
        };
        let served = Served::of(&part);
        (served.media_type, served.disposition)
    }

    #[test]
    fn no_type_is_served_that_a_browser_would_run() {
        let text = "text/plain; charset=iso-8859-1";
        let octets = "application/octet-stream";
        for (declared, media_type, disposition) in [
            ("image/png", "image/png", Disposition::Inline),
            ("image/svg+xml", "image/svg+xml", Disposition::Attachment),
            ("image/vnd.x", "image/vnd.x", Disposition::Attachment),
            ("audio/mpeg", "audio/mpeg", Disposition::Inline),
            ("text/plain", text, Disposition::Inline),
            ("text/html", text, Disposition::Inline),
            ("application/xhtml+xml", text, Disposition::Inline),
            ("text/xml", text, Disposition::Inline),
            ("application/rss+xml", text, Disposition::Inline),
            ("text/javascript", text, Disposition::Inline),
            ("application/x-javascript", text, Disposition::Inline),
            ("text/css", text, Disposition::Inline),
            ("application/json", text, Disposition::Inline),
            ("text/calendar", "text/calendar; charset=iso-8859-1", Disposition::Inline),
            ("application/pdf", "application/pdf", Disposition::Attachment),
            ("application/zip", "application/zip", Disposition::Attachment),
            ("message/rfc822", "message/rfc822", Disposition::Attachment),
            ("application/x-shockwave-flash", octets, Disposition::Attachment),
            ("multipart/x-mixed-replace", octets, Disposition::Attachment),
            ("multipart/related", octets, Disposition::Attachment),
            ("text/x-unknown", octets, Disposition::Attachment),
            ("application/x\r\ny", octets, Disposition::Attachment),
            ("x", octets, Disposition::Attachment),
        ] {
            assert_eq!(served(declared), (media_type.to_owned(), disposition), "{declared}");
        }
    }
}
