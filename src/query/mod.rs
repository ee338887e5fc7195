//! The one search and assertion language: of searches, waits, events and fault rules.
//!
//! Pure: knows neither the store nor a clock. `docs/query.md` is its grammar for people. In reading
//! order: [`field`] what can be named; `lex`, `operand` and `parse` from text to [`term`] and
//! [`expression`], `print` back; [`facts`] what a mail can be asked, `matches` the answer.

pub mod address;
pub mod error;
pub mod expression;
pub mod facts;
pub mod field;
pub mod findings;
pub mod fold;
mod lex;
mod literals;
mod matches;
mod operand;
mod parse;
pub mod pattern;
mod print;
mod suggest;
pub mod term;
mod value;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::query::error::QueryError;
use crate::query::expression::Expression;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::field::AddressField;
use crate::query::field::Needs;
use crate::query::field::TextField;
use crate::query::findings::Finding;
use crate::query::term::AddressTest;
use crate::query::term::Needle;
use crate::query::term::Term;
use crate::query::term::TextTest;

/// A question about mails, made by [`parse`]. Its `Display` is text that parses to the same query,
/// as long as it is within the limits of the language.
///
/// ```
/// let query = restante::query::parse("to:bob@x.test subject:Welcome !is:read")?;
/// assert_eq!(query.to_string(), "to:bob@x.test subject:Welcome -is:read");
///
/// let error = restante::query::parse("subjct:Welcome").unwrap_err();
/// assert_eq!(error.column, 1);
/// assert!(error.detail.contains("Did you mean \"subject\"?"));
/// # Ok::<(), restante::query::error::QueryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    expression: Expression,
}

/// A field that may be given beside a query, its value taken whole and without syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeField {
    /// As `to:`.
    To,
    /// As `from:`.
    From,
    /// As `rcpt:`.
    Rcpt,
    /// As `subject:`.
    Subject,
    /// As `text:`.
    Text,
}

/// Reads a query. A blank text is the query that every mail matches.
///
/// # Errors
/// When it is none: where, and what was expected there.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    parse::expression(text).map(|expression| Query { expression })
}

impl Query {
    /// What every mail matches.
    pub const fn everything() -> Self {
        Self { expression: Expression::everything() }
    }

    /// Whether it was made of nothing, so that every mail matches.
    pub fn is_everything(&self) -> bool {
        self.expression == Expression::everything()
    }

    /// Both this and the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { expression: Expression::all(vec![self.expression, other.expression]) }
    }

    /// The term of a field, with a value in which nothing is syntax.
    ///
    /// # Errors
    /// When the value is blank or too long to be looked for; the column is that of the value.
    pub fn term(field: WholeField, value: &str) -> Result<Self, QueryError> {
        let is_address = matches!(field, WholeField::To | WholeField::From | WholeField::Rcpt);
        let bare = if is_address { address::without_brackets(value) } else { value };
        if bare.trim().is_empty() {
            let detail = format!("\"{}\" needs a value that is not blank.", field.name());
            return Err(QueryError::at(0, detail));
        }
        if value.chars().nth(lex::CHARS_MAX).is_some() {
            return Err(QueryError::at(lex::CHARS_MAX, lex::TOO_LONG));
        }
        let value = value.to_owned();
        let term = match field {
            WholeField::To => Term::Address(AddressField::To, AddressTest::about(value)),
            WholeField::From => Term::Address(AddressField::From, AddressTest::about(value)),
            WholeField::Rcpt => Term::Address(AddressField::Rcpt, AddressTest::about(value)),
            WholeField::Subject => {
                Term::Text(TextField::Subject, TextTest::Contains(Needle::new(value)))
            }
            WholeField::Text => Term::Text(TextField::Text, TextTest::Contains(Needle::new(value))),
        };
        Ok(Self { expression: Expression::Term(Box::new(term)) })
    }

    /// What has to be known of a mail to answer in any case.
    pub fn needs(&self) -> Needs {
        self.expression.needs()
    }

    /// Whether a mail matches. What is not known yet is no match; see [`Query::verdict`].
    pub fn matches(&self, mail: &(impl Facts + ?Sized), now: Timestamp) -> bool {
        self.verdict(mail, now) == Known::Known(true)
    }

    /// Whether a mail matches, or that this cannot be told yet.
    pub fn verdict(&self, mail: &(impl Facts + ?Sized), now: Timestamp) -> Known<bool> {
        self.expression.verdict(mail, now)
    }

    /// What in a matching mail satisfied `link:`, `code:` and regular expressions, with the groups.
    pub fn findings(&self, mail: &(impl Facts + ?Sized)) -> Vec<Finding> {
        findings::of_expression(&self.expression, mail)
    }

    /// Whether the answer depends on the clock, as with `newer:`: refused in waits and events.
    pub fn asks_time(&self) -> bool {
        self.terms().iter().any(|(term, _)| term.asks_time())
    }

    /// Whether the answer may change while a mail is held, as with `is:` and `tag:`.
    pub fn asks_marks(&self) -> bool {
        self.terms().iter().any(|(term, _)| term.asks_marks())
    }

    /// Each term in the order written, and whether it stands under a not.
    pub fn terms(&self) -> Vec<(&Term, bool)> {
        let mut terms = Vec::new();
        self.expression.visit(false, &mut |term, negated| terms.push((term, negated)));
        terms
    }

    /// How the terms are put together.
    pub const fn expression(&self) -> &Expression {
        &self.expression
    }
}

/// The characters that a query, or a value taken whole, may have.
pub const CHARS_MAX: usize = lex::CHARS_MAX;

impl WholeField {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::To, Self::From, Self::Rcpt, Self::Subject, Self::Text];

    /// The parameter's name, which is the field's too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::From => "from",
            Self::Rcpt => "rcpt",
            Self::Subject => "subject",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        parse(text)
    }
}

#[cfg(test)]
mod tests;
