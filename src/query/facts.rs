//! What a query can ask about a mail, and answers that are not known yet.
//!
//! A held mail knows every answer; a stage of an SMTP session knows those that were said so far.

use std::sync::OnceLock;

use jiff::Timestamp;

use crate::query::address::Address;
use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::fold;
use crate::query::term::Needle;

/// An answer, or that it cannot be given yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// The answer.
    Known(T),
    /// The mail has not got so far.
    NotYet,
}

/// What is known about a mail. Each answer should be computed when it is first asked for, once.
///
/// `AddressField::Any` and `TextField::Body` are never asked: the fields they stand for are.
pub trait Facts {
    /// The texts of a field, decoded; none when the mail has no such thing.
    fn texts(&self, field: &TextField) -> Known<Vec<&Text>>;
    /// Whether a text of this field may contain words, as far as that takes less to tell than the
    /// text itself.
    fn may_contain(&self, _field: &TextField, _needle: &Needle) -> bool {
        true
    }
    /// The addresses of a field, in order.
    fn addresses(&self, field: AddressField) -> Known<&[Address]>;
    /// A number.
    fn number(&self, field: NumberField) -> Known<u64>;
    /// What the mail is or has.
    fn flag(&self, flag: Flag) -> Known<bool>;
    /// When its end was read.
    fn received_at(&self) -> Known<Timestamp>;
}

/// A decoded text that is folded when a search first looks at it.
#[derive(Clone, Debug, Default)]
pub struct Text {
    decoded: String,
    folded: OnceLock<String>,
}

impl Text {
    /// The first [`TEXT_BYTES_MAX`] bytes of a decoded text: what lies behind is not searched.
    pub fn new(mut decoded: String) -> Self {
        decoded.truncate(beginning(&decoded).len());
        Self { decoded, folded: OnceLock::new() }
    }

    /// The text as it is: what regular expressions see.
    pub fn decoded(&self) -> &str {
        &self.decoded
    }

    /// The text as searches see it.
    pub fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold::fold(&self.decoded))
    }
}

impl<T> Known<T> {
    /// The answer made into another.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Known(value) => Known::Known(change(value)),
            Self::NotYet => Known::NotYet,
        }
    }

    /// The answer, if there is one.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotYet => None,
        }
    }
}

impl Known<bool> {
    /// Whether each answer is yes: one no settles it, however little is known of the others.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        Self::settle(answers, false)
    }

    /// Whether one answer is yes.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        Self::settle(answers, true)
    }

    fn settle(answers: impl IntoIterator<Item = Self>, settling: bool) -> Self {
        let mut outcome = Self::Known(!settling);
        for answer in answers {
            match answer {
                Self::Known(value) if value == settling => return answer,
                Self::Known(_) => {}
                Self::NotYet => outcome = Self::NotYet,
            }
        }
        outcome
    }
}

/// The first [`TEXT_BYTES_MAX`] bytes of a text, ending with a whole character.
pub fn beginning(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Truncates: how much of each text is searched, 1 MiB as the page of the language says.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_settles_outweighs_those_not_known_yet() {
        let (yes, no, open) = (Known::Known(true), Known::Known(false), Known::NotYet);
        assert_eq!(Known::all([open, no]), no);
        assert_eq!(Known::all([yes, open]), open);
        assert_eq!(Known::all([yes, yes]), yes);
        assert_eq!(Known::all([]), yes);
        assert_eq!(Known::any([open, yes]), yes);
        assert_eq!(Known::any([no, open]), open);
        assert_eq!(Known::any([]), no);
    }

    #[test]
    fn a_text_is_searched_up_to_its_limit() {
        for (length, kept) in [
            (TEXT_BYTES_MAX - 1, TEXT_BYTES_MAX - 1),
            (TEXT_BYTES_MAX, TEXT_BYTES_MAX),
            (TEXT_BYTES_MAX + 1, TEXT_BYTES_MAX),
        ] {
            assert_eq!(Text::new("a".repeat(length)).decoded().len(), kept);
        }
        let accented = Text::new(format!("a{}", "é".repeat(TEXT_BYTES_MAX / 2)));
        assert_eq!(accented.decoded().len(), TEXT_BYTES_MAX - 1);
    }
}
