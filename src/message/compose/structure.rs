//! Which parts a mail consists of, and how they lie in each other (RFC 2046, 2387).

use crate::message::compose::Attachment;
use crate::message::compose::Draft;
use crate::message::compose::MediaType;
use crate::message::compose::body;
use crate::message::compose::body::Body;
use crate::message::compose::field::file_name;
use crate::message::compose::field::fold;
use crate::message::compose::field::in_line;

/// A part while a mail is put together.
enum Part {
    /// The fields of its header, and its body.
    Leaf(String, Body),
    /// `mixed` and the like, and the parts within.
    Multipart(&'static str, Vec<Self>),
}

/// Writes the fields of the body, and the body.
pub(super) fn write(draft: &Draft, unique: &str, mail: &mut Vec<u8>) {
    Writer { unique, count: 0 }.part(&root(draft), mail);
}

/// HTML holds its pictures, text and HTML are alternatives, and files lie beside both.
fn root(draft: &Draft) -> Part {
    let is_within = |file: &&Attachment| draft.html.is_some() && file.content_id.is_some();
    let (within, beside): (Vec<_>, Vec<_>) = draft.attachments.iter().partition(is_within);
    let text =
        draft.text.as_deref().map(|text| leaf("text/plain; charset=utf-8", body::text(text)));
    let html = draft.html.as_deref().map(|html| {
        let html = leaf("text/html; charset=utf-8", body::text(html));
        one_or("related", std::iter::once(html).chain(within.into_iter().map(file)).collect())
    });
    let shown: Vec<Part> = text.into_iter().chain(html).collect();
    if beside.is_empty() && shown.is_empty() {
        return leaf("text/plain; charset=utf-8", body::text(""));
    }
    let shown = (!shown.is_empty()).then(|| one_or("alternative", shown));
    if beside.is_empty()
        && let Some(shown) = shown
    {
        return shown;
    }
    Part::Multipart("mixed", shown.into_iter().chain(beside.into_iter().map(file)).collect())
}

fn one_or(kind: &'static str, mut parts: Vec<Part>) -> Part {
    match parts.len() {
        1 => parts.remove(0),
        _ => Part::Multipart(kind, parts),
    }
}

fn leaf(content_type: &str, body: Body) -> Part {
    let mut header = String::new();
    fold("Content-Type", content_type, &mut header);
    fold("Content-Transfer-Encoding", body.encoding, &mut header);
    Part::Leaf(header, body)
}

fn file(file: &Attachment) -> Part {
    let as_mail = file.content_type.is_mail().then(|| body::mail(&file.content)).flatten();
    let (content_type, body) = match as_mail {
        Some(body) => (file.content_type.clone(), body),
        // A mail may not be encoded: what has to be is passed off as any other file.
        None if file.content_type.is_mail() => (MediaType::bytes(), body::base64(&file.content)),
        None => (file.content_type.clone(), body::base64(&file.content)),
    };
    let mut header = String::new();
    fold("Content-Type", &content_type.0, &mut header);
    fold("Content-Transfer-Encoding", body.encoding, &mut header);
    let name = file.name.as_deref().map(file_name).unwrap_or_default();
    let disposition = if file.content_id.is_some() { "inline" } else { "attachment" };
    fold("Content-Disposition", &format!("{disposition}{name}"), &mut header);
    if let Some(id) = &file.content_id {
        fold("Content-ID", &format!("<{}>", in_line(id)), &mut header);
    }
    Part::Leaf(header, body)
}

struct Writer<'a> {
    unique: &'a str,
    count: usize,
}

impl Writer<'_> {
    fn part(&mut self, part: &Part, mail: &mut Vec<u8>) {
        match part {
            Part::Leaf(header, body) => {
                mail.extend_from_slice(header.as_bytes());
                mail.extend_from_slice(b"\r\n");
                mail.extend_from_slice(&body.bytes);
            }
            Part::Multipart(kind, parts) => {
                // No line of base64 or of a text for people begins like this, and `unique` says
                // that no mail that lies within has it.
                let boundary = format!("=_{}_{}", self.count, self.unique);
                self.count += 1;
                let mut header = String::new();
                let content_type = format!("multipart/{kind}; boundary=\"{boundary}\"");
                fold("Content-Type", &content_type, &mut header);
                mail.extend_from_slice(header.as_bytes());
                mail.extend_from_slice(b"\r\n");
                for part in parts {
                    mail.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
                    self.part(part, mail);
                }
                mail.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
            }
        }
    }
}
