//! Brings the HTML of a mail into a form that a tree builder takes in linear time and bounded
//! depth.
//!
//! A tree builder walks its stack of open elements for most tags, and copies formatting elements
//! that were left open into each block that follows (HTML §13.2.4.3): a few hundred KB written for
//! that purpose would cost it hours or gigabytes. So tags are balanced here, nesting ends at a
//! limit, and attributes that are not kept never reach it. What is safe to show is decided behind
//! this, by the sanitizer.

use crate::http::render::elements;
use crate::http::render::elements::Element;
use crate::http::render::elements::Nesting;
use crate::http::render::lexer::Attribute;
use crate::http::render::lexer::Lexer;
use crate::http::render::lexer::Token;

/// A mail's HTML in tame form.
#[derive(Debug, Default)]
pub struct Tamed {
    /// What stands in the body, style sheets included.
    pub body: String,
    /// The attributes of `<html>`, written as in a tag.
    pub html_attributes: String,
    /// The attributes of `<body>`, written as in a tag.
    pub body_attributes: String,
    /// The colour schemes that the mail says it is made for.
    pub color_scheme: Option<&'static str>,
}

/// Brings HTML into tame form; `style` is what becomes of the text of each style sheet.
pub fn tame(html: &str, style: &mut dyn FnMut(&str) -> String) -> Tamed {
    let mut tamer = Tamer { lexer: Lexer::new(html), ..Tamer::default() };
    while let Some(token) = tamer.lexer.token() {
        match token {
            Token::Text(text) => tamer.text(text),
            Token::End(name) => tamer.end(name),
            Token::Start(name, attributes) => tamer.start(name, &attributes, style),
        }
    }
    tamer.out
}

struct Tamer<'a> {
    lexer: Lexer<'a>,
    out: Tamed,
    /// The elements that are open, as the tree builder will have them.
    open: Vec<&'static Element>,
    /// Formatting elements whose parent was closed around them: the tree builder carries them on.
    carried: Vec<&'static Element>,
    /// Start tags left out because of the depth, less their end tags.
    too_deep_count: usize,
    /// What stood in a table but in no cell: the tree builder moves it out, which costs it a
    /// search.
    stray_count: usize,
    /// Elements to be cut whole of which no end tag follows.
    unclosed: Vec<String>,
}

impl Default for Tamer<'_> {
    fn default() -> Self {
        Self {
            lexer: Lexer::new(""),
            out: Tamed::default(),
            open: Vec::new(),
            carried: Vec::new(),
            too_deep_count: 0,
            stray_count: 0,
            unclosed: Vec::new(),
        }
    }
}

