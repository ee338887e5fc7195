//! What was odd about a mail: damage that was worked around, and guesses that were made.

use std::fmt;

/// One thing that is wrong with a mail, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A stable name, such as `boundary-missing`.
    pub code: &'static str,
    /// The same in words, with what a mail program may do.
    pub detail: String,
    /// The path of the part it is about; None for the header of the mail.
    pub part: Option<String>,
}

impl Warning {
    /// A warning about the mail itself.
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), part: None }
    }

    /// A warning about a part.
    pub(super) fn of_part(code: &'static str, detail: impl Into<String>, path: &str) -> Self {
        Self { code, detail: detail.into(), part: Some(path.to_owned()) }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{} (part {part}): {}", self.code, self.detail),
            None => write!(f, "{}: {}", self.code, self.detail),
        }
    }
}
