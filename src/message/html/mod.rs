//! HTML as a stream of text and tags, read by a real tokenizer and never by regular expression.
//!
//! Builds no tree: text, links and codes need none. Making HTML safe is not done here.

use std::borrow::Cow;
use std::ops::Range;

use html5gum::Emitter;
use html5gum::Error;
use html5gum::State;
use html5gum::Tokenizer;

/// What is met while reading.
pub(super) enum Event<'a> {
    /// Text, character references resolved.
    Text(&'a str),
    /// A start tag: its name in lower case.
    Start(&'a str, Attributes<'a>),
    /// An end tag.
    End(&'a str),
}

/// The attributes of a start tag.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(&'a Tag);

impl<'a> Attributes<'a> {
    /// The value of the first attribute of this name, references resolved.
    pub(super) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let Tag { written, attributes, .. } = self.0;
        let is_named = |known: &&Attribute| &written[known.name.clone()] == name.as_bytes();
        attributes.iter().find(is_named).map(|known| text(&written[known.value.clone()]))
    }
}

/// Reads HTML from the start, but for a byte order mark; `sink` answers false when it has seen
/// enough.
pub(super) fn read(html: &str, sink: impl FnMut(Event<'_>) -> bool) {
    let without_mark = html.strip_prefix('\u{feff}').unwrap_or(html);
    let reader = Reader { sink, text: Vec::new(), tag: Tag::default(), is_enough: false };
    // The first token says that nobody wants more.
    let _enough = Tokenizer::new_with_emitter(without_mark, reader).next();
}

/// Hands on what the tokenizer finds.
struct Reader<F> {
    sink: F,
    /// The text since the last tag or comment.
    text: Vec<u8>,
    tag: Tag,
    is_enough: bool,
}

impl<F: FnMut(Event<'_>) -> bool> Reader<F> {
    fn end_text(&mut self) {
        if !self.text.is_empty() && !self.is_enough {
            self.is_enough = !(self.sink)(Event::Text(&without_nulls(text(&self.text))));
        }
        self.text.clear();
    }
}

/// The tag that is being read.
#[derive(Default)]
struct Tag {
    is_end: bool,
    /// Its name, and behind it names and values of attributes.
    written: Vec<u8>,
    name_end: usize,
    attributes: Vec<Attribute>,
    /// More attributes came than are kept.
    is_full: bool,
    /// The name of the start tag before it: its end tag ends text without tags.
    last_start: Vec<u8>,
}

/// Where an attribute is written.
struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
}

impl Tag {
    fn begin(&mut self, is_end: bool) {
        self.is_end = is_end;
        self.written.clear();
        self.name_end = 0;
        self.attributes.clear();
        self.is_full = false;
    }

    fn name(&self) -> &[u8] {
        &self.written[..self.name_end]
    }
}

/// How the tokenizer reads what follows a start tag, which a tree builder would tell it.
fn content_of(name: &str) -> Option<State> {
    match name {
        "script" => Some(State::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(State::RawText),
        "title" | "textarea" => Some(State::RcData),
        "plaintext" => Some(State::PlainText),
        _ => None,
    }
}

/// Borrowed always: the tokenizer cuts UTF-8 at ASCII alone.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A tree builder leaves them out.
fn without_nulls(text: Cow<'_, str>) -> Cow<'_, str> {
    match memchr::memchr(0, text.as_bytes()) {
        Some(_) => text.replace('\0', "").into(),
        None => text,
    }
}

impl<F: FnMut(Event<'_>) -> bool> Emitter for Reader<F> {
    type Token = ();

    fn pop_token(&mut self) -> Option<()> {
        self.is_enough.then_some(())
    }

    fn emit_string(&mut self, piece: &[u8]) {
        self.text.extend_from_slice(piece);
    }

    fn emit_eof(&mut self) {
        self.end_text();
    }

    fn init_start_tag(&mut self) {
        self.tag.begin(false);
    }

    fn init_end_tag(&mut self) {
        self.tag.begin(true);
    }

    fn push_tag_name(&mut self, piece: &[u8]) {
        self.tag.written.extend_from_slice(piece);
        self.tag.name_end = self.tag.written.len();
    }

    fn init_attribute(&mut self) {
        let tag = &mut self.tag;
        tag.is_full = tag.attributes.len() == ATTRIBUTES_MAX;
        if !tag.is_full {
            let at = tag.written.len();
            tag.attributes.push(Attribute { name: at..at, value: at..at });
        }
    }

    fn push_attribute_name(&mut self, piece: &[u8]) {
        let tag = &mut self.tag;
        if let Some(attribute) = tag.attributes.last_mut().filter(|_| !tag.is_full) {
            tag.written.extend_from_slice(piece);
            attribute.name.end = tag.written.len();
            attribute.value = attribute.name.end..attribute.name.end;
        }
    }

    fn push_attribute_value(&mut self, piece: &[u8]) {
        let tag = &mut self.tag;
        if let Some(attribute) = tag.attributes.last_mut().filter(|_| !tag.is_full) {
            tag.written.extend_from_slice(piece);
            attribute.value.end = tag.written.len();
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_text();
        let name = text(&self.tag.written[..self.tag.name_end]);
        let event = match self.tag.is_end {
            true => Event::End(&name),
            false => Event::Start(&name, Attributes(&self.tag)),
        };
        self.is_enough = self.is_enough || !(self.sink)(event);
        let content = content_of(&name).filter(|_| !self.tag.is_end);
        drop(name);
        if content.is_some() {
            let Tag { last_start, written, name_end, .. } = &mut self.tag;
            last_start.clear();
            last_start.extend_from_slice(&written[..*name_end]);
        }
        content
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.is_end && self.tag.last_start == self.tag.name()
    }

    fn init_comment(&mut self) {
        self.end_text();
    }

    // Comments and document types are no text, errors are mended as browsers do, and of the last
    // start tag only those matter that change how their content is read.
    fn push_comment(&mut self, _: &[u8]) {}
    fn emit_current_comment(&mut self) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn set_force_quirks(&mut self) {}
    fn emit_current_doctype(&mut self) {}
    fn set_self_closing(&mut self) {}
    fn set_last_start_tag(&mut self, _: Option<&[u8]>) {}
    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

/// Attributes of a tag that are kept.
const ATTRIBUTES_MAX: usize = 1_000;

#[cfg(test)]
mod tests;
