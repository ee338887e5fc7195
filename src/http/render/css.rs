//! The addresses in a mail's style rules: found, and replaced by what the frame may load.
//!
//! Only written forms of `url(…)` and `@import "…"` are found. Escaped ones are not: the content
//! security policy of the frame stops those.

use memchr::memchr2_iter;

/// Style rules with each address replaced by what `replace` makes of it.
pub fn rewrite(css: &str, replace: &mut dyn FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(css.len());
    let mut copied = 0;
    for found in memchr2_iter(b'(', b'@', css.as_bytes()) {
        if found < copied {
            continue;
        }
        let Some((start, end)) = address_at(css, found) else { continue };
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

/// The address that the `(` of `url(` or the `@` of `@import` leads to.
fn address_at(css: &str, found: usize) -> Option<(usize, usize)> {
    let bytes = css.as_bytes();
    let start = if bytes[found] == b'(' {
        let before = bytes.get(found.checked_sub(3)?..found)?;
        if !before.eq_ignore_ascii_case(b"url") {
            return None;
        }
        found + 1
    } else {
        let end = found + IMPORT.len();
        if !bytes.get(found..end)?.eq_ignore_ascii_case(IMPORT) {
            return None;
        }
        end
    };
    let blanks = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let start = start + blanks;
    let rest = &bytes[start..];
    match *rest.first()? {
        quote @ (b'"' | b'\'') => {
            let end = memchr::memchr2(quote, b'\n', &rest[1..]).unwrap_or(rest.len() - 1);
            Some((start + 1, start + 1 + end))
        }
        // `@import url(…)` is found by its parenthesis.
        _ if bytes[found] == b'@' => None,
        _ => {
            let end = memchr::memchr(b')', rest).unwrap_or(rest.len());
            let address = rest[..end].trim_ascii_end();
            Some((start, start + address.len()))
        }
    }
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
            ("@media (a){b{c:d}}", "@media (a){b{c:d}}"),
            ("url(", "url("),
            ("url(x", "url([x]"),
            ("url('x", "url('[x]"),
            ("curl(x)", "curl([x])"),
            ("ä(url(ö))", "ä(url([ö]))"),
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
