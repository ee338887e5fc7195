//! HTML as a stream of text and tags, read by a real tokenizer and never by regular expression.
//!
//! Builds no tree: text, links and codes need none. Making HTML safe is not done here.

use std::cell::RefCell;

use html5ever::Attribute;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::BufferQueue;
use html5ever::tokenizer::TagKind;
use html5ever::tokenizer::Token;
use html5ever::tokenizer::TokenSink;
use html5ever::tokenizer::TokenSinkResult;
use html5ever::tokenizer::Tokenizer;
use html5ever::tokenizer::TokenizerOpts;
use html5ever::tokenizer::states::RawKind;

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
pub(super) struct Attributes<'a>(&'a [Attribute]);

impl<'a> Attributes<'a> {
    /// The value of an attribute, references resolved.
    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|known| &*known.name.local == name).map(|known| &*known.value)
    }
}

/// Reads HTML from the start; `sink` answers false when it has seen enough.
pub(super) fn read(html: &str, sink: impl FnMut(Event<'_>) -> bool) {
    let tamed = without_endless_tags(html);
    let sink = Sink { state: RefCell::new(State { sink, enough: false }) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest: &str = &tamed;
    while !rest.is_empty() && !tokenizer.sink.state.borrow().enough {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        queue.push_back(StrTendril::from(piece));
        let _scripts_are_not_run = tokenizer.feed(&queue);
        rest = behind;
    }
    tokenizer.end();
}

struct Sink<F> {
    state: RefCell<State<F>>,
}

struct State<F> {
    sink: F,
    enough: bool,
}

impl<F: FnMut(Event<'_>) -> bool> TokenSink for Sink<F> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let state = &mut *self.state.borrow_mut();
        let mut tell = |event: Event<'_>| {
            if !state.enough {
                state.enough = !(state.sink)(event);
            }
        };
        match &token {
            Token::CharacterTokens(text) => tell(Event::Text(text)),
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => tell(Event::End(&tag.name)),
            Token::TagToken(tag) => {
                tell(Event::Start(&tag.name, Attributes(&tag.attrs)));
                return content_of(&tag.name);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the tokenizer reads what follows a start tag, which a tree builder would tell it.
fn content_of(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

/// Cuts tags after some hundred attributes: the tokenizer compares each attribute with all before
/// it, so that a tag with a million of them would take hours.
fn without_endless_tags(html: &str) -> std::borrow::Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut kept = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (end, cut_from) = tag_end(bytes, at);
        if let Some(cut_from) = cut_from {
            kept.push_str(&html[copied..cut_from]);
            copied = end;
        }
        at = end;
    }
    if copied == 0 {
        return html.into();
    }
    kept.push_str(&html[copied..]);
    kept.into()
}

/// The place of the bracket that ends a tag, and where it has more attributes than are read.
fn tag_end(bytes: &[u8], start: usize) -> (usize, Option<usize>) {
    let mut count = 0;
    let mut cut_from = None;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => break,
            b'"' | b'\'' if bytes[..at].trim_ascii_end_is(b'=') => {
                let rest = &bytes[at + 1..];
                at += memchr::memchr(byte, rest).map_or(rest.len(), |length| length + 1);
            }
            _ if byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'') => {
                count += 1;
                if count == ATTRIBUTES_MAX {
                    cut_from = Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (at.min(bytes.len()), cut_from)
}

trait EndsIn {
    fn trim_ascii_end_is(&self, byte: u8) -> bool;
}

impl EndsIn for [u8] {
    /// Whether the last byte that is no blank is this one; looks back a few bytes only.
    fn trim_ascii_end_is(&self, byte: u8) -> bool {
        let start = self.len().saturating_sub(8);
        self[start..].trim_ascii_end().last() == Some(&byte)
    }
}

const PIECE_BYTES: usize = 4 << 10;
const ATTRIBUTES_MAX: usize = 1_000;
