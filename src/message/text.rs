//! Plain text from HTML: what a reader would see, without tags, styles and scripts.

use crate::message::html;
use crate::message::html::Event;

/// The text of HTML: block edges and `<br>` are line ends, runs of white space are one blank.
/// Reading stops when `chars_max` characters are there.
pub fn from_html(html: &str, chars_max: usize) -> String {
    let mut writer = Writer::default();
    html::read(html, |event| {
        match event {
            Event::Text(text) => writer.text(text),
            Event::Start(name, _) => writer.start(name),
            Event::End(name) => writer.end(name),
        }
        writer.out.len() < chars_max.saturating_mul(4)
    });
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// A blank is owed before the next word.
    blank: bool,
    /// Line ends owed before the next word.
    line_ends: usize,
    /// The element whose content is not shown, and how deep in elements of its name.
    hidden: Option<(String, usize)>,
    preformatted: usize,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if self.preformatted > 0 {
            self.owed();
            self.out.push_str(text);
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let (words, behind) = rest.split_at(words_length(rest));
            if !words.is_empty() {
                self.push_words(words);
            }
            rest = behind.trim_start_matches(is_html_blank);
            self.blank |= rest.len() < behind.len();
        }
    }

    /// Writes words with one blank between. No-break blanks are blanks in plain text.
    fn push_words(&mut self, words: &str) {
        // Its first byte in UTF-8 is looked for: most text is without.
        if memchr::memchr(0xC2, words.as_bytes()).is_none() {
            self.owed();
            self.out.push_str(words);
            return;
        }
        for (index, word) in words.split(' ').enumerate() {
            self.blank |= index > 0;
            self.owed();
            self.out.extend(word.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
        }
    }

    fn owed(&mut self) {
        if self.out.is_empty() {
            self.line_ends = 0;
            self.blank = false;
        }
        if self.line_ends > 0 {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            let have = self.out.bytes().rev().take_while(|byte| *byte == b'\n').count();
            for _ in have..self.line_ends {
                self.out.push('\n');
            }
        } else if self.blank && !self.out.ends_with(['\n', ' ']) {
            self.out.push(' ');
        }
        self.line_ends = 0;
        self.blank = false;
    }

    fn start(&mut self, name: &str) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name {
                *depth += 1;
            }
            return;
        }
        match name {
            "script" | "style" | "title" | "template" | "iframe" | "noembed" | "noframes" => {
                self.hidden = Some((name.to_owned(), 1));
            }
            "pre" | "textarea" | "xmp" | "plaintext" | "listing" => {
                self.edge(1);
                self.preformatted += 1;
            }
            "br" => self.line_ends = (self.line_ends + 1).min(LINE_ENDS_MAX),
            "td" | "th" | "img" => self.blank = true,
            _ => self.edge(edge_lines(name)),
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name {
                *depth -= 1;
                if *depth == 0 {
                    self.hidden = None;
                }
            }
            return;
        }
        match name {
            "pre" | "textarea" | "xmp" | "listing" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.edge(1);
            }
            "td" | "th" => self.blank = true,
            _ => self.edge(edge_lines(name)),
        }
    }

    /// The edge of a block: so many line ends at least stand between what is before and behind.
    fn edge(&mut self, line_ends: usize) {
        self.line_ends = self.line_ends.max(line_ends);
    }
}

/// Whether an element's edges part words.
pub(super) fn parts_words(name: &str) -> bool {
    matches!(name, "br" | "td" | "th" | "img" | "pre" | "textarea") || edge_lines(name) > 0
}

/// How far a text goes on in words with one blank between.
fn words_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_blank = |byte: &u8| is_html_blank(char::from(*byte));
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(is_blank) {
        let next_is_word = bytes.get(at + found + 1).is_some_and(|byte| !is_blank(byte));
        if bytes[at + found] != b' ' || !next_is_word || at + found == 0 {
            return at + found;
        }
        at += found + 1;
    }
    bytes.len()
}

/// HTML's white space, which a no-break blank is not.
fn is_html_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// How many line ends the edge of an element makes.
fn edge_lines(name: &str) -> usize {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "ul" | "ol" | "dl"
        | "table" | "hr" => 2,
        "div" | "tr" | "li" | "dt" | "dd" | "section" | "article" | "header" | "footer"
        | "main" | "nav" | "aside" | "address" | "center" | "form" | "fieldset" | "figure"
        | "figcaption" | "caption" | "thead" | "tbody" | "tfoot" | "body" | "html" | "legend"
        | "option" | "details" | "summary" | "dir" | "menu" | "optgroup" | "head" => 1,
        _ => 0,
    }
}

const LINE_ENDS_MAX: usize = 3;
