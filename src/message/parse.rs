//! The walker: finds the parts of a mail (RFC 2046 §5.1) in one pass, without recursion.
//!
//! Knows boundaries and header blocks; decodes no body. `mailparse::parse_mail` recurses without
//! bound and copies each body, so this is our own.

use memchr::memmem;

use crate::message::fields::BlockEnd;
use crate::message::fields::Place;
use crate::message::fields::line_at;
use crate::message::fields::read_block;
use crate::message::headers::Headers;
use crate::message::limits::Limits;
use crate::message::part::Description;
use crate::message::part::Part;
use crate::message::part::Seen;
use crate::message::warning::Warning;
use crate::message::warning::Warnings;

/// What the walker found.
pub(super) struct Structure<'a> {
    pub headers: Headers<'a>,
    pub parts: Vec<Part>,
    pub warnings: Vec<Warning>,
}

/// Finds the parts of a mail.
pub(super) fn walk<'a>(raw: &'a [u8], limits: &Limits) -> Structure<'a> {
    let mut headers = Headers::read(raw, limits);
    let mut description = Description::default();
    let mut seen = Seen::default();
    headers.describe(&mut description, &mut seen);
    headers.fallback = description.encoding_of_charset();
    let mut walker = Walker {
        raw,
        limits,
        parts: Vec::new(),
        warnings: Warnings::up_to(limits.warnings_max),
        unfinished: Vec::new(),
        open: Vec::new(),
        last_child: Vec::new(),
        bare_cr: headers.block.bare_cr,
        reused: Vec::new(),
        parts_cut: false,
        depth_cut: false,
    };
    let body_start = headers.block.body_start;
    walker.add(None, 0..headers.block.header_end, body_start, description);
    walker.run(body_start);
    walker.warn_of_truncation();
    walker.warn_of_boundaries();
    Structure { headers, parts: walker.parts, warnings: walker.warnings.kept }
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
    warnings: Warnings,
    /// The way from the root to the part at hand; the ends of their bodies are not known yet.
    unfinished: Vec<u32>,
    open: Vec<Open>,
    /// For each part its last child so far and their number.
    last_child: Vec<(Option<u32>, u32)>,
    /// Whether lines of the header end in CR alone; then those of the body may, too.
    bare_cr: bool,
    /// Multiparts whose boundary is that of one around them.
    reused: Vec<u32>,
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
        if let Some(found) = self.delimiter_at(from) {
            return Some(found);
        }
        let rest = self.raw.get(from..)?;
        if self.bare_cr {
            return memmem::find_iter(rest, b"--")
                .filter(|at| *at > 0 && matches!(rest[at - 1], b'\r' | b'\n'))
                .find_map(|at| self.delimiter_at(from + at));
        }
        memmem::find_iter(rest, b"\n--").find_map(|at| self.delimiter_at(from + at + 1))
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
            self.warn_of_unclosed(delimiter.level + 1);
            self.open.truncate(delimiter.level);
            return delimiter.next;
        }
        self.warn_of_unclosed(delimiter.level + 1);
        self.open.truncate(delimiter.level + 1);
        if self.parts.len() >= self.limits.parts_max {
            self.parts_cut = true;
            self.open.clear();
            return delimiter.next;
        }
        if self.is_meant_to_close(delimiter) {
            return delimiter.next;
        }
        if self.is_doubled(delimiter) {
            self.warnings.push(Warning::of_part(
                "boundary-doubled",
                "A boundary line stands twice; the empty part between was passed over.",
                &self.parts[part as usize].path,
            ));
            return delimiter.next;
        }
        self.child(part, delimiter.next)
    }

    /// Whether nothing stands between the last boundary of a multipart and the end of what it is
    /// in: there the two closing hyphens were forgotten, and no part starts.
    fn is_meant_to_close(&self, delimiter: &Delimiter) -> bool {
        let part = self.open[delimiter.level].part;
        let rest = self.raw[delimiter.next..].trim_ascii_start();
        let next = self.raw.len() - rest.len();
        let is_line = matches!(self.raw[next - 1], b'\r' | b'\n');
        let is_outer = |next: Delimiter| next.level < delimiter.level;
        self.parts[part as usize].first_child.is_some()
            && (rest.is_empty() || is_line && self.delimiter_at(next).is_some_and(is_outer))
    }

    /// Whether the same boundary follows at once: then nothing stands between, not even the empty
    /// line of a part without header.
    fn is_doubled(&self, delimiter: &Delimiter) -> bool {
        let next = self.delimiter_at(delimiter.next);
        next.is_some_and(|next| next.level == delimiter.level && !next.closing)
    }

    /// Reads the header of the part that starts at `start`.
    fn child(&mut self, parent: u32, start: usize) -> usize {
        let mut description = Description::default();
        if self.parts[parent as usize].description.content_type == "multipart/digest" {
            // RFC 2046 §5.1.5.
            description.content_type = "message/rfc822".into();
            description.digest_member = true;
        }
        let mut seen = Seen::default();
        let open = &self.open;
        let mut count = 0;
        let headers_max = self.limits.headers_max;
        let block = read_block(
            self.raw,
            start,
            Place::Part,
            |line| matching(open, line).is_some(),
            |field| {
                count += 1;
                if count <= headers_max {
                    description.take(&field, &mut seen);
                }
            },
        );
        self.add(Some(parent), start..block.header_end, block.body_start, description);
        self.warn_of_header(&block, count.saturating_sub(headers_max));
        block.body_start
    }

    /// What is odd about the header of the part that was added last.
    fn warn_of_header(&mut self, block: &BlockEnd, dropped: usize) {
        let Some(part) = self.parts.last() else { return };
        if block.junk_lines > 0 {
            let detail = format!(
                "{} lines of the part's header are no fields and were passed over.",
                block.junk_lines
            );
            self.warnings.push(Warning::of_part("header-line-malformed", detail, &part.path));
        }
        if block.unindented_lines > 0 {
            let detail = "Parameters in the part's header stand on a line without a blank in \
                          front; mail programs may not find them.";
            self.warnings.push(Warning::of_part("header-fold-missing", detail, &part.path));
        }
        if dropped > 0 {
            let detail = format!("{dropped} fields beyond the limit were left out.");
            self.warnings.push(Warning::of_part("headers-truncated", detail, &part.path));
        }
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
            if matching_boundary(&self.open, &boundary) {
                self.warn_of_reuse(&path);
                self.reused.push(index);
            } else if self.unfinished.len() < self.limits.depth_max {
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

    /// RFC 2046 §5.1.2: an outer boundary is recognised at any level inside. A multipart that uses
    /// it again therefore stays empty, and its parts are those of the outer one.
    fn warn_of_reuse(&mut self, path: &str) {
        let detail = "The multipart uses the boundary of one around it; its parts are taken for \
                      parts of that one, and those behind the first closing boundary are lost.";
        self.warnings.push(Warning::of_part("boundary-reused", detail, path));
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

    /// Multiparts that are not whole. What is still open at the end was never closed.
    fn warn_of_boundaries(&mut self) {
        for (index, part) in (0_u32..).zip(&self.parts) {
            if !part.description.is_multipart() || self.reused.binary_search(&index).is_ok() {
                continue;
            }
            let (code, detail) = match (part.description.names_boundary, part.first_child) {
                (false, _) => (
                    "boundary-missing",
                    "The multipart names no boundary, so that its parts cannot be told apart.",
                ),
                (true, None) => (
                    "boundary-unused",
                    "The boundary that the multipart names never occurs: it has no parts.",
                ),
                _ => continue,
            };
            self.warnings.push(Warning::of_part(code, detail, &part.path));
        }
        self.warn_of_unclosed(0);
    }

    /// Multiparts from that level on that end without a closing boundary.
    fn warn_of_unclosed(&mut self, level: usize) {
        for open in self.open.iter().skip(level) {
            let part = &self.parts[open.part as usize];
            if part.first_child.is_some() {
                let detail = "The closing boundary is missing; the mail may have been cut off.";
                self.warnings.push(Warning::of_part("boundary-unclosed", detail, &part.path));
            }
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
/// `--abc` must not end where `--ab` is looked for. Behind the hyphens that close it, what can be
/// no part of a boundary is passed over.
fn matching(open: &[Open], line: &[u8]) -> Option<(usize, bool)> {
    let line = line.strip_prefix(b"--")?.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, open)| {
        let boundary = open.boundary.trim_ascii_end();
        match line.strip_prefix(boundary)? {
            b"" => Some((level, false)),
            [b'-', b'-'] => Some((level, true)),
            [b'-', b'-', junk, ..] if !is_boundary_byte(*junk) => Some((level, true)),
            _ => None,
        }
    })
}

/// RFC 2046 §5.1.1, `bcharsnospace`.
fn is_boundary_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte)
}

fn matching_boundary(open: &[Open], boundary: &[u8]) -> bool {
    open.iter().any(|open| open.boundary.trim_ascii_end() == boundary.trim_ascii_end())
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
        [rest @ .., b'\n' | b'\r'] => rest.len(),
        all => all.len(),
    }
}
