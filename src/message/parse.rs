//! The walker: finds the parts of a mail (RFC 2046 §5.1) in one pass, without recursion.
//!
//! Knows boundaries and header blocks; decodes no body. `mailparse::parse_mail` recurses without
//! bound and copies each body, so this is our own.

use memchr::memmem;

use crate::message::fields::line_at;
use crate::message::fields::read_block;
use crate::message::headers::Headers;
use crate::message::limits::Limits;
use crate::message::part::Description;
use crate::message::part::Part;
use crate::message::part::Seen;
use crate::message::warning::Warning;

/// What the walker found.
pub(super) struct Structure<'a> {
    pub headers: Headers<'a>,
    pub parts: Vec<Part>,
    pub warnings: Vec<Warning>,
}

/// Finds the parts of a mail.
pub(super) fn walk<'a>(raw: &'a [u8], limits: &Limits) -> Structure<'a> {
    let mut headers = Headers::read(raw, 0, limits, |_| false);
    let mut description = Description::default();
    let mut seen = Seen::default();
    headers.describe(&mut description, &mut seen);
    headers.fallback = description.encoding_of_charset();
    let mut walker = Walker {
        raw,
        limits,
        parts: Vec::new(),
        warnings: Vec::new(),
        unfinished: Vec::new(),
        open: Vec::new(),
        last_child: Vec::new(),
        parts_cut: false,
        depth_cut: false,
    };
    let body_start = headers.block.body_start;
    walker.add(None, 0..headers.block.header_end, body_start, description);
    walker.run(body_start);
    walker.warn_of_truncation();
    Structure { headers, parts: walker.parts, warnings: walker.warnings }
}

/// A multipart whose boundary is still looked for.
struct Open {
    part: u32,
    boundary: Box<[u8]>,
}

struct Walker<'r, 'l> {
    raw: &'r [u8],
    limits: &'l Limits,
    parts: Vec<Part>,
    warnings: Vec<Warning>,
    /// The way from the root to the part at hand; the ends of their bodies are not known yet.
    unfinished: Vec<u32>,
    open: Vec<Open>,
    /// For each part its last child so far and their number.
    last_child: Vec<(Option<u32>, u32)>,
    parts_cut: bool,
    depth_cut: bool,
}

/// A boundary line that was found.
struct Delimiter {
    /// Index into `Walker::open`.
    level: usize,
    closing: bool,
    line_start: usize,
    next: usize,
}

impl Walker<'_, '_> {
    fn run(&mut self, body_start: usize) {
        let mut position = body_start;
        while !self.open.is_empty() {
            let Some(delimiter) = self.next_delimiter(position) else { break };
            position = self.take(&delimiter);
        }
        let end = self.raw.len();
        self.finish_from(0, end);
    }

    /// The next line that is a boundary of an open multipart.
    fn next_delimiter(&self, from: usize) -> Option<Delimiter> {
        let mut position = from;
        if let Some(found) = self.delimiter_at(position) {
            return Some(found);
        }
        let finder = memmem::Finder::new(b"\n--");
        loop {
            position += finder.find(self.raw.get(position..)?)? + 1;
            if let Some(found) = self.delimiter_at(position) {
                return Some(found);
            }
        }
    }

    fn delimiter_at(&self, line_start: usize) -> Option<Delimiter> {
        if !self.raw.get(line_start..)?.starts_with(b"--") {
            return None;
        }
        let line = line_at(self.raw, line_start);
        let (level, closing) = matching(&self.open, line.content)?;
        Some(Delimiter { level, closing, line_start, next: line.next })
    }

    /// Ends what the boundary ends and starts the part behind it; answers where to go on.
    fn take(&mut self, delimiter: &Delimiter) -> usize {
        let part = self.open[delimiter.level].part;
        let depth = self.unfinished.iter().rposition(|open| *open == part).unwrap_or(0);
        // RFC 2046 §5.1.1: the line end before a boundary belongs to it.
        let end = before_line_end(self.raw, delimiter.line_start);
        self.finish_from(depth + 1, end);
        if delimiter.closing {
            self.open.truncate(delimiter.level);
            return delimiter.next;
        }
        self.open.truncate(delimiter.level + 1);
        if self.parts.len() >= self.limits.parts_max {
            self.parts_cut = true;
            self.open.clear();
            return delimiter.next;
        }
        self.child(part, delimiter.next)
    }

