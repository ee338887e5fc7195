//! The addresses in a mail's style rules: found, and replaced by what the frame may load.
//!
//! They stand in `url(…)`, `src(…)`, `@import "…"` and as bare strings in `image-set(…)`, with any
//! letter of these perhaps written as an escape.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;
use memchr::memchr2;

/// Style rules with each address replaced by what `replace` makes of it.
pub fn rewrite(css: &str, replace: &mut dyn FnMut(&str) -> String) -> String {
    let css = unescape(css);
    let mut out = String::with_capacity(css.len());
    let mut copied = 0;
    for Range { start, end } in Addresses::of(&css) {
        out.push_str(&css[copied..start]);
        // Nothing that ends the string or the function may come from outside.
        for c in replace(&css[start..end]).chars() {
            match c {
                '"' | '\'' | '(' | ')' | '\\' | '\n' | '\r' | '\x0c' | '<' => {
                    out.push_str(&format!("%{:02X}", u32::from(c)));
                }
                c => out.push(c),
            }
        }
        copied = end;
    }
    out.push_str(&css[copied..]);
    out
}

/// Writes letters and hyphens as themselves where they are escaped (CSS Syntax 3 §4.3.7). Means
/// the same to a browser.
fn unescape(css: &str) -> Cow<'_, str> {
    let mut rest = css;
    let mut out = String::new();
    while let Some(backslash) = memchr(b'\\', rest.as_bytes()) {
        let (before, escape) = rest.split_at(backslash);
        out.push_str(before);
        let behind = &escape[1..];
        let digits = behind.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let length =
            if digits > 0 { digits } else { behind.chars().next().map_or(0, char::len_utf8) };
        let (escaped, behind) = behind.split_at(length);
        let c = match digits {
            0 => escaped.chars().next(),
            _ => u32::from_str_radix(escaped, 16).ok().and_then(char::from_u32),
        };
        rest = if digits > 0 { without_blank(behind) } else { behind };
        match c {
            Some(c) if c.is_ascii_alphabetic() || c == '-' => out.push(c),
            _ => {
                out.push('\\');
                out.push_str(escaped);
                // What follows may be a digit now that was none before.
                out.push_str(if digits > 0 { " " } else { "" });
            }
        }
    }
    if out.is_empty() && rest.len() == css.len() {
        return css.into();
    }
    out.push_str(rest);
    out.into()
}

/// Without the one blank that ends an escape.
fn without_blank(css: &str) -> &str {
    css.strip_prefix("\r\n")
        .or_else(|| css.strip_prefix([' ', '\t', '\n', '\r', '\x0c']))
        .unwrap_or(css)
}

/// Where addresses stand, from front to back.
struct Addresses<'c> {
    css: &'c [u8],
    position: usize,
    /// How many parentheses are open since that of an `image-set(`, this one included.
    depth: usize,
}

impl<'c> Addresses<'c> {
    fn of(css: &'c str) -> Self {
        Self { css: css.as_bytes(), position: 0, depth: 0 }
    }

    /// The address that the `(` or the `@` in front of it leads to.
    fn behind(&mut self, found: usize) -> Option<Range<usize>> {
        let name = &self.css[..found];
        let is_import = self.css[found] == b'@';
        self.position = found + 1;
        if is_import {
            let end = found + IMPORT.len();
            if !self.css.get(found..end)?.eq_ignore_ascii_case(IMPORT) {
                return None;
            }
            self.position = end;
            self.skip_comments();
        } else if ends_with(name, b"image-set") {
            self.depth = self.depth.max(1);
            return None;
        } else if !ends_with(name, b"url") && !ends_with(name, b"src") {
            return None;
        }
        self.skip_blanks();
        match *self.css.get(self.position)? {
            quote @ (b'"' | b'\'') => Some(self.string(quote)),
            // `@import url(…)` is found by its parenthesis.
            _ if is_import => None,
            _ => {
                let rest = &self.css[self.position..];
                let address = rest[..memchr(b')', rest).unwrap_or(rest.len())].trim_ascii_end();
                let start = self.position;
                self.position += address.len();
                Some(start..self.position)
            }
        }
    }

    /// What stands in a string that begins here, which goes on to its quote or the end of the line.
    fn string(&mut self, quote: u8) -> Range<usize> {
        let start = self.position + 1;
        let mut end = start;
        while let Some(&byte) = self.css.get(end).filter(|byte| ![quote, b'\n'].contains(byte)) {
            // An escaped character is one of the string, if there is one.
            end += if byte == b'\\' && end + 1 < self.css.len() { 2 } else { 1 };
        }
        self.position = self.css.len().min(end + 1);
        start..end
    }

