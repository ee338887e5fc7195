//! Why a text is no query: where, and what was expected there.

use std::fmt;

/// A text that is no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The character the trouble starts at, counted from 1.
    pub column: usize,
    /// One or two plain sentences: what was expected there, and what was perhaps meant.
    pub detail: String,
}

impl QueryError {
    /// An error at the character of this index, counted from 0.
    pub(super) fn at(index: usize, detail: impl Into<String>) -> Self {
        Self { column: index + 1, detail: detail.into() }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.detail)
    }
}

impl std::error::Error for QueryError {}

/// A text as it may stand in an error: short, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let mut characters = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = characters.by_ref().take(EXCERPT_CHARS_MAX).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// Keeps a detail far below the 900 characters that test runners print.
const EXCERPT_CHARS_MAX: usize = 60;
