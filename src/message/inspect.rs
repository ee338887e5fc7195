//! What is odd about a mail, found by looking at all of it: the second half of the warnings,
//! behind what the walker noticed by itself.

use memchr::memchr;

use crate::message::Message;
use crate::message::charset::Doubt;
use crate::message::limits::Limits;
use crate::message::part::Part;
use crate::message::shown;
use crate::message::shown::Kind;
use crate::message::transfer::Transfer;
use crate::message::warning::Warning;
use crate::message::words::has_damaged_word;

/// All warnings about a mail, at most `Limits::warnings_max`. Decodes every body once.
pub(super) fn warnings(message: &Message<'_>, structural: &[Warning]) -> Vec<Warning> {
    let mut found = Vec::new();
    header(message, &mut found);
    bytes(message.raw(), &mut found);
    found.extend_from_slice(structural);
    truncated(message, &mut found);
    for part in message.parts() {
        if found.len() > Limits::DEFAULT.warnings_max {
            break;
        }
        description(part, &mut found);
        if !part.is_multipart() {
            body(part, message.raw(), &mut found);
        }
    }
    if found.len() > Limits::DEFAULT.warnings_max {
        found.truncate(Limits::DEFAULT.warnings_max - 1);
        found.push(Warning::new("warnings-truncated", "There are more warnings than are kept."));
    }
    found
}

fn header(message: &Message<'_>, found: &mut Vec<Warning>) {
    let headers = message.headers();
    let block = &headers.block;
    if block.byte_order_mark {
        let detail = "A byte order mark stands before the header and was passed over; servers may \
                      take all of the mail for its body.";
        found.push(Warning::new("byte-order-mark", detail));
    }
    if block.mbox_line {
        found.push(Warning::new(
            "mbox-from-line",
            "The mail starts with a line of an mbox file (\"From …\"), which was passed over.",
        ));
    }
    if block.junk_lines > 0 {
        found.push(Warning::new(
            "header-line-malformed",
            format!("{} lines of the header are no fields and were passed over.", block.junk_lines),
        ));
    }
    if block.unindented_lines > 0 {
        let detail = "Parameters stand on a line without a blank in front; mail programs may not \
                      find them.";
        found.push(Warning::new("header-fold-missing", detail));
    }
    if !block.blank_line && block.body_start < message.raw().len() {
        found.push(Warning::new(
            "header-end-missing",
            "No empty line ends the header: the first line that is no field starts the body.",
        ));
    }
    if headers.dropped > 0 {
        let detail = format!("{} fields beyond the limit were left out.", headers.dropped);
        found.push(Warning::new("headers-truncated", detail));
    }
    if headers.iter().any(|header| header.raw_value().len() > Limits::DEFAULT.value_bytes_max) {
        found.push(Warning::new("header-truncated", "A field is too long to be decoded whole."));
    }
    duplicates(message, found);
    eight_bit(message, found);
    words(message, found);
    if headers.first("Date").is_some() && headers.date().is_none() {
        let detail = "The date cannot be read; mail programs show the time of arrival, or none.";
        found.push(Warning::new("date-invalid", detail));
    }
}

/// RFC 5322 §3.6: these fields occur once.
fn duplicates(message: &Message<'_>, found: &mut Vec<Warning>) {
    for name in SINGLETONS {
        let count = message.headers().all(name).count();
        if count > 1 {
            let detail = format!(
                "{name} occurs {count} times; mail programs differ in which one they show."
            );
            found.push(Warning::new("header-duplicate", detail));
        }
    }
}

fn eight_bit(message: &Message<'_>, found: &mut Vec<Warning>) {
    for header in message.headers().iter() {
        if std::str::from_utf8(header.raw_value()).is_err() {
            let detail = format!(
                "{} holds raw eight-bit text that is not UTF-8; its charset was guessed.",
                header.name()
            );
            found.push(Warning::new("header-charset-guessed", detail));
        }
    }
}

/// Encoded words (RFC 2047) that are none inside.
fn words(message: &Message<'_>, found: &mut Vec<Warning>) {
    for header in message.headers().iter() {
        if has_damaged_word(header.bounded_value()) {
            let detail = format!(
                "An encoded word in {} is damaged, or its charset is not known; mail programs \
                 may show it as it is.",
                header.name()
            );
            found.push(Warning::new("word-damaged", detail));
        }
    }
}

