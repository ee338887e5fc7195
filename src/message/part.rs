//! One part of a mail: what its header says, and where its bytes are.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::Encoding;

use crate::message::charset;
use crate::message::fields::Field;
use crate::message::flowed;
use crate::message::parameters::Parametrised;
use crate::message::transfer::Transfer;
use crate::message::words;

/// A part of a mail: the root, a multipart, or a leaf. A nested mail is a leaf.
#[derive(Clone, Debug)]
pub struct Part {
    pub(super) parent: Option<u32>,
    pub(super) first_child: Option<u32>,
    pub(super) next_sibling: Option<u32>,
    pub(super) path: Box<str>,
    /// Header and body as ranges of the raw mail.
    pub(super) header: Range<usize>,
    pub(super) body: Range<usize>,
    pub(super) description: Description,
    /// Whether the part belongs into the text, not beside it.
    pub(super) inline: bool,
}

impl Part {
    /// The number IMAP gives the part (RFC 9051 §6.4.5): `1`, `1.2`; empty for a root multipart.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The media type in lower case, without parameters: `text/plain`.
    pub fn content_type(&self) -> &str {
        &self.description.content_type
    }

    /// The charset its header names, in lower case.
    pub fn charset(&self) -> Option<&str> {
        self.description.charset.as_deref()
    }

    /// The transfer encoding its header names, in lower case; `7bit` where none is named.
    pub fn encoding(&self) -> &str {
        &self.description.encoding
    }

    /// How the bytes are decoded.
    pub fn transfer(&self) -> Transfer {
        self.description.transfer
    }

    /// The disposition in lower case: `inline`, `attachment`, or what else was written.
    pub fn disposition(&self) -> Option<&str> {
        self.description.disposition.as_deref()
    }

    /// The file name, decoded, as it was sent: it may hold a path.
    pub fn name(&self) -> Option<&str> {
        self.description.name.as_deref()
    }

    /// The Content-ID without brackets.
    pub fn content_id(&self) -> Option<&str> {
        self.description.content_id.as_deref()
    }

    /// The Content-Location.
    pub fn content_location(&self) -> Option<&str> {
        self.description.content_location.as_deref()
    }

    /// Whether it is shown within the text: disposition inline, or an id to refer to inside a
    /// multipart/related.
    pub fn is_inline(&self) -> bool {
        self.inline
    }

    /// Whether it consists of other parts.
    pub fn is_multipart(&self) -> bool {
        self.first_child.is_some()
    }

    /// Whether it is a nested mail that can be opened as a mail of its own.
    pub fn is_message(&self) -> bool {
        matches!(self.content_type(), "message/rfc822" | "message/global" | "message/news")
    }

    /// The header block as it was sent.
    pub fn raw_header<'a>(&self, raw: &'a [u8]) -> &'a [u8] {
        raw.get(self.header.clone()).unwrap_or_default()
    }

    /// The body as it was sent, still encoded.
    pub fn raw_body<'a>(&self, raw: &'a [u8]) -> &'a [u8] {
        raw.get(self.body.clone()).unwrap_or_default()
    }

    /// The decoded body.
    pub fn decoded<'a>(&self, raw: &'a [u8]) -> Cow<'a, [u8]> {
        self.transfer().decode(self.raw_body(raw)).0
    }

    /// The size of the decoded body in bytes.
    pub fn size_bytes(&self, raw: &[u8]) -> usize {
        match self.transfer() {
            Transfer::Identity => self.body.len(),
            _ => self.decoded(raw).len(),
        }
    }

    /// The decoded body as text: charset and format=flowed (RFC 3676) undone, lines end in LF.
    pub fn text(&self, raw: &[u8]) -> String {
        self.text_of(&self.decoded(raw)).text
    }

    /// The first `bytes_max` bytes of the text, whole characters of it, and whether there is more.
    /// The work is bounded by that, too: what lies far behind is not even decoded.
    pub fn text_beginning(&self, raw: &[u8], bytes_max: usize) -> (String, bool) {
        // Twice as much, because CRLF becomes LF. Switches of a charset may take more; what they
        // push out is not shown.
        let bytes_each = 2 * charset::bytes_of_ascii(self.charset());
        let decoded_max = bytes_max.saturating_mul(bytes_each);
        let decoded = self.transfer().beginning(self.raw_body(raw), decoded_max + 1);
        let is_cut = decoded.len() > decoded_max;
        let looked_at = if is_cut { charset::without_split_character(&decoded) } else { &decoded };
        let mut text = self.text_of(looked_at).text;
        let is_long = text.len() > bytes_max;
        text.truncate(text.floor_char_boundary(bytes_max));
        if is_cut {
            text.truncate(text.trim_end_matches('\u{fffd}').len());
        }
        (text, is_cut || is_long)
    }

    /// What is doubtful about decoded bytes as text.
    pub(super) fn doubt_of(&self, decoded: &[u8]) -> Option<charset::Doubt> {
        let label = self.label(decoded);
        if charset::is_plain(decoded, label.as_deref()) {
            return None;
        }
        let doubt = charset::decode(decoded, label.as_deref()).doubt;
        let is_default = doubt == Some(charset::Doubt::Undeclared("UTF-8"))
            && UTF_8_BY_DEFAULT.contains(&self.content_type());
        doubt.filter(|_| !is_default)
    }

    /// The charset that the header names, else the one that HTML names itself.
    fn label(&self, decoded: &[u8]) -> Option<Cow<'_, str>> {
        match self.charset() {
            Some(charset) => Some(Cow::Borrowed(charset)),
            None if self.content_type() == "text/html" => {
                charset::html_meta(decoded).map(Cow::Owned)
            }
            None => None,
        }
    }

    /// Text made of decoded bytes of this part, perhaps only of its beginning.
    pub(super) fn text_of(&self, decoded: &[u8]) -> charset::Text {
        let mut text = charset::decode(decoded, self.label(decoded).as_deref());
        if text.text.contains('\r') {
            text.text = with_line_feeds(&text.text);
        }
        if self.description.flowed && self.content_type() == "text/plain" {
            text.text = flowed::unflow(&text.text, self.description.delete_space);
        }
        text
    }
}

