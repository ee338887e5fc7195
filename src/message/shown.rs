//! What readers are shown: which parts are the text, which the HTML, and which come beside them.

use std::borrow::Cow;

use crate::message::Message;
use crate::message::limits::Limits;
use crate::message::part::Part;
use crate::message::text::from_html;

/// The text/plain of a mail: all inline parts joined; None when there is none.
pub(super) fn plain(message: &Message<'_>) -> Option<String> {
    joined(message, Kind::Plain, Limits::DEFAULT.text_bytes_max)
}

/// The text/html of a mail: all inline parts joined; None when there is none.
pub(super) fn html(message: &Message<'_>) -> Option<String> {
    joined(message, Kind::Html, Limits::DEFAULT.html_bytes_max)
}

/// What a program without HTML shows: the plain parts, and the text of HTML that has no plain
/// alternative beside it.
pub(super) fn text(message: &Message<'_>) -> Option<String> {
    let mut text: Option<String> = None;
    let parts = readable(message).chain(undivided(message));
    each_beginning(message, parts, Limits::DEFAULT.text_bytes_max, |part, beginning| {
        append(&mut text, &readable_text(part, beginning, usize::MAX));
    });
    cut(text, Limits::DEFAULT.text_bytes_max)
}

/// Whether the shown parts of one kind hold more than so many bytes of text.
pub(super) fn exceeds(message: &Message<'_>, kind: Kind, bytes_max: usize) -> bool {
    // A byte becomes three of UTF-8 at most, so that most mails need not be decoded for this.
    let bytes: usize = parts_of(message, kind).map(|part| part.body.len()).sum();
    bytes.saturating_mul(3) > bytes_max
        && each_beginning(message, parts_of(message, kind), bytes_max, |_, _| {})
}

/// Hands out the beginnings of these parts' texts, together so many bytes of plain text and so
/// many of HTML at most; answers whether there was more.
pub(super) fn each_beginning<'m>(
    message: &Message<'_>,
    parts: impl Iterator<Item = &'m Part>,
    bytes_max: usize,
    mut each: impl FnMut(&'m Part, &str),
) -> bool {
    let (mut plain_left, mut html_left) = (bytes_max, bytes_max);
    let mut is_cut = false;
    for part in parts {
        let left = if is_html(part) { &mut html_left } else { &mut plain_left };
        let (text, has_more) = part.text_beginning(message.raw(), *left);
        each(part, &text);
        *left -= text.len();
        is_cut |= has_more;
    }
    is_cut
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
    let mut spent_bytes = 0;
    for part in readable(message).chain(undivided(message)).take(PREVIEW_PARTS_MAX) {
        // Enough for most text; where blanks, tags or other scripts need more, it grows.
        let mut window = (chars_max + chars_max / 4).max(PREVIEW_WINDOW_BYTES);
        loop {
            let (beginning, has_more) = part.text_beginning(message.raw(), window);
            let text = readable_text(part, &beginning, chars_max);
            spent_bytes += beginning.len();
            let before = preview.clone();
            preview.push(&text);
            let enough = preview.chars >= chars_max || spent_bytes >= PREVIEW_BYTES_MAX;
            if enough || !has_more {
                break;
            }
            preview = before;
            window *= 8;
        }
        if preview.chars >= chars_max || spent_bytes >= PREVIEW_BYTES_MAX {
            break;
        }
        preview.blank = true;
    }
    preview.out
}

/// The two kinds of text that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Html,
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

fn joined(message: &Message<'_>, kind: Kind, bytes_max: usize) -> Option<String> {
    let mut text = None;
    let parts = parts_of(message, kind);
    each_beginning(message, parts, bytes_max, |_, beginning| append(&mut text, beginning));
    cut(text, bytes_max)
}

/// What was put together, without what joining it added beyond the limit.
fn cut(text: Option<String>, bytes_max: usize) -> Option<String> {
    text.map(|mut text| {
        text.truncate(text.floor_char_boundary(bytes_max));
        text
    })
}

fn parts_of<'m>(message: &'m Message<'_>, kind: Kind) -> impl Iterator<Item = &'m Part> {
    message.parts().iter().filter(move |part| is_shown(part) && shown_as(part) == kind)
}

/// As which of the two kinds a shown part is shown.
fn shown_as(part: &Part) -> Kind {
    if is_html(part) { Kind::Html } else { Kind::Plain }
}

fn is_html(part: &Part) -> bool {
    part.content_type() == "text/html"
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
        for part in parts.iter().filter(|part| is_shown(part) && shown_as(part) == Kind::Plain) {
            if let Some(alternative) = alternative_above(parts, part) {
                with_plain[alternative] = true;
            }
        }
    }
    parts.iter().filter(move |part| {
        is_shown(part)
            && (shown_count == 1
                || shown_as(part) == Kind::Plain
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
    if is_html(part) { from_html(text, chars_max).into() } else { text.into() }
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
