//! Why a wait brought no mail: what a failed test prints.

use std::error::Error;
use std::fmt;

use crate::expect::explain::Explanation;
use crate::query::error::QueryError;
use crate::store::cursor::CursorError;

/// Why what was expected did not come true.
///
/// Its `Display` says it in a sentence or two and then lays out what came instead: the nearest
/// mails, the likely mistakes, the SMTP sessions that failed. `Debug` is the same, because that is
/// what `unwrap` and tests that return a `Result` print.
pub struct ExpectError(Box<Reason>);

pub(super) enum Reason {
    /// A text is no query.
    Query { name: &'static str, text: String, error: QueryError },
    /// What was asked for makes no sense.
    Misuse(&'static str),
    /// The cursor is of another catcher.
    Cursor(CursorError),
    /// It did not come true.
    Unmet(Explanation),
    /// The catcher is gone.
    Stopped,
}

impl ExpectError {
    /// Why it did not come true, in pieces. None when it was not even waited for: a text that is
    /// no query, a cursor of another catcher.
    pub fn explanation(&self) -> Option<&Explanation> {
        match &*self.0 {
            Reason::Unmet(explanation) => Some(explanation),
            _ => None,
        }
    }
}

impl From<Reason> for ExpectError {
    fn from(reason: Reason) -> Self {
        Self(Box::new(reason))
    }
}

impl fmt::Display for ExpectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Reason::Query { name, text, error } => {
                write!(f, "{name}, {error}")?;
                point_at(f, text, error.column)
            }
            Reason::Misuse(what) => f.write_str(what),
            Reason::Cursor(_) => f.write_str(
                "the cursor is of another catcher: take one from this catcher's cursor() before \
                 the application sends",
            ),
            Reason::Unmet(explanation) => explanation.fmt(f),
            Reason::Stopped => f.write_str("the catcher was dropped while this waited for mail"),
        }
    }
}

impl fmt::Debug for ExpectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ExpectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.0 {
            Reason::Query { error, .. } => Some(error),
            Reason::Cursor(error) => Some(error),
            Reason::Misuse(_) | Reason::Unmet(_) | Reason::Stopped => None,
        }
    }
}

/// The text, and below it the column.
fn point_at(f: &mut fmt::Formatter<'_>, text: &str, column: usize) -> fmt::Result {
    if text.chars().nth(SHOWN_CHARS_MAX).is_some() || text.contains(char::is_control) {
        return Ok(());
    }
    write!(f, "\n  {text}\n  {:>column$}", "^")
}

/// A longer text would be broken, and the mark below it be anywhere.
const SHOWN_CHARS_MAX: usize = 100;
