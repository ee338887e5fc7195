//! The events of HTML, and that they are those of another tokenizer.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer as other;
use html5ever::tokenizer::TokenSinkResult;
use html5ever::tokenizer::states::RawKind;
use proptest::prelude::*;

use super::*;

/// An event in words: `+name attribute=value`, `-name`, or text in quotes.
fn events(html: &str) -> Vec<String> {
    let mut events = Events::default();
    read(html, |event| {
        match event {
            Event::Text(text) => events.text(text),
            Event::Start(name, attributes) => {
                events.start(name, |name| attributes.value(name).map(Cow::into_owned));
            }
            Event::End(name) => events.0.push(format!("-{name}")),
        }
        true
    });
    events.0
}

#[derive(Default)]
struct Events(Vec<String>);

impl Events {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut().filter(|last| last.starts_with('"')) {
            Some(last) => last.push_str(text),
            None => self.0.push(format!("\"{text}")),
        }
    }

    fn start(&mut self, name: &str, value: impl Fn(&str) -> Option<String>) {
        let value = |name: &&str| value(name).map(|value| format!(" {name}={value}"));
        let attributes: String = ["a", "href", "style"].iter().filter_map(value).collect();
        self.0.push(format!("+{name}{attributes}"));
    }
}

/// The same by html5ever, told about content as a tree builder would.
fn other_events(html: &str) -> Vec<String> {
    let sink = Other(RefCell::default());
    let tokenizer = other::Tokenizer::new(sink, other::TokenizerOpts::default());
    let queue = other::BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let _scripts_are_not_run = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take().0
}

struct Other(RefCell<Events>);

impl other::TokenSink for Other {
    type Handle = ();

    fn process_token(&self, token: other::Token, _line: u64) -> TokenSinkResult<()> {
        let mut events = self.0.borrow_mut();
        match token {
            other::Token::CharacterTokens(text) => events.text(&text),
            other::Token::TagToken(tag) if tag.kind == other::TagKind::EndTag => {
                events.0.push(format!("-{}", tag.name));
            }
            other::Token::TagToken(tag) => {
                let named = |name: &str| tag.attrs.iter().find(|a| &*a.name.local == name);
                events.start(&tag.name, |name| named(name).map(|a| a.value.to_string()));
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                        TokenSinkResult::RawData(RawKind::Rawtext)
                    }
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    "plaintext" => TokenSinkResult::Plaintext,
                    _ => TokenSinkResult::Continue,
                };
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[test]
fn text_and_tags_come_in_order() {
    let html = "\u{feff}a &amp; b<A HREF='x&amp;y' href=z>c</A ><!-- no --><script>'<p>'</script>d";
    let expected = ["\"a & b", "+a href=x&y", "\"c", "-a", "+script", "\"'<p>'", "-script", "\"d"];
    assert_eq!(events(html), expected);
}

#[test]
fn what_has_been_seen_is_enough() {
    let mut count = 0;
    read("<p>a<p>b<p>c", |_| {
        count += 1;
        count < 3
    });
    assert_eq!(count, 3);
}

#[test]
fn attributes_beyond_the_limit_are_left_out() {
    for (before, expected) in [(ATTRIBUTES_MAX - 1, "+p a=1"), (ATTRIBUTES_MAX, "+p")] {
        let others: String = (0..before).map(|number| format!("x{number} ")).collect();
        let html = format!("<p {others} a=1 b=2>");
        assert_eq!(events(&html), [expected], "{before}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn another_tokenizer_finds_the_same(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..16)
    ) {
        let html = pieces.concat();
        prop_assert_eq!(events(&html), other_events(&html), "{:?}", html);
    }
}

/// What HTML is made of, whole and broken.
const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "<!",
    "<!-",
    "<!--",
    "-->",
    "--!>",
    "-",
    "<?",
    "<![CDATA[",
    "]]>",
    "<a ",
    "<a href=",
    "<td style='x'>",
    "<img src=x/>",
    "<p>",
    "</p>",
    "<br/>",
    "<A>",
    "<script>",
    "</script>",
    "</script ",
    "<!DOCTYPE html>",
    "<style>",
    "</STYLE>",
    "<title>",
    "</title>",
    "<textarea>",
    "<xmp>",
    "</xmp>",
    "<noframes>",
    "</noframes>",
    "<iframe>",
    "<plaintext>",
    "a",
    "href",
    "style",
    "=",
    "\"",
    "'",
    "`",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u{c}",
    "\0",
    "x",
    "é",
    "日",
    "\u{a0}",
    "\u{feff}",
    "&",
    "&amp;",
    "&lt;",
    "&copy",
    "&nbsp",
    "&notit;",
    "&#0;",
    "&#x41;",
    "&#128;",
    "&#xD800;",
];
