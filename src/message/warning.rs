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

/// Warnings up to a number, and one more, which tells that there were more.
#[derive(Debug)]
pub(super) struct Warnings {
    pub kept: Vec<Warning>,
    count_max: usize,
}

impl Warnings {
    /// None yet, and no more than that to come.
    pub(super) fn up_to(count_max: usize) -> Self {
        Self { kept: Vec::new(), count_max }
    }

    /// Keeps a warning if there is room: a mail may give cause for millions.
    pub(super) fn push(&mut self, warning: Warning) {
        if self.kept.len() <= self.count_max {
            self.kept.push(warning);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_beyond_the_limit_are_not_even_kept() {
        for (count, kept) in [(1, 1), (2, 2), (3, 3), (4, 3)] {
            let mut warnings = Warnings::up_to(2);
            for _ in 0..count {
                warnings.push(Warning::new("nul-byte", ""));
            }
            assert_eq!(warnings.kept.len(), kept);
        }
    }
}
