//! The lines of HTML a reader sees: what inline styles hide (the preheaders of newsletters, test
//! codes of templates) is left out. Style sheets are not read.

use crate::message::html;
use crate::message::html::Attributes;
use crate::message::html::Event;
use crate::message::text::parts_words;

/// What is seen in HTML.
#[derive(Debug, Default)]
pub(super) struct Visible {
    /// The lines, none of them empty; cells of a table stand in one line, with tabs between.
    pub(super) lines: Vec<SeenLine>,
    /// Where the links lead that can be seen.
    pub(super) urls: Vec<String>,
}

/// A line, and whether all of it is to be clicked on.
#[derive(Debug)]
pub(super) struct SeenLine {
    pub(super) text: String,
    pub(super) is_link: bool,
}

/// Reads HTML up to so many lines.
pub(super) fn visible(html: &str, lines_max: usize) -> Visible {
    let mut reader = Reader::default();
    html::read(html, |event| {
        match event {
            Event::Text(text) => reader.text(text),
            Event::Start(name, attributes) => reader.start(name, attributes),
            Event::End(name) => reader.end(name),
        }
        reader.seen.lines.len() < lines_max
    });
    reader.end_line();
    reader.seen
}

#[derive(Default)]
struct Reader {
    seen: Visible,
    line: String,
    /// Whether any of the line is beside a link.
    is_beside_link: bool,
    open: Vec<Element>,
    /// The last line is a single character, or several in boxes.
    was_box: bool,
}

/// An open element, and what hides the text in it.
struct Element {
    name: String,
    is_hidden: bool,
    is_in_link: bool,
    /// Unlike the rest, this is taken back by a size further inside: builders of mails set it on
    /// every cell so that there is no gap between blocks.
    has_no_size: bool,
}

impl Reader {
    fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|element| element.is_hidden || element.has_no_size)
    }

    fn text(&mut self, text: &str) {
        if self.is_hidden() {
            return;
        }
        let is_in_link = self.open.last().is_some_and(|element| element.is_in_link);
        self.is_beside_link |= !is_in_link && !text.trim().is_empty();
        let is_preformatted = self.open.last().is_some_and(|element| element.name == "pre");
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 && is_preformatted {
                self.end_line();
            } else if index > 0 {
                self.line.push(' ');
            }
            let mut words = line.split('\t');
            self.line.push_str(words.next().unwrap_or_default());
            words.for_each(|words| self.line.extend([" ", words]));
        }
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.edge(name);
        if CLOSED_BY_THE_NEXT.contains(&name)
            && self.open.last().is_some_and(|element| element.name == name)
        {
            self.open.pop();
        }
        if VOID.contains(&name) || self.open.len() >= DEPTH_MAX {
            return;
        }
        let outer = self.open.last();
        let style = Style::read(&attributes.value("style").unwrap_or_default());
        let is_hidden = outer.is_some_and(|element| element.is_hidden)
            || style.hides
            || attributes.value("hidden").is_some()
            || UNSEEN.contains(&name);
        let inherited = outer.is_some_and(|element| element.has_no_size);
        let has_no_size = style.has_no_size.unwrap_or(inherited);
        let is_in_link = name == "a" || outer.is_some_and(|element| element.is_in_link);
        self.open.push(Element { name: name.to_owned(), is_hidden, is_in_link, has_no_size });
        let href = attributes.value("href").filter(|_| name == "a" && !self.is_hidden());
        if let Some(url) = href.filter(|_| self.seen.urls.len() < URLS_MAX) {
            self.seen.urls.push(url.into_owned());
        }
    }

    fn end(&mut self, name: &str) {
        self.edge(name);
        let open = self.open.iter().rev().take(END_DEPTH_MAX);
        if let Some(depth) = open.map(|element| &element.name).position(|open| open == name) {
            self.open.truncate(self.open.len() - depth - 1);
        }
    }

    fn edge(&mut self, name: &str) {
        if matches!(name, "td" | "th") {
            self.line.push('\t');
        } else if name == "img" {
            self.line.push(' ');
        } else if parts_words(name) {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let is_link = !std::mem::take(&mut self.is_beside_link);
        let text = line.trim();
        if text.is_empty() {
            return;
        }
        // Boxes that hold a character each are one line to a reader, though blocks to HTML.
        let is_box = text.len() == 1;
        match self.seen.lines.last_mut().filter(|_| is_box && self.was_box) {
            Some(boxes) => boxes.text.extend(["\t", text]),
            None => self.seen.lines.push(SeenLine { text: line, is_link }),
        }
        self.was_box = is_box;
    }
}