    fn skip_blanks(&mut self) {
        let rest = &self.css[self.position..];
        self.position += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    fn skip_comments(&mut self) {
        self.skip_blanks();
        while self.css[self.position..].starts_with(b"/*") {
            let rest = &self.css[self.position + 2..];
            let end = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
            self.position += 2 + end;
            self.skip_blanks();
        }
    }

    /// One step within `image-set(…)`: a string is an address unless it is that of a `type("…")`.
    fn step_in_set(&mut self) -> Option<Range<usize>> {
        let at = self.position;
        self.position += 1;
        match self.css[at] {
            b'(' => {
                self.depth += 1;
                return self.behind(at);
            }
            b')' => self.depth -= 1,
            // No browser takes such a list.
            b';' | b'}' => self.depth = 0,
            quote @ (b'"' | b'\'') => {
                self.position = at;
                let string = self.string(quote);
                return (self.depth == 1).then_some(string);
            }
            _ => {}
        }
        None
    }
}

impl Iterator for Addresses<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while self.position < self.css.len() {
            let address = if self.depth > 0 {
                self.step_in_set()
            } else {
                let found = memchr2(b'(', b'@', &self.css[self.position..])?;
                self.behind(self.position + found)
            };
            if address.is_some() {
                return address;
            }
        }
        None
    }
}

fn ends_with(css: &[u8], name: &[u8]) -> bool {
    css.len().checked_sub(name.len()).is_some_and(|start| css[start..].eq_ignore_ascii_case(name))
}

const IMPORT: &[u8] = b"@import";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_replaced_and_all_else_stays() {
        for (css, expected) in [
            ("a{color:red}", "a{color:red}"),
            ("a{background:url(x.png) no-repeat}", "a{background:url([x.png]) no-repeat}"),
            ("a{background:URL( 'x.png' )}", "a{background:URL( '[x.png]' )}"),
            (
                "a{background:url(\"x.png\");b:url( y )}",
                "a{background:url(\"[x.png]\");b:url( [y] )}",
            ),
            ("@import 'x.css';@IMPORT url(y.css);", "@import '[x.css]';@IMPORT url([y.css]);"),
            ("@import/**/ /*'*/\"x\"", "@import/**/ /*'*/\"[x]\""),
            ("@import/*", "@import/*"),
            ("@import", "@import"),
            ("@media (a){b{c:d}}", "@media (a){b{c:d}}"),
            ("url(", "url("),
            ("url()", "url([])"),
            ("url(x", "url([x]"),
            ("url('x", "url('[x]"),
            ("url('x\\'y')", "url('[x%5C%27y]')"),
            ("url('x\\", "url('[x%5C]"),
            ("src('x')", "src('[x]')"),
            ("curl(x)", "curl([x])"),
            ("ä(url(ö))", "ä(url([ö]))"),
        ] {
            assert_eq!(rewrite(css, &mut |address| format!("[{address}]")), expected, "{css}");
        }
    }

    #[test]
    fn the_strings_of_a_set_are_addresses() {
        for (css, expected) in [
            ("image-set(\"x\" 1x, 'y' 2x)", "image-set(\"[x]\" 1x, '[y]' 2x)"),
            ("-WEBKIT-image-set('x'1x)", "-WEBKIT-image-set('[x]'1x)"),
            ("image-set(url(x) 1x,url('y') 2x,'z')", "image-set(url([x]) 1x,url('[y]') 2x,'[z]')"),
            ("image-set('x' type('y')) 'z'", "image-set('[x]' type('y')) 'z'"),
            ("image-set(image-set('x'))", "image-set(image-set('x'))"),
            ("image-set(linear-gradient(red),'x')", "image-set(linear-gradient(red),'[x]')"),
            ("image-set(;font:'x'}b{font:'y'", "image-set(;font:'x'}b{font:'y'"),
            ("image-set('x", "image-set('[x]"),
        ] {
            assert_eq!(rewrite(css, &mut |address| format!("[{address}]")), expected, "{css}");
        }
    }

    #[test]
    fn escapes_hide_nothing() {
        for (css, expected) in [
            ("u\\72l(x)", "url([x])"),
            ("\\75\\52 \\00006c\r\n(x)", "uRl([x])"),
            ("u\\rl(x)", "url([x])"),
            ("@\\69mport 'x'", "@import '[x]'"),
            ("image\\2d set('x')", "image-set('[x]')"),
            (".a\\:b\\/c{}", ".a\\:b\\/c{}"),
            ("a{content:'\\201C'}", "a{content:'\\201C '}"),
            ("'\\1F\\61'", "'\\1F a'"),
            ("\\", "\\"),
            ("a\\é", "a\\é"),
        ] {
            assert_eq!(rewrite(css, &mut |address| format!("[{address}]")), expected, "{css}");
        }
    }

    #[test]
    fn a_replacement_cannot_end_what_it_stands_in() {
        let rewritten = rewrite("a{b:url('x')}", &mut |_| "')}</style>\"\\".into());
        assert_eq!(rewritten, "a{b:url('%27%29}%3C/style>%22%5C')}");
    }
}
