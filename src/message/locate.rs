//! Finding parts: by the numbers IMAP gives them, also inside nested mails, and by Content-ID.

use percent_encoding::percent_decode_str;

use crate::message::Message;
use crate::message::limits::Limits;
use crate::message::parse;
use crate::message::part::Part;

/// The decoded bytes of a part and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartBytes {
    /// The media type in lower case.
    pub content_type: String,
    /// The charset named, if any.
    pub charset: Option<String>,
    /// The file name, if any, as it was sent.
    pub name: Option<String>,
    /// The bytes, decoded.
    pub bytes: Vec<u8>,
}

/// Finds `1`, `1.2`, `2.1` inside the nested mail at 2, `2.HEADER`, `2.TEXT`, `2.MIME`
/// (RFC 9051 §6.4.5.1); `HEADER` and `TEXT` alone mean the mail itself.
pub(super) fn part(message: &Message<'_>, path: &str) -> Option<PartBytes> {
    let mut nested: Option<Vec<u8>> = None;
    let mut rest = path;
    for _ in 0..=Limits::DEFAULT.nested_max {
        let step = match &nested {
            None => step_within(message, rest)?,
            Some(bytes) => step_within(&parse(bytes), rest)?,
        };
        match step {
            Step::Found(found) => return Some(found),
            Step::Inside(bytes, behind) => {
                nested = Some(bytes);
                rest = behind;
            }
        }
    }
    None
}

/// The part a `cid:` or a location names: by Content-ID, else by Content-Location (RFC 2557).
pub(super) fn by_content_id<'m>(message: &'m Message<'_>, id: &str) -> Option<&'m Part> {
    let id = id.strip_prefix("cid:").or(id.strip_prefix("CID:")).unwrap_or(id);
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let decoded = percent_decode_str(id).decode_utf8_lossy();
    let parts = message.parts();
    parts
        .iter()
        .find(|part| part.content_id().is_some_and(|known| known == id || known == decoded))
        .or_else(|| parts.iter().find(|part| part.content_location() == Some(id)))
        .or_else(|| {
            let is_it = |known: &str| known.eq_ignore_ascii_case(&decoded);
            parts.iter().find(|part| part.content_id().is_some_and(is_it))
        })
}

enum Step<'p> {
    Found(PartBytes),
    /// The bytes of a nested mail and the path inside it.
    Inside(Vec<u8>, &'p str),
}

fn step_within<'p>(message: &Message<'_>, path: &'p str) -> Option<Step<'p>> {
    let raw = message.raw();
    let body_start = message.headers().body_start();
    match () {
        () if path.eq_ignore_ascii_case("HEADER") => {
            return Some(found("text/rfc822-headers", &raw[..body_start]));
        }
        () if path.eq_ignore_ascii_case("TEXT") => {
            return Some(found("text/plain", &raw[body_start..]));
        }
        () => {}
    }
    if let Some(part) = message.parts().iter().find(|part| part.path() == path) {
        return Some(Step::Found(bytes_of(part, raw)));
    }
    let part = longest_prefix(message, path)?;
    let behind = path.get(part.path().len() + 1..)?;
    if behind.eq_ignore_ascii_case("MIME") {
        return Some(found("text/rfc822-headers", part.raw_header(raw)));
    }
    part.is_message().then(|| Step::Inside(part.decoded(raw).into_owned(), behind))
}

/// The part whose number the path goes on from.
fn longest_prefix<'m>(message: &'m Message<'_>, path: &str) -> Option<&'m Part> {
    message
        .parts()
        .iter()
        .filter(|part| {
            let behind = path.strip_prefix(part.path());
            !part.path().is_empty() && behind.is_some_and(|behind| behind.starts_with('.'))
        })
        .max_by_key(|part| part.path().len())
}

fn found<'p>(content_type: &str, bytes: &[u8]) -> Step<'p> {
    let content_type = content_type.to_owned();
    Step::Found(PartBytes { content_type, charset: None, name: None, bytes: bytes.to_vec() })
}

fn bytes_of(part: &Part, raw: &[u8]) -> PartBytes {
    PartBytes {
        content_type: part.content_type().to_owned(),
        charset: part.charset().map(str::to_owned),
        name: part.name().map(str::to_owned),
        bytes: part.decoded(raw).into_owned(),
    }
}
