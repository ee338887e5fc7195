//! Where the addresses in a mail's HTML and CSS lead, and what the frame may do with each.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// What an address in a mail is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A place within the mail: `#top`.
    Fragment,
    /// A server somewhere, with its host in lower case.
    Remote(String),
    /// The bytes themselves: `data:image/png;base64,…`.
    Data,
    /// Perhaps a part of the mail: the id behind `cid:` (RFC 2392) or a relative Content-Location
    /// (RFC 2557).
    Part(Cow<'a, str>),
    /// Another scheme: `mailto:`, `tel:`, but `javascript:` as well.
    Other,
}

/// Reads an address as a browser does, control characters and blanks around it left out.
pub fn target(address: &str) -> Target<'_> {
    let address = address.trim_matches(|c: char| c <= ' ');
    let Some(scheme) = scheme(address) else {
        return match address.as_bytes() {
            [b'#', ..] => Target::Fragment,
            [b'/' | b'\\', b'/' | b'\\', ..] => Target::Remote(host(address)),
            _ => Target::Part(Cow::Borrowed(address)),
        };
    };
    let rest = &address[address.find(':').map_or(address.len(), |colon| colon + 1)..];
    match scheme.as_str() {
        "http" | "https" | "ftp" => Target::Remote(host(rest)),
        "data" => Target::Data,
        "cid" => Target::Part(percent_decode_str(rest).decode_utf8_lossy()),
        _ => Target::Other,
    }
}

/// The scheme in lower case. Browsers leave tabs and line ends out wherever they stand (WHATWG URL
/// §4.4).
fn scheme(address: &str) -> Option<String> {
    let (scheme, _) = address.split_once(':')?;
    let is_ignored = |c: &char| matches!(c, '\t' | '\n' | '\r');
    let scheme: String = scheme.chars().filter(|c| !is_ignored(c)).collect();
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// The host of `//user@host:port/path`, for people to read.
fn host(rest: &str) -> String {
    let rest = rest.trim_start_matches(['/', '\\', '\t', '\n', '\r']);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host =
        if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    host.chars().take(HOST_CHARS_MAX).collect::<String>().to_lowercase()
}

/// RFC 1035 §2.3.4.
const HOST_CHARS_MAX: usize = 253;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        let remote = |host: &str| Target::Remote(host.into());
        let part = |id: &'static str| Target::Part(id.into());
        for (address, expected) in [
            ("https://a.test/x.png?y", remote("a.test")),
            (" HTTP://u:p@A.test:80/", remote("a.test")),
            ("ht\ntps:\\\\a.test", remote("a.test")),
            ("//a.test/x", remote("a.test")),
            ("/\\a.test/x", remote("a.test")),
            ("http:a.test", remote("a.test")),
            ("http://[::1]:80/", remote("[::1]:80")),
            ("cid:a%40x.test", part("a@x.test")),
            ("CID:a", part("a")),
            ("image001.png", part("image001.png")),
            ("", part("")),
            ("#top", Target::Fragment),
            ("data:image/png;base64,AA==", Target::Data),
            ("javascript:alert(1)", Target::Other),
            ("java\tscript:alert(1)", Target::Other),
            ("\u{1}javascript:alert(1)", Target::Other),
            ("mailto:a@x.test", Target::Other),
            ("a b:c", part("a b:c")),
        ] {
            assert_eq!(target(address), expected, "{address:?}");
        }
    }
}
