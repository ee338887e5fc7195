//! From bytes to text: the charsets of the WHATWG encoding standard by label, alias and common
//! misspelling, a few that mail has beside them, and guesses where none or a wrong one is named.

use std::borrow::Cow;

use chardetng::EncodingDetector;
use chardetng::Iso2022JpDetection;
use chardetng::Utf8Detection;
use encoding_rs::BIG5;
use encoding_rs::EUC_JP;
use encoding_rs::EUC_KR;
use encoding_rs::Encoding;
use encoding_rs::GBK;
use encoding_rs::ISO_2022_JP;
use encoding_rs::SHIFT_JIS;
use encoding_rs::UTF_8;
use encoding_rs::UTF_16BE;
use encoding_rs::UTF_16LE;
use encoding_rs::WINDOWS_1252;

use crate::message::shift;
use crate::message::utf7;

/// Text and how it was come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub text: String,
    /// What was odd, when something was.
    pub doubt: Option<Doubt>,
}

/// Why text may not be what its sender meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Eight-bit text without a charset: read as the one named here.
    Undeclared(&'static str),
    /// The charset named is not known: read as the one named here.
    Unknown(&'static str),
    /// Some bytes make no sense in the charset named.
    Damaged,
    /// The bytes are no text of the charset named: read as the one named here.
    Wrong(&'static str),
}

/// What a charset label stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    Standard(&'static Encoding),
    Utf7,
    Utf7Imap,
    Utf16,
    Utf32 {
        big_endian: Option<bool>,
    },
    Hz,
    Iso2022Kr,
    /// US-ASCII and the labels that say nothing.
    Ascii,
}

/// Decodes `bytes` by the charset `label` names.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Text {
    match label.map(charset_of) {
        None | Some(Some(Charset::Ascii)) => guessed(bytes, Doubt::Undeclared),
        Some(None) => guessed(bytes, Doubt::Unknown),
        Some(Some(Charset::Standard(encoding))) if encoding == ISO_2022_JP => {
            standard(&shift::without_idle_switches(bytes), encoding)
        }
        Some(Some(Charset::Standard(encoding))) => standard(bytes, encoding),
        Some(Some(Charset::Utf7)) => whole(utf7::decode(bytes, utf7::Kind::Mail)),
        Some(Some(Charset::Utf7Imap)) => whole(utf7::decode(bytes, utf7::Kind::Imap)),
        Some(Some(Charset::Utf16)) => standard(bytes, utf16_order(bytes)),
        Some(Some(Charset::Utf32 { big_endian })) => utf32(bytes, big_endian),
        Some(Some(Charset::Hz)) => standard(&shift::hz_to_gbk(bytes), GBK),
        Some(Some(Charset::Iso2022Kr)) => standard(&shift::iso_2022_kr_to_euc(bytes), EUC_KR),
    }
}

/// Whether nothing can be odd about the bytes, told without making text of them: most mail is
/// ASCII or UTF-8 and says so, or is ASCII and says nothing.
pub(super) fn is_plain(bytes: &[u8], label: Option<&str>) -> bool {
    match label.map(charset_of) {
        Some(Some(Charset::Standard(encoding))) if encoding == UTF_8 => {
            std::str::from_utf8(bytes).is_ok()
        }
        Some(Some(Charset::Standard(encoding))) if encoding != ISO_2022_JP => {
            encoding.is_ascii_compatible() && bytes.is_ascii()
        }
        None | Some(None | Some(Charset::Ascii)) => {
            bytes.is_ascii() && !has_iso_2022_jp_escape(bytes)
        }
        Some(_) => false,
    }
}

/// How many bytes a character of ASCII takes in a charset.
pub(super) fn bytes_of_ascii(label: Option<&str>) -> usize {
    match label.and_then(charset_of) {
        Some(Charset::Utf32 { .. }) => 4,
        Some(Charset::Utf16) => 2,
        Some(Charset::Standard(encoding)) if !encoding.is_ascii_compatible() => 2,
        _ => 1,
    }
}

