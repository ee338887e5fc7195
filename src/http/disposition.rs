//! Content-Disposition for names from outside (RFC 6266).

use std::fmt::Write as _;

use axum::http::HeaderValue;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

/// Whether a browser shows a file or saves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It may show it.
    Inline,
    /// It saves it.
    Attachment,
}

impl Disposition {
    /// The header's value, with the file's name in ASCII for old clients and whole for the others.
    pub fn header(self, name: &str) -> HeaderValue {
        let kind = match self {
            Self::Inline => "inline",
            Self::Attachment => "attachment",
        };
        let name = file_name(name);
        let mut value = format!("{kind}; filename=\"{}\"", in_ascii(&name));
        if !name.is_ascii() {
            let _ = write!(value, "; filename*=UTF-8''{}", utf8_percent_encode(&name, NOT_ATTR));
        }
        // Only printable ASCII is left, which every header takes.
        HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
    }
}

/// The name without folders and without what no file system takes.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    let kept = kept.trim_matches(['.', ' ']);
    if kept.is_empty() { "part".into() } else { kept.into() }
}

fn in_ascii(name: &str) -> String {
    let shown = |c: char| if c.is_ascii() && !matches!(c, '"' | '%') { c } else { '_' };
    name.chars().map(shown).collect()
}

/// RFC 8187 §3.2.1, `attr-char`.
const NOT_ATTR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// File systems take 255 bytes.
const NAME_CHARS_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_so_that_nothing_breaks_out() {
        for (name, expected) in [
            ("report.pdf", "filename=\"report.pdf\""),
            (
                "Bericht für März.pdf",
                "filename=\"Bericht f_r M_rz.pdf\"; \
                 filename*=UTF-8''Bericht%20f%C3%BCr%20M%C3%A4rz.pdf",
            ),
            ("a\"b;c%20\\d.txt", "filename=\"d.txt\""),
            ("a\"b;c%20.txt", "filename=\"a_b;c_20.txt\""),
            ("../../etc/passwd", "filename=\"passwd\""),
            ("C:\\x\\y.doc", "filename=\"y.doc\""),
            ("a\r\nSet-Cookie: b", "filename=\"aSet-Cookie: b\""),
            (".htaccess", "filename=\"htaccess\""),
            ("..", "filename=\"part\""),
            ("", "filename=\"part\""),
        ] {
            let header = Disposition::Attachment.header(name);
            assert_eq!(header.to_str().unwrap(), format!("attachment; {expected}"), "{name}");
        }
        assert!(Disposition::Inline.header("x").to_str().unwrap().starts_with("inline; "));
    }
}
