//! Regular expressions: linear in the text, bounded in size, wrong ones explained at their column.

use regex::Captures;
use regex::Regex;
use regex::RegexBuilder;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;
use regex_syntax::hir::HirKind;

use crate::query::error::QueryError;
use crate::query::literals;

/// A regular expression as written between the slashes.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    regex: Regex,
    literals: Option<Vec<String>>,
}

impl Pattern {
    /// Compiles what stands between the slashes, the first character being the one of this index.
    pub(super) fn new(source: String, index: usize) -> Result<Self, QueryError> {
        let syntax = ParserBuilder::new().nest_limit(NESTING_DEPTH_MAX).build().parse(&source);
        let hir = syntax.map_err(|error| {
            let (offset, why) = explained(&error);
            let characters = source.get(..offset).map_or(0, |before| before.chars().count());
            let detail = format!("This regular expression is not understood here: {why}.");
            QueryError::at(index + characters, detail)
        })?;
        if positions(&hir) > POSITIONS_MAX {
            return Err(QueryError::at(index, TOO_LARGE));
        }
        let regex = RegexBuilder::new(&source)
            .nest_limit(NESTING_DEPTH_MAX)
            .size_limit(COMPILED_BYTES_MAX)
            .dfa_size_limit(CACHE_BYTES_MAX)
            .build();
        match regex {
            Ok(regex) => Ok(Self { literals: literals::required(&hir), source, regex }),
            Err(_) => Err(QueryError::at(index, TOO_LARGE)),
        }
    }

    /// What stands between the slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is found anywhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Texts of which at least one is inside `fold(text)` of every text it is found in, each of a
    /// byte or more; None when nothing can be told. An address that is folded with its domain in
    /// Unicode is no such text: the expression sees the address as it came.
    pub fn literals(&self) -> Option<&[String]> {
        self.literals.as_deref()
    }

    /// Where it is found first, and its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex.captures(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

/// The byte a regular expression goes wrong at, and why.
fn explained(error: &regex_syntax::Error) -> (usize, String) {
    match error {
        regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
        regex_syntax::Error::Translate(error) => {
            (error.span().start.offset, error.kind().to_string())
        }
        other => (0, other.to_string()),
    }
}

/// How many characters it has when each counted repetition is written out. At each character of a
/// text, as many places of the expression may have to be looked at.
fn positions(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Capture(capture) => positions(&capture.sub),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            positions(&repetition.sub).saturating_mul(times as usize)
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(positions).fold(0, usize::saturating_add)
        }
    }
}

/// Keeps the worst of them below 6 seconds for a text of 1 MiB.
const POSITIONS_MAX: usize = 1_000;

/// Enough for `\w{20,64}` in any script, which is compiled in about 15 ms.
const COMPILED_BYTES_MAX: usize = 4 << 20;

/// What the lazily built automaton may take beside.
const CACHE_BYTES_MAX: usize = 2 << 20;

/// The groups within groups.
const NESTING_DEPTH_MAX: u32 = 32;

const TOO_LARGE: &str = "This regular expression grows too large. Smaller counted repetitions, or \
    [0-9] and [a-z] in place of \\d and \\w, make it fit.";