/// Bytes cut anywhere, without the UTF-8 character that the cut split.
pub(super) fn without_split_character(bytes: &[u8]) -> &[u8] {
    let tail_start = bytes.len().saturating_sub(3);
    let start = (tail_start..bytes.len()).rev().find(|at| bytes[*at] & 0xc0 != 0x80);
    match start.map(|start| (start, std::str::from_utf8(&bytes[start..]))) {
        Some((start, Err(error))) if error.error_len().is_none() => &bytes[..start],
        _ => bytes,
    }
}

/// The charset that HTML names itself in a `meta` tag near its start.
pub(super) fn html_meta(html: &[u8]) -> Option<String> {
    let start = html[..html.len().min(META_BYTES_MAX)].to_ascii_lowercase();
    let mut rest = start.as_slice();
    while let Some(at) = memchr::memmem::find(rest, b"<meta") {
        rest = &rest[at + 5..];
        let tag = &rest[..memchr::memchr(b'>', rest).unwrap_or(rest.len())];
        if let Some(at) = memchr::memmem::find(tag, b"charset") {
            let value = tag[at + 7..].trim_ascii_start();
            let Some(value) = value.strip_prefix(b"=") else { continue };
            let value = value.trim_ascii_start();
            let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
            let end = value
                .iter()
                .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:.+".contains(byte)))
                .unwrap_or(value.len());
            return Some(String::from_utf8_lossy(&value[..end]).into_owned());
        }
    }
    None
}

/// Eight-bit header text that is not UTF-8.
pub(super) fn guess_header(bytes: &[u8], fallback: Option<&'static Encoding>) -> String {
    let encoding = fallback.filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guess(bytes));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding of the WHATWG table that a label names, when it names one that holds ASCII.
pub(super) fn encoding_of(label: &str) -> Option<&'static Encoding> {
    match charset_of(label)? {
        Charset::Standard(encoding) if encoding.is_ascii_compatible() => Some(encoding),
        _ => None,
    }
}

fn whole(text: String) -> Text {
    Text { text, doubt: None }
}

fn standard(bytes: &[u8], encoding: &'static Encoding) -> Text {
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return whole(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
    }
    let (text, used, damaged) = encoding.decode(bytes);
    if !damaged {
        return whole(text.into_owned());
    }
    // UTF-8 that holds no whole character beyond ASCII is another charset under a wrong name.
    if used == UTF_8 && !has_utf8_sequence(&text) {
        let guess = guess(bytes);
        let text = guess.decode_without_bom_handling(bytes).0.into_owned();
        return Text { text, doubt: Some(Doubt::Wrong(guess.name())) };
    }
    Text { text: text.into_owned(), doubt: Some(Doubt::Damaged) }
}

fn has_utf8_sequence(text: &str) -> bool {
    text.chars().any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER)
}