impl Tamer<'_> {
    fn text(&mut self, text: &str) {
        if !text.trim_ascii().is_empty() && self.is_stray() {
            return;
        }
        let mut pieces = text.split('<');
        self.out.body.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            self.out.body.push_str("&lt;");
            self.out.body.push_str(piece);
        }
    }

    fn start(
        &mut self,
        name: &str,
        attributes: &[Attribute<'_>],
        style: &mut dyn FnMut(&str) -> String,
    ) {
        if let Some(is_raw) = elements::is_cut_whole(name) {
            return self.cut(name, is_raw);
        }
        match name.to_ascii_lowercase().as_str() {
            "html" => return keep_attributes(&mut self.out.html_attributes, attributes),
            "body" => return keep_attributes(&mut self.out.body_attributes, attributes),
            "meta" => return self.meta(attributes),
            "style" => return self.style(style),
            _ => {}
        }
        let Some(element) = elements::element(name) else { return };
        if element.nesting != Nesting::Void && self.too_deep_count > 0 {
            self.too_deep_count += 1;
            return;
        }
        if !self.make_way(element) {
            return;
        }
        if element.nesting != Nesting::Void {
            if self.open.len() >= DEPTH_MAX {
                self.too_deep_count = 1;
                return;
            }
            self.open.push(element);
        }
        self.out.body.push('<');
        self.out.body.push_str(element.name);
        write_attributes(&mut self.out.body, attributes);
        if matches!(element.name, "a" | "area") {
            write_target(&mut self.out.body, attributes);
        }
        self.out.body.push('>');
    }

    /// Closes what this element does not stand in. False when it has no place here.
    fn make_way(&mut self, element: &'static Element) -> bool {
        match element.name {
            "table" if self.is_between_cells() => self.close_innermost(&["table"]),
            "td" | "th" => return self.close_down_to(&["tr", "tbody", "thead", "tfoot", "table"]),
            "tr" => return self.close_down_to(&["tbody", "thead", "tfoot", "table"]),
            "col" => return self.close_down_to(&["colgroup", "table"]),
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => {
                return self.close_down_to(&["table"]);
            }
            "li" => self.close_within(&["li"], &["ul", "ol"]),
            "dt" | "dd" => self.close_within(&["dt", "dd"], &["dl"]),
            "a" => self.end_formatting("a"),
            _ => {}
        }
        if self.is_stray() {
            return false;
        }
        if element.nesting == Nesting::Block || matches!(element.name, "table" | "hr") {
            self.close_within(&["p"], &[]);
        }
        if is_heading(element) && self.open.last().is_some_and(|last| is_heading(last)) {
            self.close(self.open.len() - 1);
        }
        true
    }

    fn end(&mut self, name: &str) {
        let Some(element) = elements::element(name) else { return };
        if element.nesting == Nesting::Void {
            return;
        }
        if self.too_deep_count > 0 {
            self.too_deep_count -= 1;
            return;
        }
        match element.nesting {
            Nesting::Formatting => self.end_formatting(element.name),
            Nesting::Table => self.end_in_table(element.name),
            Nesting::Phrase => {
                // An element that does not merely phrase is not closed by one that does.
                let phrases =
                    |open: &&Element| matches!(open.nesting, Nesting::Phrase | Nesting::Formatting);
                let count = self.open.iter().rev().take_while(|open| phrases(open)).count();
                let floor = self.open.len() - count;
                self.close_last(element.name, floor);
            }
            Nesting::Block | Nesting::Void => self.close_within(&[element.name], &[]),
        }
    }

    /// The end tag of a formatting element closes it even when blocks in it are still open; these
    /// stay (HTML §13.2.6.4.7, the adoption agency).
    fn end_formatting(&mut self, name: &'static str) {
        let floor = self.cell_floor();
        let found = self.open[floor..].iter().rposition(|open| open.name == name);
        if let Some(index) = found.map(|index| floor + index) {
            let around_blocks =
                self.open[index..].iter().any(|open| open.nesting == Nesting::Block);
            if around_blocks {
                self.open.remove(index);
                self.write_end(name);
            } else {
                self.close(index);
            }
        } else if let Some(index) = self.carried.iter().rposition(|open| open.name == name) {
            self.carried.remove(index);
            self.write_end(name);
        }
    }

    fn end_in_table(&mut self, name: &'static str) {
        let Some(table) = self.open.iter().rposition(|open| open.name == "table") else { return };
        self.close_last(name, table);
    }

    /// A sheet of style rules. It stands where it stood, for later ones to override it.
    fn style(&mut self, style: &mut dyn FnMut(&str) -> String) {
        let css = self.lexer.raw_text("style").unwrap_or_else(|| self.lexer.remainder());
        let css = style(css);
        if memchr::memmem::find(css.as_bytes(), b"</").is_none() {
            self.out.body.push_str("<style>");
            self.out.body.push_str(&css);
            self.out.body.push_str("</style>");
        }
    }

    fn meta(&mut self, attributes: &[Attribute<'_>]) {
        let value = |name: &str| {
            let found = attributes.iter().find(|given| given.name.eq_ignore_ascii_case(name));
            found.map(|given| given.value.to_ascii_lowercase()).unwrap_or_default()
        };
        if matches!(value("name").as_str(), "color-scheme" | "supported-color-schemes") {
            let schemes = value("content");
            let has = |scheme: &str| schemes.split_ascii_whitespace().any(|given| given == scheme);
            self.out.color_scheme = match (has("light"), has("dark")) {
                (true, true) => Some("light dark"),
                (false, true) => Some("dark"),
                _ => None,
            };
        }
    }

    fn cut(&mut self, name: &str, is_raw: bool) {
        let name = name.to_ascii_lowercase();
        if self.unclosed.contains(&name) {
            return;
        }
        if self.lexer.raw_text(&name).is_none() {
            if is_raw {
                self.lexer.remainder();
            }
            self.unclosed.push(name);
        }
    }

    /// Closes the innermost of some elements unless one of `barriers` or a cell's edge lies before
    /// it.
    fn close_within(&mut self, names: &[&str], barriers: &[&str]) {
        let floor = self.cell_floor();
        let stops = |open: &Element| names.contains(&open.name) || barriers.contains(&open.name);
        let found = self.open[floor..].iter().rposition(|open| stops(open));
        if let Some(index) = found.map(|index| floor + index)
            && names.contains(&self.open[index].name)
        {
            self.close(index);
        }
    }

    fn close_innermost(&mut self, names: &[&str]) {
        if let Some(index) = self.open.iter().rposition(|open| names.contains(&open.name)) {
            self.close(index);
        }
    }

    fn close_last(&mut self, name: &str, floor: usize) {
        if let Some(index) = self.open[floor..].iter().rposition(|open| open.name == name) {
            self.close(floor + index);
        }
    }

    /// Closes all above the innermost of some pieces of the innermost table. False without a table.
    fn close_down_to(&mut self, pieces: &[&str]) -> bool {
        let Some(table) = self.open.iter().rposition(|open| open.name == "table") else {
            return false;
        };
        let found = self.open[table..].iter().rposition(|open| pieces.contains(&open.name));
        self.close(table + found.unwrap_or(0) + 1);
        true
    }

    /// Closes the element at `index` and all within.
    fn close(&mut self, index: usize) {
        // A cell that closes ends what was left open in it.
        let has_cell = self.open[index..].iter().any(|open| is_cell(open));
        while self.open.len() > index {
            let Some(open) = self.open.pop() else { break };
            let is_inner = self.open.len() > index;
            let may_carry = is_inner && !has_cell && self.carried.len() < CARRIED_MAX;
            if may_carry && open.nesting == Nesting::Formatting {
                self.carried.push(open);
            } else {
                self.write_end(open.name);
            }
        }
    }

    fn write_end(&mut self, name: &str) {
        self.out.body.push_str("</");
        self.out.body.push_str(name);
        self.out.body.push('>');
    }

    /// Where the innermost cell begins: end tags do not reach out of it.
    fn cell_floor(&self) -> usize {
        let edge = |open: &Element| is_cell(open) || open.name == "table";
        self.open.iter().rposition(|open| edge(open)).map_or(0, |index| index + 1)
    }

    fn is_between_cells(&self) -> bool {
        self.open.last().is_some_and(|last| last.nesting == Nesting::Table && !is_cell(last))
    }

    /// Whether what comes now is one stray too many. Counts it.
    fn is_stray(&mut self) -> bool {
        self.stray_count += usize::from(self.is_between_cells());
        self.is_between_cells() && self.stray_count > STRAYS_MAX
    }
}

fn is_cell(element: &Element) -> bool {
    matches!(element.name, "td" | "th" | "caption")
}

fn is_heading(element: &Element) -> bool {
    matches!(element.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// The first tag of its kind says it all; of later ones a browser takes what is new, which nobody
/// uses.
fn keep_attributes(kept: &mut String, attributes: &[Attribute<'_>]) {
    if kept.is_empty() {
        write_attributes(kept, attributes);
    }
}

fn write_attributes(out: &mut String, attributes: &[Attribute<'_>]) {
    let mut written: Vec<&str> = Vec::new();
    for attribute in attributes {
        let Some(name) = elements::attribute(attribute.name) else { continue };
        if written.contains(&name) {
            continue;
        }
        written.push(name);
        write_attribute(out, name, attribute.value);
    }
}

fn write_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    let mut pieces = value.split('"');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push_str("&quot;");
        out.push_str(piece);
    }
    out.push('"');
}

/// Links open beside the mail; those to a place within it do not.
fn write_target(out: &mut String, attributes: &[Attribute<'_>]) {
    let link = attributes.iter().find(|given| given.name.eq_ignore_ascii_case("href"));
    if link.is_some_and(|link| !link.value.trim_ascii_start().starts_with('#')) {
        write_attribute(out, "target", "_blank");
    }
}

/// Open elements. Browsers stop at 512; a tree builder may hold one element more for each here.
const DEPTH_MAX: usize = 256;
/// Formatting elements carried on at a time: each costs an element for each block that follows.
const CARRIED_MAX: usize = 8;
/// Pieces of text or elements between the cells of tables, in all.
const STRAYS_MAX: usize = 1_000;

#[cfg(test)]
mod tests;