/// What the header of a part says about its body.
#[derive(Clone, Debug)]
pub(super) struct Description {
    pub content_type: Cow<'static, str>,
    pub charset: Option<Box<str>>,
    pub encoding: Cow<'static, str>,
    pub transfer: Transfer,
    pub disposition: Option<Cow<'static, str>>,
    pub name: Option<Box<str>>,
    pub content_id: Option<Box<str>>,
    pub content_location: Option<Box<str>>,
    pub boundary: Option<Box<[u8]>>,
    pub names_boundary: bool,
    pub flowed: bool,
    pub delete_space: bool,
    /// A Content-Type that is none, and what stands where the type should.
    pub invalid_type: Option<Box<str>>,
    /// A member of a digest that names no type: a mail, shown where it stands.
    pub digest_member: bool,
}

impl Default for Description {
    /// RFC 2045 §5.2: a body without a Content-Type is plain text.
    fn default() -> Self {
        Self {
            content_type: Cow::Borrowed("text/plain"),
            charset: None,
            encoding: Cow::Borrowed("7bit"),
            transfer: Transfer::Identity,
            disposition: None,
            name: None,
            content_id: None,
            content_location: None,
            boundary: None,
            names_boundary: false,
            flowed: false,
            delete_space: false,
            invalid_type: None,
            digest_member: false,
        }
    }
}

impl Description {
    /// Takes in one field of the part's header. Of repeated fields the first counts.
    pub(super) fn take(&mut self, field: &Field<'_>, seen: &mut Seen) {
        let Some(b'c' | b'C') = field.name.first() else { return };
        if field.name.eq_ignore_ascii_case(b"content-type") {
            if !std::mem::replace(&mut seen.content_type, true) {
                self.take_type(field.value);
            }
        } else if field.name.eq_ignore_ascii_case(b"content-transfer-encoding") {
            if !std::mem::replace(&mut seen.encoding, true) {
                self.take_encoding(field.value);
            }
        } else if field.name.eq_ignore_ascii_case(b"content-disposition") {
            if !std::mem::replace(&mut seen.disposition, true) {
                self.take_disposition(field.value);
            }
        } else if field.name.eq_ignore_ascii_case(b"content-id") {
            self.content_id.get_or_insert_with(|| without_brackets(field.value));
        } else if field.name.eq_ignore_ascii_case(b"content-location") {
            self.content_location.get_or_insert_with(|| location(field.value));
        }
    }

