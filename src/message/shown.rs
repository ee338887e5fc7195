//! What readers are shown: which parts are the text, which the HTML, and which come beside them.

use std::borrow::Cow;

use crate::message::Message;
use crate::message::part::Part;
use crate::message::text::from_html;
use crate::message::transfer::Transfer;

/// The text/plain of a mail: all inline parts joined; None when there is none.
pub(super) fn plain(message: &Message<'_>) -> Option<String> {
    joined(message, "text/plain")
}

/// The text/html of a mail: all inline parts joined; None when there is none.
pub(super) fn html(message: &Message<'_>) -> Option<String> {
    joined(message, "text/html")
}

/// What a program without HTML shows: the plain parts, and the text of HTML that has no plain
/// alternative beside it.
pub(super) fn text(message: &Message<'_>) -> Option<String> {
    let mut text: Option<String> = None;
    for part in readable(message).chain(undivided(message)) {
        let whole = part.text(message.raw());
        let piece = readable_text(part, &whole, usize::MAX);
        append(&mut text, &piece);
    }
    text
}

/// Multiparts whose parts cannot be told apart: their bodies are all there is to read, so that a
/// reader sees something, though `plain` and `html` have nothing.
fn undivided<'m>(message: &'m Message<'_>) -> impl Iterator<Item = &'m Part> {
    let nothing = !message.parts().iter().any(is_shown);
    message.parts().iter().filter(move |part| {
        nothing && part.description.is_multipart() && part.first_child.is_none()
    })
}

/// The first characters of the text, runs of white space as one blank. Decodes no more than it
/// needs, whatever the size of the mail.
pub(super) fn preview(message: &Message<'_>, chars_max: usize) -> String {
    let mut preview = Preview {
        out: String::with_capacity(chars_max.min(PREVIEW_WINDOW_BYTES)),
        chars: 0,
        chars_max,
        blank: false,
    };
    for part in readable(message).chain(undivided(message)).take(PREVIEW_PARTS_MAX) {
        let body = part.raw_body(message.raw());
        let mut window = (chars_max * 3).max(PREVIEW_WINDOW_BYTES);
        loop {
            let encoded = &body[..body.len().min(window)];
            let is_cut = encoded.len() < body.len();
            let decoded = beginning(part.transfer(), encoded, is_cut);
            let window_text = part.text_of(&decoded).text;
            let text = readable_text(part, &window_text, chars_max);
            // A character that the cut split is no character.
            let text = if is_cut { text.trim_end_matches('\u{fffd}') } else { &text };
            let before = preview.clone();
            preview.push(text);
            if preview.chars >= chars_max || !is_cut || window >= PREVIEW_BYTES_MAX {
                break;
            }
            preview = before;
            window *= 8;
        }
        if preview.chars >= chars_max {
            break;
        }
        preview.blank = true;
    }
    preview.out
}

/// Whether a leaf is the text or the HTML that is shown, and so no attachment. The mails of a
/// digest (RFC 2046 §5.1.5) are read where they stand, unless they are typed and thereby set apart.
pub(super) fn is_shown(part: &Part) -> bool {
    part.description.digest_member
        || matches!(part.content_type(), "text/plain" | "text/html")
            && matches!(part.disposition(), None | Some("inline"))
            && part.name().is_none()
}

/// Whether the part is a leaf that is not shown.
pub(super) fn is_attachment(part: &Part) -> bool {
    !part.description.is_multipart() && !is_shown(part)
}

fn joined(message: &Message<'_>, kind: &str) -> Option<String> {
    let mut text = None;
    for part in message.parts().iter().filter(|part| is_shown(part) && shown_as(part) == kind) {
        append(&mut text, &part.text(message.raw()));
    }
    text
}

/// As which of the two kinds a shown part is shown.
fn shown_as(part: &Part) -> &str {
    if part.description.digest_member { "text/plain" } else { part.content_type() }
}

fn append(text: &mut Option<String>, piece: &str) {
    match text {
        Some(text) => {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(piece);
        }
        None => *text = Some(piece.to_owned()),
    }
}

/// The shown parts a program without HTML would read: alternatives (RFC 2046 §5.1.4) that hold a
/// plain text say the same in their HTML.
fn readable<'m>(message: &'m Message<'_>) -> impl Iterator<Item = &'m Part> {
    let parts = message.parts();
    let shown_count = parts.iter().filter(|part| is_shown(part)).count();
    let mut with_plain = Vec::new();
    if shown_count > 1 {
        with_plain.resize(parts.len(), false);
        for part in parts.iter().filter(|part| is_shown(part) && shown_as(part) == "text/plain") {
            if let Some(alternative) = alternative_above(parts, part) {
                with_plain[alternative] = true;
            }
        }
    }
    parts.iter().filter(move |part| {
        is_shown(part)
            && (shown_count == 1
                || shown_as(part) == "text/plain"
                || alternative_above(parts, part).is_none_or(|above| !with_plain[above]))
    })
}

fn alternative_above(parts: &[Part], part: &Part) -> Option<usize> {
    let mut above = part.parent;
    while let Some(index) = above {
        let part = &parts[index as usize];
        if part.content_type() == "multipart/alternative" {
            return Some(index as usize);
        }
        above = part.parent;
    }
    None
}

fn readable_text<'t>(part: &Part, text: &'t str, chars_max: usize) -> Cow<'t, str> {
    if part.content_type() == "text/html" { from_html(text, chars_max).into() } else { text.into() }
}

/// Decodes the beginning of a body; a group or an escape that the cut split is left out.
fn beginning(transfer: Transfer, encoded: &[u8], is_cut: bool) -> Cow<'_, [u8]> {
    let end = match transfer {
        Transfer::QuotedPrintable | Transfer::Uuencode if is_cut => {
            memchr::memrchr(b'\n', encoded).map_or(encoded.len(), |at| at + 1)
        }
        _ => encoded.len(),
    };
    transfer.decode(&encoded[..end]).0
}

/// Gathers characters up to a number.
#[derive(Clone)]
struct Preview {
    out: String,
    chars: usize,
    chars_max: usize,
    blank: bool,
}

impl Preview {
    fn push(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if self.chars >= self.chars_max {
                return;
            }
            // Most text is words of ASCII, which go in whole.
            let word = rest.bytes().take_while(u8::is_ascii_graphic).count();
            let length = if word > 0 { word } else { first.len_utf8() };
            let (piece, behind) = rest.split_at(length);
            rest = behind;
            if word > 0 {
                self.push_piece(piece, word);
            } else if first.is_whitespace() || first.is_control() {
                self.blank = true;
            } else if !is_invisible(first) {
                self.push_piece(piece, 1);
            }
        }
    }

    fn push_piece(&mut self, piece: &str, chars: usize) {
        if std::mem::take(&mut self.blank) && !self.out.is_empty() {
            self.chars += 1;
            if self.chars >= self.chars_max {
                return;
            }
            self.out.push(' ');
        }
        let fitting = chars.min(self.chars_max - self.chars);
        // More than one character is ASCII, so that characters are bytes.
        self.out.push_str(if chars > 1 { &piece[..fitting] } else { piece });
        self.chars += fitting;
    }
}

/// Characters that newsletters fill the preview with so that it ends where they want.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

const PREVIEW_WINDOW_BYTES: usize = 256;
const PREVIEW_BYTES_MAX: usize = 256 << 10;
const PREVIEW_PARTS_MAX: usize = 20;