    /// Reads the header of the part that starts at `start`.
    fn child(&mut self, parent: u32, start: usize) -> usize {
        let mut description = Description::default();
        if self.parts[parent as usize].description.content_type == "multipart/digest" {
            // RFC 2046 §5.1.5.
            description.content_type = "message/rfc822".into();
        }
        let mut seen = Seen::default();
        let open = &self.open;
        let mut count = 0;
        let headers_max = self.limits.headers_max;
        let block = read_block(
            self.raw,
            start,
            |line| matching(open, line).is_some(),
            |field| {
                count += 1;
                if count <= headers_max {
                    description.take(&field, &mut seen);
                }
            },
        );
        self.add(Some(parent), start..block.header_end, block.body_start, description);
        block.body_start
    }

    fn add(
        &mut self,
        parent: Option<u32>,
        header: std::ops::Range<usize>,
        body_start: usize,
        mut description: Description,
    ) {
        let index = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let path = self.path_of_next(parent, &description);
        if let Some(parent) = parent {
            let (last, _) = self.last_child[parent as usize];
            match last {
                Some(last) => self.parts[last as usize].next_sibling = Some(index),
                None => self.parts[parent as usize].first_child = Some(index),
            }
            self.last_child[parent as usize].0 = Some(index);
            self.last_child[parent as usize].1 += 1;
        }
        let boundary = description.boundary.take().filter(|_| description.is_multipart());
        if let Some(boundary) = boundary {
            if self.unfinished.len() < self.limits.depth_max {
                self.open.push(Open { part: index, boundary });
            } else {
                self.depth_cut = true;
            }
        }
        let inline = is_inline(&description, parent.map(|parent| &self.parts[parent as usize]));
        self.unfinished.push(index);
        self.last_child.push((None, 0));
        self.parts.push(Part {
            parent,
            first_child: None,
            next_sibling: None,
            path,
            header,
            body: body_start..body_start,
            description,
            inline,
        });
    }

    fn path_of_next(&self, parent: Option<u32>, description: &Description) -> Box<str> {
        let Some(parent) = parent else {
            return if description.is_multipart() { "".into() } else { "1".into() };
        };
        let number = self.last_child[parent as usize].1 + 1;
        let parent_path = &self.parts[parent as usize].path;
        if parent_path.is_empty() {
            number.to_string().into()
        } else {
            format!("{parent_path}.{number}").into()
        }
    }

    fn warn_of_truncation(&mut self) {
        if self.parts_cut {
            let detail = format!(
                "Only the first {} parts are read; those behind them are left out.",
                self.limits.parts_max
            );
            self.warnings.push(Warning::new("parts-truncated", detail));
        }
        if self.depth_cut {
            let detail = format!(
                "Multiparts nested deeper than {} levels are not opened.",
                self.limits.depth_max
            );
            self.warnings.push(Warning::new("depth-truncated", detail));
        }
    }

    /// Ends the bodies of the unfinished parts from that depth on.
    fn finish_from(&mut self, depth: usize, end: usize) {
        for part in self.unfinished.drain(depth.min(self.unfinished.len())..) {
            let body = &mut self.parts[part as usize].body;
            body.end = end.max(body.start);
        }
    }
}

/// The innermost open multipart whose boundary the line is, and whether it closes it.
///
/// RFC 2046 §5.1.1: blanks may follow a boundary. A line that merely starts with one is none:
/// `--abc` must not end where `--ab` is looked for.
fn matching(open: &[Open], line: &[u8]) -> Option<(usize, bool)> {
    let line = line.strip_prefix(b"--")?.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, open)| {
        let boundary = open.boundary.trim_ascii_end();
        let rest = line.strip_prefix(boundary)?;
        match rest {
            b"" => Some((level, false)),
            b"--" => Some((level, true)),
            _ => None,
        }
    })
}

/// Whether a part is shown within the text.
fn is_inline(description: &Description, parent: Option<&Part>) -> bool {
    match description.disposition.as_deref() {
        Some("inline") => true,
        Some(_) => false,
        None => {
            let refers = description.content_id.is_some() || description.content_location.is_some();
            refers && parent.is_some_and(|parent| parent.content_type() == "multipart/related")
        }
    }
}

/// The end of the text before the line that starts here.
fn before_line_end(raw: &[u8], line_start: usize) -> usize {
    match &raw[..line_start] {
        [rest @ .., b'\r', b'\n'] => rest.len(),
        [rest @ .., b'\n'] => rest.len(),
        all => all.len(),
    }
}