/// Line ends and bytes that do not belong into a mail (RFC 5322 §2.3, RFC 5321 §2.3.8).
fn bytes(raw: &[u8], found: &mut Vec<Warning>) {
    if memchr(0, raw).is_some() {
        let detail = "The mail holds NUL bytes, which many servers cut off or refuse.";
        found.push(Warning::new("nul-byte", detail));
    }
    let mut bare_lf = raw.first() == Some(&b'\n');
    let mut bare_cr = raw.last() == Some(&b'\r');
    // Without a branch: this looks at every byte of a mail, and runs at the speed of memory.
    for (&byte, &next) in raw.iter().zip(raw.iter().skip(1)) {
        bare_lf |= (next == b'\n') & (byte != b'\r');
        bare_cr |= (byte == b'\r') & (next != b'\n');
    }
    if bare_lf {
        let detail = "Lines end in LF without CR, which some servers refuse (RFC 5321 §2.3.8).";
        found.push(Warning::new("line-end-bare-lf", detail));
    }
    if bare_cr {
        let detail = "The mail holds CR without LF, which some servers refuse or take as an end.";
        found.push(Warning::new("line-end-bare-cr", detail));
    }
}

/// Text beyond what is read of it.
fn truncated(message: &Message<'_>, found: &mut Vec<Warning>) {
    let bytes_max = Limits::DEFAULT.text_bytes_max;
    if shown::exceeds(message, Kind::Plain, bytes_max) {
        let detail = format!(
            "The text is longer than the {bytes_max} bytes that are shown and searched for links."
        );
        found.push(Warning::new("text-truncated", detail));
    }
    if shown::exceeds(message, Kind::Html, bytes_max) {
        let detail = format!(
            "The HTML is longer than the {bytes_max} bytes that text, links and codes are read \
             from."
        );
        found.push(Warning::new("html-truncated", detail));
    }
}

/// What a part says about itself and may not.
fn description(part: &Part, found: &mut Vec<Warning>) {
    if let Some(written) = &part.description.invalid_type {
        let detail = format!(
            "The Content-Type \"{written}\" is no type and subtype; it was read as {}.",
            part.content_type()
        );
        found.push(Warning::of_part("type-invalid", detail, part.path()));
    }
    if part.description.is_multipart() && !UNENCODED.contains(&part.encoding()) {
        let detail = format!(
            "A multipart must not be encoded as \"{}\" (RFC 2045 §6.4); its parts were looked for \
             in the bytes as they are.",
            part.encoding()
        );
        found.push(Warning::of_part("encoding-of-multipart", detail, part.path()));
    }
}

fn body(part: &Part, raw: &[u8], found: &mut Vec<Warning>) {
    let (decoded, damaged) = part.transfer().decode(part.raw_body(raw));
    if damaged {
        let code = match part.transfer() {
            Transfer::Base64 => "base64-damaged",
            Transfer::QuotedPrintable => "quoted-printable-damaged",
            _ => "encoding-damaged",
        };
        let detail = format!("Some of the {} is damaged; the rest was decoded.", part.encoding());
        found.push(Warning::of_part(code, detail, part.path()));
    }
    if !UNENCODED.contains(&part.encoding()) && part.transfer() == Transfer::Identity {
        let detail = format!(
            "The transfer encoding \"{}\" is not known; the body was left as it is.",
            part.encoding()
        );
        found.push(Warning::of_part("encoding-unknown", detail, part.path()));
    }
    if part.encoding() == "7bit" && !decoded.is_ascii() && !part.is_message() {
        let detail = "The body holds eight-bit bytes, but its transfer encoding says 7bit; a \
                      server without 8BITMIME may damage it (RFC 6152).";
        found.push(Warning::of_part("encoding-wrong", detail, part.path()));
    }
    if part.content_type().starts_with("text/")
        && let Some(doubt) = part.doubt_of(&decoded)
    {
        found.push(charset(part, doubt));
    }
}

fn charset(part: &Part, doubt: Doubt) -> Warning {
    let named = part.charset().unwrap_or_default();
    let (code, detail) = match doubt {
        Doubt::Undeclared(used) => (
            "charset-undeclared",
            format!("Eight-bit text names no charset; it was read as {used}, a guess."),
        ),
        Doubt::Unknown(used) => (
            "charset-unknown",
            format!("The charset \"{named}\" is not known; the text was read as {used}."),
        ),
        Doubt::Wrong(used) => (
            "charset-wrong",
            format!("The text is not {named}, as it says; it was read as {used}."),
        ),
        Doubt::Damaged => {
            ("charset-damaged", format!("Some bytes are no {named}; they are shown as U+FFFD."))
        }
    };
    Warning::of_part(code, detail, part.path())
}

const SINGLETONS: &[&str] = &[
    "Date",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Subject",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
];
const UNENCODED: &[&str] = &["7bit", "8bit", "binary"];
