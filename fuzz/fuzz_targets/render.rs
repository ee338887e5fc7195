//! Any HTML becomes a page in which no element and no attribute acts.
//!
//! `cargo +nightly fuzz run render -- -max_len=262144 -timeout=10`

#![no_main]

use html5ever::tokenizer::BufferQueue;
use html5ever::tokenizer::Tag;
use html5ever::tokenizer::TagKind;
use html5ever::tokenizer::Token;
use html5ever::tokenizer::TokenSink;
use html5ever::tokenizer::TokenSinkResult;
use html5ever::tokenizer::Tokenizer;
use html5ever::tokenizer::states::RawKind;
use libfuzzer_sys::fuzz_target;
use restante::http::render;
use restante::http::render::Rendering;
use restante::http::render::parts::Parts;

fuzz_target!(|html: &str| {
    let _ = render::remote(html, &Parts::default());
    let page = render::page(html, &Rendering::default());
    let input = BufferQueue::default();
    input.push_back(page.into());
    let tokenizer = Tokenizer::new(Harmless, Default::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
});

/// Panics at anything a browser would act on.
struct Harmless;

impl TokenSink for Harmless {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        assert!(!ACTING.contains(&&*tag.name), "<{}> is left", tag.name);
        tag.attrs.iter().for_each(|attribute| {
            let name = &*attribute.name.local;
            assert!(!name.starts_with("on"), "{name} is left");
            let value: String = attribute.value.chars().filter(|c| !c.is_whitespace()).collect();
            let value = value.to_ascii_lowercase();
            let is_address = matches!(name, "href" | "src" | "background" | "cite" | "xlink:href");
            assert!(!is_address || !value.starts_with("javascript:"), "{name}={value}");
        });
        text_of(&tag)
    }
}

/// A browser reads the inside of these as text.
fn text_of(tag: &Tag) -> TokenSinkResult<()> {
    match (&*tag.name, tag.kind) {
        ("style", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rawtext),
        ("title" | "textarea", TagKind::StartTag) => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

const ACTING: [&str; 10] =
    ["script", "iframe", "frame", "object", "embed", "form", "applet", "link", "base", "portal"];