fn guessed(bytes: &[u8], doubt: impl FnOnce(&'static str) -> Doubt) -> Text {
    if bytes.is_ascii() && !has_iso_2022_jp_escape(bytes) {
        return whole(String::from_utf8_lossy(bytes).into_owned());
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Text { doubt: Some(doubt(encoding.name())), ..standard(bytes, encoding) };
    }
    let encoding = guess(bytes);
    let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
    Text { text, doubt: Some(doubt(encoding.name())) }
}

/// The likeliest encoding of eight-bit text: UTF-8 where the bytes allow it, else by frequency.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let looked_at = &bytes[..bytes.len().min(GUESS_BYTES_MAX)];
    let valid = match std::str::from_utf8(looked_at) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && looked_at.len() < bytes.len(),
    };
    if has_iso_2022_jp_escape(looked_at) && looked_at.is_ascii() {
        return ISO_2022_JP;
    }
    if valid {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(looked_at, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// RFC 1468: text switches to two-byte characters by ESC $ @ or ESC $ B.
fn has_iso_2022_jp_escape(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\x1b$")
        .is_some_and(|at| matches!(bytes.get(at + 2), Some(b'@' | b'B')))
}

/// RFC 2781 §4.3: a byte order mark decides, and without one big-endian is meant; but mail from
/// Windows is little-endian without saying so, which its zero bytes give away.
fn utf16_order(bytes: &[u8]) -> &'static Encoding {
    if bytes.starts_with(&[0xff, 0xfe]) {
        return UTF_16LE;
    }
    let zeros = |from: usize| {
        bytes.iter().take(GUESS_BYTES_MAX).skip(from).step_by(2).filter(|byte| **byte == 0).count()
    };
    if zeros(1) > zeros(0) { UTF_16LE } else { UTF_16BE }
}

fn utf32(bytes: &[u8], big_endian: Option<bool>) -> Text {
    let (bytes, big_endian) = match bytes {
        [0, 0, 0xfe, 0xff, rest @ ..] => (rest, true),
        [0xff, 0xfe, 0, 0, rest @ ..] => (rest, false),
        _ => (bytes, big_endian.unwrap_or(true)),
    };
    let read = |unit: &[u8]| match *unit {
        [a, b, c, d] if big_endian => char::from_u32(u32::from_be_bytes([a, b, c, d])),
        [a, b, c, d] => char::from_u32(u32::from_le_bytes([a, b, c, d])),
        _ => None,
    };
    let mut damaged = false;
    let text = bytes.chunks(4).map(|unit| {
        read(unit).unwrap_or_else(|| {
            damaged = true;
            char::REPLACEMENT_CHARACTER
        })
    });
    let text = text.collect();
    Text { text, doubt: damaged.then_some(Doubt::Damaged) }
}

/// What a label means: the WHATWG table first, then what mail writes beside it.
fn charset_of(label: &str) -> Option<Charset> {
    if label.eq_ignore_ascii_case("utf-8") {
        return Some(Charset::Standard(UTF_8));
    }
    let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'));
    if let Some(known) = beside_the_table(&label.to_ascii_lowercase()) {
        return Some(known);
    }
    if let Some(encoding) = standard_of(label) {
        return Some(Charset::Standard(encoding));
    }
    standard_of(&respelled(label)).map(Charset::Standard)
}

fn standard_of(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes())
}

fn beside_the_table(label: &str) -> Option<Charset> {
    Some(match label {
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "iso646-us" | "646" | "cp367" | "" | "none"
        | "unknown-8bit" | "x-unknown" | "unknown" | "default" | "default_charset" | "7bit"
        | "8bit" | "binary" | "us_ascii" | "x-user-defined" | "charset" | "_iso-8859-1$esc" => {
            Charset::Ascii
        }
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csunicode11utf7" | "x-unicode-2-0-utf-7" => {
            Charset::Utf7
        }
        "utf-7-imap" | "x-imap-modified-utf-7" | "x-imap4-modified-utf7" => Charset::Utf7Imap,
        "utf-16" | "utf16" | "utf_16" | "ucs-2" | "iso-10646-ucs-2" | "csunicode" => Charset::Utf16,
        "utf-16be" | "utf16be" | "utf_16be" => Charset::Standard(UTF_16BE),
        "utf-16le" | "utf16le" | "utf_16le" => Charset::Standard(UTF_16LE),
        "utf-32" | "utf32" | "ucs-4" | "iso-10646-ucs-4" => Charset::Utf32 { big_endian: None },
        "utf-32be" | "utf32be" => Charset::Utf32 { big_endian: Some(true) },
        "utf-32le" | "utf32le" => Charset::Utf32 { big_endian: Some(false) },
        "hz-gb-2312" | "hz" | "hz-gb" => Charset::Hz,
        "iso-2022-kr" | "csiso2022kr" | "iso2022kr" => Charset::Iso2022Kr,
        "cp936" | "936" | "ms936" | "cp20936" | "euc-cn" | "euccn" | "x-euc-cn" => {
            Charset::Standard(GBK)
        }
        "cp932" | "932" | "sjis-win" | "cp943" => Charset::Standard(SHIFT_JIS),
        "cp51932" | "eucjp-win" | "ujis" | "eucjp" => Charset::Standard(EUC_JP),
        "cp50220" | "cp50221" | "cp50222" | "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3"
        | "iso-2022-jp-ms" | "iso-2022-jp-2004" | "iso2022jp" | "jis" => {
            Charset::Standard(ISO_2022_JP)
        }
        "cp949" | "949" | "uhc" | "ms949" | "euckr" => Charset::Standard(EUC_KR),
        "cp950" | "950" | "ms950" | "big-5" => Charset::Standard(BIG5),
        "ansi" | "windows-ansi" | "cp1004" | "iso" | "iso-8859" | "iso8859" | "latin" => {
            Charset::Standard(WINDOWS_1252)
        }
        _ => return None,
    })
}

