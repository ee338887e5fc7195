//! Cuts HTML into tags and text as the WHATWG tokenizer does (HTML §13.2.5), in linear time.
//!
//! Borrows from its input and decodes nothing: references such as `&amp;` stay as they are written.
//! Knows no element by name; who does asks for the raw text behind a start tag.

use memchr::memchr;
use memchr::memchr_iter;
use memchr::memmem;

/// A tag or the text between two.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text as written.
    Text(&'a str),
    /// `<name …>`, the name in any case.
    Start(&'a str, Vec<Attribute<'a>>),
    /// `</name>`, the name in any case.
    End(&'a str),
}

/// An attribute as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name in any case.
    pub name: &'a str,
    /// Its value without quotes; empty when there is none.
    pub value: &'a str,
}

/// Reads HTML from its start to its end. Comments, declarations and unfinished tags are passed
/// over.
#[derive(Debug)]
pub struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of a document or a part of one.
    pub const fn new(html: &'a str) -> Self {
        Self { rest: html }
    }

    /// The next token. None at the end.
    pub fn token(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(text) = self.text() else {
                match self.markup() {
                    Some(token) => return Some(token),
                    None => continue,
                }
            };
            return Some(Token::Text(text));
        }
    }

    /// Everything up to `</name`, which stays. None, and nothing is read, when it never comes.
    pub fn raw_text(&mut self, name: &str) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let end = memmem::find_iter(bytes, b"</").find(|start| {
            let (_, found) = bytes.split_at(start + 2);
            found.split_at_checked(name.len()).is_some_and(|(found, after)| {
                let ends = after.first().is_none_or(|byte| is_blank(*byte) || b"/>".contains(byte));
                ends && found.eq_ignore_ascii_case(name.as_bytes())
            })
        })?;
        Some(self.take(end))
    }

    /// Reads the rest, whatever it is.
    pub fn remainder(&mut self) -> &'a str {
        std::mem::take(&mut self.rest)
    }

    /// Text up to the next `<` that starts markup. None when that is here.
    fn text(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let mut end = 0;
        while let Some(found) = memchr(b'<', &bytes[end..]) {
            end += found;
            match bytes.get(end + 1) {
                Some(b'!' | b'/' | b'?' | b'a'..=b'z' | b'A'..=b'Z') => break,
                _ => end += 1,
            }
        }
        if end == 0 && bytes.first() == Some(&b'<') && bytes.len() > 1 {
            return None;
        }
        let end = if memchr(b'<', &bytes[end..]).is_some() { end } else { bytes.len() };
        Some(self.take(end))
    }

    /// At a `<` that starts markup.
    fn markup(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        match bytes.get(1)? {
            b'!' if bytes.starts_with(b"<!--") => self.comment(),
            b'!' | b'?' => self.bogus_comment(),
            b'/' if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                self.take(2);
                let name = self.take_until(|byte| is_blank(byte) || byte == b'/' || byte == b'>');
                self.attributes()?;
                return Some(Token::End(name));
            }
            b'/' => self.bogus_comment(),
            _ => {
                self.take(1);
                let name = self.take_until(|byte| is_blank(byte) || byte == b'/' || byte == b'>');
                return Some(Token::Start(name, self.attributes()?));
            }
        }
        None
    }

    /// `<!-- … -->`; also `<!-->`, `<!--->` and `<!-- … --!>`.
    fn comment(&mut self) {
        self.take(4);
        for start in [">", "->"] {
            if self.rest.starts_with(start) {
                self.take(start.len());
                return;
            }
        }
        let bytes = self.rest.as_bytes();
        let ends = |end: &usize| {
            let before = bytes[..*end].strip_suffix(b"!").unwrap_or(&bytes[..*end]);
            before.ends_with(b"--")
        };
        let end = memchr_iter(b'>', bytes).find(ends);
        self.take(end.map_or(bytes.len(), |end| end + 1));
    }

    fn bogus_comment(&mut self) {
        let end = memchr(b'>', self.rest.as_bytes()).map_or(self.rest.len(), |end| end + 1);
        self.take(end);
    }

    /// The attributes up to and including `>`. None when the text ends before it.
    fn attributes(&mut self) -> Option<Vec<Attribute<'a>>> {
        let mut attributes = Vec::new();
        loop {
            self.skip(|byte| is_blank(byte) || byte == b'/');
            if self.rest.is_empty() {
                return None;
            }
            if self.rest.starts_with('>') {
                self.take(1);
                return Some(attributes);
            }
            // An equals sign here is the first letter of a name.
            let first = usize::from(self.rest.starts_with('='));
            let ends = |byte| is_blank(byte) || matches!(byte, b'/' | b'>' | b'=');
            let length = first + length_until(&self.rest[first..], ends);
            let name = self.take(length);
            self.skip(is_blank);
            let value = if self.rest.starts_with('=') {
                self.take(1);
                self.value()?
            } else {
                ""
            };
            attributes.push(Attribute { name, value });
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        self.skip(is_blank);
        let quote = *self.rest.as_bytes().first()?;
        if quote != b'"' && quote != b'\'' {
            return Some(self.take_until(|byte| is_blank(byte) || byte == b'>'));
        }
        self.take(1);
        let Some(end) = memchr(quote, self.rest.as_bytes()) else {
            self.remainder();
            return None;
        };
        let value = self.take(end);
        self.take(1);
        Some(value)
    }

    fn take_until(&mut self, stops: impl Fn(u8) -> bool) -> &'a str {
        self.take(length_until(self.rest, stops))
    }

    /// Passes over ASCII characters.
    fn skip(&mut self, skips: impl Fn(u8) -> bool) {
        let bytes = self.rest.as_bytes();
        let length = bytes.iter().position(|byte| !byte.is_ascii() || !skips(*byte));
        self.take(length.unwrap_or(bytes.len()));
    }

    /// Takes bytes up to a boundary next to an ASCII character.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