/// What an inline style says about being seen.
#[derive(Default)]
struct Style {
    hides: bool,
    has_no_size: Option<bool>,
}

impl Style {
    fn read(style: &str) -> Self {
        let mut read = Self::default();
        let mut clips = false;
        let mut is_flat = false;
        for declaration in style.split(';') {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let name = name.trim();
            let mut known = PROPERTIES.into_iter();
            let Some(name) = known.find(|known| known.eq_ignore_ascii_case(name)) else { continue };
            let value = value.trim().to_ascii_lowercase();
            let value = value.trim_end_matches("!important").trim_end();
            let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            let number = number.parse::<f32>().ok();
            match name {
                "display" => read.hides |= value == "none",
                "visibility" => read.hides |= matches!(value, "hidden" | "collapse"),
                "mso-hide" => read.hides |= value == "all",
                "color" => read.hides |= value == "transparent",
                "opacity" | "max-height" | "max-width" => read.hides |= number == Some(0.0),
                "height" | "width" => is_flat |= number == Some(0.0),
                "overflow" => clips |= value == "hidden",
                // Of one point nothing can be read either.
                "font-size" => {
                    let is_small = |size: f32| size == 0.0 || size <= 1.0 && value.ends_with("px");
                    read.has_no_size = Some(number.is_some_and(is_small));
                }
                _ => {}
            }
        }
        read.hides |= clips && is_flat;
        read
    }
}

/// Those that can hide text.
const PROPERTIES: [&str; 11] = [
    "display",
    "visibility",
    "mso-hide",
    "color",
    "opacity",
    "max-height",
    "max-width",
    "height",
    "width",
    "overflow",
    "font-size",
];
const UNSEEN: [&str; 9] =
    ["script", "style", "title", "template", "iframe", "noembed", "noframes", "select", "textarea"];
const CLOSED_BY_THE_NEXT: [&str; 5] = ["p", "li", "td", "th", "tr"];
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
const DEPTH_MAX: usize = 1_000;
/// How far up the start of an end tag is looked for.
const END_DEPTH_MAX: usize = 100;
const URLS_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(html: &str) -> Vec<String> {
        visible(html, 100).lines.iter().map(|line| line.text.trim().to_owned()).collect()
    }

    #[test]
    fn what_styles_hide_is_not_seen() {
        for style in [
            "display:none",
            "DISPLAY : None !important",
            "font-size:0",
            "color:#fff;font-size:1px",
            "max-height:0px;overflow:hidden",
            "height:0;overflow:hidden",
            "opacity:0",
            "visibility:hidden",
            "mso-hide:all",
        ] {
            let html = format!("<div style='{style}'>a<img src=x>b<p>c</div>seen");
            assert_eq!(lines(&html), ["seen"], "{style}");
        }
        assert_eq!(lines("<div hidden>a</div><p>b"), ["b"]);
        assert_eq!(lines("<p style='display:none'>a<p>b"), ["b"]);
    }

    #[test]
    fn what_is_only_flat_small_or_shown_again_is_seen() {
        for style in ["height:0", "font-size:0.9em", "opacity:0.5", "max-height:10px", "color:red"]
        {
            assert_eq!(lines(&format!("<div style='{style}'>seen</div>")), ["seen"], "{style}");
        }
        let cell = "<td style='font-size:0'>a<div style='font-size:13px'>seen</div>b</td>";
        assert_eq!(lines(cell), ["seen"]);
    }

    #[test]
    fn cells_share_a_line_and_links_are_kept() {
        assert_eq!(lines("<table><tr><td>4</td><td>8</td></tr></table>"), ["4\t\t8"]);
        assert_eq!(lines("<div>4</div><div>8</div><p>Hi"), ["4\t8", "Hi"]);
        assert_eq!(lines("<pre>aa\nbb</pre>c\nd"), ["aa", "bb", "c d"]);
        let html =
            "<a href='http://a.test/'>a</a><b style='display:none'><a href='http://b.test/'>";
        assert_eq!(visible(html, 100).urls, ["http://a.test/"]);
    }
}