    fn take_type(&mut self, value: &[u8]) {
        self.digest_member = false;
        let parsed = Parametrised::read(value, None);
        self.content_type = media_type(&parsed.value);
        self.invalid_type = (!is_media_type(&parsed.value)).then(|| parsed.value.as_str().into());
        self.charset = parsed.text("charset").map(|charset| named(&charset).into());
        self.boundary = parsed.bytes("boundary").map(Into::into);
        if self.boundary.is_none() {
            self.boundary = parsed.text("boundary").map(|text| text.into_bytes().into());
        }
        self.boundary = self.boundary.take().filter(|boundary| !boundary.trim_ascii().is_empty());
        self.names_boundary = self.boundary.is_some();
        self.flowed = parsed.text("format").is_some_and(|format| is(&format, "flowed"));
        self.delete_space = parsed.text("delsp").is_some_and(|answer| is(&answer, "yes"));
        if self.name.is_none() {
            let name = parsed.text("name").or_else(|| parsed.text("filename"));
            self.name = name.filter(|name| !name.trim().is_empty()).map(Into::into);
        }
    }

    fn take_encoding(&mut self, value: &[u8]) {
        let text = words::plain(value.trim_ascii(), None);
        let name = text.split([';', '(']).next().unwrap_or_default().trim();
        self.transfer = Transfer::from_name(name);
        self.encoding = known(&name.to_ascii_lowercase(), ENCODINGS);
    }

    fn take_disposition(&mut self, value: &[u8]) {
        let parsed = Parametrised::read(value, None);
        if !parsed.value.is_empty() {
            self.disposition = Some(known(&parsed.value, DISPOSITIONS));
        }
        let name = parsed.text("filename").or_else(|| parsed.text("name"));
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            self.name = Some(name.into());
        }
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.content_type.starts_with("multipart/")
    }

    /// The charset as an encoding, for eight-bit header text beside it.
    pub(super) fn encoding_of_charset(&self) -> Option<&'static Encoding> {
        charset::encoding_of(self.charset.as_deref()?)
    }
}

/// Which fields a header had already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    content_type: bool,
    encoding: bool,
    disposition: bool,
}

/// Text whose lines end in LF, whatever they ended in.
fn with_line_feeds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\r') {
        out.push_str(&rest[..at]);
        out.push('\n');
        let behind = &rest[at + 1..];
        rest = ["\n", "\r\n"].iter().find_map(|end| behind.strip_prefix(end)).unwrap_or(behind);
    }
    out.push_str(rest);
    out
}

fn is(text: &str, expected: &str) -> bool {
    text.trim().eq_ignore_ascii_case(expected)
}

/// A charset's name in lower case, without the quotes some senders wrap it in once more.
fn named(charset: &str) -> String {
    charset.trim_matches(|c: char| c.is_whitespace() || "'\"".contains(c)).to_ascii_lowercase()
}

/// Types of text that are UTF-8 where they name no charset: RFC 7111, RFC 5545 §3.1.4, RFC 6350
/// §3.1, RFC 7303 §3.2, RFC 9239 §4.2.
const UTF_8_BY_DEFAULT: &[&str] =
    &["text/csv", "text/calendar", "text/vcard", "text/xml", "text/javascript"];

/// RFC 2045 §5.1: a type and a subtype, each a token.
fn is_media_type(written: &str) -> bool {
    let is_token = |text: &str| {
        let specials = "()<>@,;:\\\"/[]?=";
        !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && !specials.contains(c))
    };
    written.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// RFC 2045 §5.2: a type that makes no sense is plain text.
fn media_type(written: &str) -> Cow<'static, str> {
    match written.split_once('/') {
        Some((kind, subtype)) if !kind.is_empty() && !subtype.is_empty() => known(written, TYPES),
        _ => match written {
            "multipart" => Cow::Borrowed("multipart/mixed"),
            "html" => Cow::Borrowed("text/html"),
            _ => Cow::Borrowed("text/plain"),
        },
    }
}

/// The common names are not allocated.
fn known(written: &str, names: &[&'static str]) -> Cow<'static, str> {
    match names.iter().find(|name| **name == written) {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(written.to_owned()),
    }
}

fn without_brackets(value: &[u8]) -> Box<str> {
    let text = words::decode_words(value, None);
    text.trim().trim_start_matches('<').trim_end_matches('>').trim().into()
}

/// RFC 2557 §4.4: a long location is folded, and blanks in it mean nothing.
fn location(value: &[u8]) -> Box<str> {
    let text = words::decode_words(value, None);
    text.trim_matches('"').split_whitespace().collect::<String>().into()
}

const TYPES: &[&str] = &[
    "text/plain",
    "text/html",
    "multipart/mixed",
    "multipart/alternative",
    "multipart/related",
    "message/rfc822",
    "application/octet-stream",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "text/calendar",
    "multipart/report",
    "message/delivery-status",
];
const ENCODINGS: &[&str] = &["7bit", "8bit", "binary", "base64", "quoted-printable"];
const DISPOSITIONS: &[&str] = &["inline", "attachment"];
