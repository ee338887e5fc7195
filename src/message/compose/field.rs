//! Header fields: folded, and encoded where they are not ASCII.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::fmt::rfc2822;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::message::Mailbox;
use crate::message::compose::Draft;
use crate::message::compose::Stamp;

/// All fields of a mail but those of its body.
pub(super) fn header(draft: &Draft, stamp: &Stamp) -> Vec<u8> {
    let mut header = String::new();
    let is_given =
        |name: &str| draft.headers.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    let lists = [
        ("From", &draft.from),
        ("To", &draft.to),
        ("Cc", &draft.cc),
        ("Reply-To", &draft.reply_to),
    ];
    for (name, list) in lists {
        if !list.is_empty() && !is_given(name) {
            let list: Vec<String> = list.iter().map(mailbox).collect();
            fold(name, &list.join(", "), &mut header);
        }
    }
    if let Some(subject) = draft.subject.as_deref().filter(|_| !is_given("Subject")) {
        fold("Subject", &unstructured(subject), &mut header);
    }
    if !is_given("Date")
        && let Ok(date) = rfc2822::to_string(&stamp.date.to_zoned_datetime(jiff::tz::TimeZone::UTC))
    {
        fold("Date", &date, &mut header);
    }
    if !is_given("Message-ID") {
        fold("Message-ID", &format!("<{}@{}>", stamp.unique, domain(draft)), &mut header);
    }
    for field in &draft.headers {
        // What is ASCII may be encoded already, and stays as it is.
        let value = in_line(&field.value);
        let value = if value.is_ascii() { value } else { encoded_words(&value) };
        fold(&field.name, &value, &mut header);
    }
    header.push_str("MIME-Version: 1.0\r\n");
    header.into_bytes()
}

/// A field whose lines break before a blank where they can (RFC 5322 §2.2.3).
pub(super) fn fold(name: &str, value: &str, header: &mut String) {
    header.push_str(name);
    header.push(':');
    let mut column = name.len() + 1;
    let mut rest = format!(" {}", value.trim());
    while !rest.is_empty() {
        // A blank, and the word behind it: where several blanks are, the line ends in the others.
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let end = rest[blanks..].find(' ').map_or(rest.len(), |at| blanks + at);
        let word: String = rest.drain(..end).collect();
        if column > name.len() + 1 && column + word.len() > LINE_BYTES {
            header.push_str("\r\n");
            column = 0;
        }
        column += word.len();
        header.push_str(&word);
    }
    header.push_str("\r\n");
}

/// `name*=value` of a Content-Disposition, in pieces where it is long (RFC 2231).
pub(super) fn file_name(name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if plain && name.len() <= PIECE_BYTES {
        return format!("; filename=\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let encoded = utf8_percent_encode(name, ATTRIBUTE).to_string();
    if encoded.len() <= PIECE_BYTES {
        return format!("; filename*=utf-8''{encoded}");
    }
    let mut parameters = String::new();
    let (mut rest, mut number) = (encoded.as_str(), 0);
    while !rest.is_empty() {
        // An escape is not cut in two.
        let end = rest.len().min(PIECE_BYTES);
        let end = rest[..end]
            .rfind('%')
            .filter(|at| end - at < 3)
            .filter(|_| end < rest.len())
            .unwrap_or(end);
        let charset = if number == 0 { "utf-8''" } else { "" };
        parameters.push_str(&format!("; filename*{number}*={charset}{}", &rest[..end]));
        rest = &rest[end..];
        number += 1;
    }
    parameters
}

/// In one line: what ends a line, or is no character of a text, becomes a blank.
pub(super) fn in_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text for people (RFC 5322 §2.2.1), encoded where it has to be.
fn unstructured(text: &str) -> String {
    let text = in_line(text);
    let is_plain = text.is_ascii()
        && !text.contains("=?")
        && text.trim() == text
        && text.split(' ').all(|word| word.len() <= PIECE_BYTES);
    if is_plain { text } else { encoded_words(&text) }
}

fn mailbox(mailbox: &Mailbox) -> String {
    let address = in_line(&mailbox.address);
    let name = mailbox.name.as_deref().map(in_line).unwrap_or_default();
    if name.is_empty() {
        return address;
    }
    let is_atoms =
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b" !#$%&'*+-/=?^_`{|}~".contains(&b));
    let name = match name.is_ascii() && !name.contains("=?") && name.len() <= PIECE_BYTES {
        true if is_atoms && name.trim() == name && !name.contains("  ") => name,
        true => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
        false => encoded_words(&name),
    };
    format!("{name} <{address}>")
}

/// Encoded words (RFC 2047), each of at most 75 bytes and of whole characters.
fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.floor_char_boundary(WORD_BYTES);
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&rest[..end])));
        rest = &rest[end..];
    }
    words.join(" ")
}

/// The domain of who sends it, for the Message-ID.
fn domain(draft: &Draft) -> String {
    let address = draft.from.first().map(|from| in_line(&from.address)).unwrap_or_default();
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_owned());
    let fits = |domain: &String| {
        !domain.is_empty()
            && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
    };
    domain.filter(fits).unwrap_or_else(|| "localhost".to_owned())
}

/// RFC 5322 §2.1.1: lines should be no longer.
const LINE_BYTES: usize = 78;

/// What leaves room in a line for a name and what stands around it.
const PIECE_BYTES: usize = 60;

/// 45 bytes are 60 of base64, which with what stands around them are 72 of the 75 there may be.
const WORD_BYTES: usize = 45;

/// RFC 2231 §7: what stands for itself in an extended value.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC
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