/// A label as it was probably meant: `UTF8_BIN`, `iso_8859_15`, `ISO-8859-1-Windows`, `cp-1250`,
/// `windows1251`, `win-1252`, `utf 8`, `ISO88591`, `charset=utf-8`.
fn respelled(label: &str) -> Cow<'static, str> {
    let squeezed: String =
        label.chars().filter(char::is_ascii_alphanumeric).take(40).collect::<String>();
    let squeezed = squeezed.to_ascii_lowercase();
    let squeezed = squeezed.strip_prefix("charset").unwrap_or(&squeezed);
    let squeezed = squeezed.strip_prefix("xx").or(squeezed.strip_prefix('x')).unwrap_or(squeezed);
    let digits_behind = |prefix: &str| {
        let digits: String = squeezed
            .strip_prefix(prefix)?
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        (!digits.is_empty()).then_some(digits)
    };
    if squeezed.contains("utf8") || squeezed == "utf" || squeezed == "unicode" {
        return "utf-8".into();
    }
    if let Some(digits) = digits_behind("windows").or_else(|| digits_behind("win")) {
        return format!("windows-{digits}").into();
    }
    if let Some(digits) = digits_behind("cp").or_else(|| digits_behind("ms")) {
        return if digits.starts_with("125") || digits == "874" {
            format!("windows-{digits}").into()
        } else {
            format!("cp{digits}").into()
        };
    }
    if let Some(number) = squeezed.strip_prefix("iso8859").or(squeezed.strip_prefix("8859")) {
        let number: String = number.chars().take_while(char::is_ascii_digit).take(2).collect();
        return format!("iso-8859-{number}").into();
    }
    if let Some(digits) = digits_behind("latin") {
        return format!("latin{digits}").into();
    }
    for (start, label) in [
        ("iso2022jp", "iso-2022-jp"),
        ("shiftjis", "shift_jis"),
        ("sjis", "shift_jis"),
        ("eucjp", "euc-jp"),
        ("euckr", "euc-kr"),
        ("ksc5601", "euc-kr"),
        ("gb18030", "gb18030"),
        ("gb2312", "gbk"),
        ("gbk", "gbk"),
        ("big5", "big5"),
        ("koi8r", "koi8-r"),
        ("koi8u", "koi8-u"),
        ("koi8", "koi8-r"),
        ("tis620", "windows-874"),
        ("usascii", "windows-1252"),
        ("mac", "macintosh"),
        ("ibm866", "ibm866"),
    ] {
        if squeezed.starts_with(start) {
            return label.into();
        }
    }
    Cow::Owned(squeezed.to_owned())
}

/// How much of a text is looked at to guess its charset.
const GUESS_BYTES_MAX: usize = 64 << 10;
/// How far into HTML a `meta` tag is looked for; browsers look at 1,024 bytes.
const META_BYTES_MAX: usize = 4 << 10;

#[cfg(test)]
mod tests;