/// How many bytes come before the first ASCII one that stops.
fn length_until(text: &str, stops: impl Fn(u8) -> bool) -> usize {
    let is_stop = |byte: &u8| byte.is_ascii() && stops(*byte);
    text.as_bytes().iter().position(is_stop).unwrap_or(text.len())
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(html: &str) -> String {
        let mut lexer = Lexer::new(html);
        let mut shown = String::new();
        while let Some(token) = lexer.token() {
            match token {
                Token::Text(text) => shown.push_str(&format!("[{text}]")),
                Token::End(name) => shown.push_str(&format!("</{name}>")),
                Token::Start(name, attributes) => {
                    shown.push_str(&format!("<{name}"));
                    for Attribute { name, value } in attributes {
                        shown.push_str(&format!(" {name}={{{value}}}"));
                    }
                    shown.push('>');
                }
            }
        }
        shown
    }

    #[test]
    fn tags_are_cut_as_a_browser_cuts_them() {
        for (html, expected) in [
            ("a<b>c</b>d", "[a]<b>[c]</b>[d]"),
            ("a < b <", "[a < b <]"),
            ("<", "[<]"),
            ("<<b>", "[<]<b>"),
            ("1<2<b>é", "[1<2]<b>[é]"),
            ("<br/><br / >", "<br><br>"),
            ("<a href=\"x>y\" b='c' d=e/f g h = i>", "<a href={x>y} b={c} d={e/f} g={} h={i}>"),
            ("<a b=\"1\"c='2'd>", "<a b={1} c={2} d={}>"),
            ("<a =b=c>", "<a =b={c}>"),
            ("<a\nb\n=\nc\n>", "<a b={c}>"),
            ("<a b=>x", "<a b={}>[x]"),
            ("x<a b=\"", "[x]"),
            ("x<a b", "[x]"),
            ("x</", "[x]"),
            ("</a b='>'>x", "</a>[x]"),
            ("</ a>x</>y", "[x][y]"),
            ("<!doctype html>x<?xml?>y<![if !mso]>z", "[x][y][z]"),
            ("a<!-- b -- > <c> -->d", "[a][d]"),
            ("<!-->a<!--->b<!--c--!>d<!--e--->f<!----->g", "[a][b][d][f][g]"),
            ("a<!-- b", "[a]"),
            ("<Straße Ä=ö>", "<Straße Ä={ö}>"),
        ] {
            assert_eq!(tokens(html), expected, "{html}");
        }
    }

    #[test]
    fn raw_text_ends_at_its_own_end_tag() {
        let mut lexer = Lexer::new("a</b></styles></STYLE >x");
        assert_eq!(lexer.raw_text("title"), None);
        assert_eq!(lexer.raw_text("style"), Some("a</b></styles>"));
        assert_eq!(lexer.token(), Some(Token::End("STYLE")));
        assert_eq!(lexer.remainder(), "x");
        assert_eq!(lexer.token(), None);
    }
}
