//! What in a mail satisfied a query: the link, the code, the groups of a regular expression.

use regex::Captures;

use crate::query::expression::Expression;
use crate::query::facts::Facts;
use crate::query::field::AddressField;
use crate::query::field::TextField;
use crate::query::pattern::Pattern;
use crate::query::term::AddressTest;
use crate::query::term::Term;
use crate::query::term::TextTest;

/// What satisfied one term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The term, as a query has it.
    pub term: String,
    /// What kind of thing was found.
    pub kind: FindingKind,
    /// The whole link or code, or else what the regular expression found.
    pub value: String,
    /// The groups of the regular expression from the first; None for one that took no part.
    pub groups: Vec<Option<String>>,
}

/// What kind of thing a term found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// A URL.
    Link,
    /// A one-time code.
    Code,
    /// A piece of any other field.
    Piece,
}

/// The findings of the terms that stand under no not and found something, in the order written.
pub(super) fn of_expression(
    expression: &Expression,
    facts: &(impl Facts + ?Sized),
) -> Vec<Finding> {
    let mut findings = Vec::new();
    expression.visit(false, &mut |term, negated| {
        if !negated {
            findings.extend(of_term(term, facts));
        }
    });
    findings
}

fn of_term(term: &Term, facts: &(impl Facts + ?Sized)) -> Option<Finding> {
    let (kind, value, groups) = match term {
        Term::Text(field, test) => in_texts(field, test, facts)?,
        Term::Address(field, AddressTest::Matches(pattern)) => {
            let (value, groups) = in_addresses(*field, pattern, facts)?;
            (FindingKind::Piece, value, groups)
        }
        _ => return None,
    };
    Some(Finding { term: term.to_string(), kind, value, groups })
}

fn in_texts(
    field: &TextField,
    test: &TextTest,
    facts: &(impl Facts + ?Sized),
) -> Option<(FindingKind, String, Vec<Option<String>>)> {
    let kind = match field {
        TextField::Link => FindingKind::Link,
        TextField::Code => FindingKind::Code,
        _ => FindingKind::Piece,
    };
    if kind == FindingKind::Piece && !matches!(test, TextTest::Matches(_)) {
        return None;
    }
    let text = field.parts().into_iter().find_map(|part| {
        let texts = facts.texts(part).known()?;
        texts.into_iter().find(|text| test.holds(part, text))
    })?;
    let captures = match test {
        TextTest::Matches(pattern) => pattern.captures(text.decoded()),
        _ => None,
    };
    let value = match (&captures, kind) {
        (Some(captures), FindingKind::Piece) => captures[0].to_owned(),
        _ => text.decoded().to_owned(),
    };
    Some((kind, value, captures.as_ref().map(groups).unwrap_or_default()))
}

fn in_addresses(
    field: AddressField,
    pattern: &Pattern,
    facts: &(impl Facts + ?Sized),
) -> Option<(String, Vec<Option<String>>)> {
    let captures = field.parts().iter().find_map(|part| {
        let addresses = facts.addresses(*part).known()?;
        addresses.iter().find_map(|address| {
            let in_name = || pattern.captures(address.name.as_ref()?.decoded());
            pattern.captures(address.address()).or_else(in_name)
        })
    })?;
    Some((captures[0].to_owned(), groups(&captures)))
}

fn groups(captures: &Captures<'_>) -> Vec<Option<String>> {
    captures.iter().skip(1).map(|group| group.map(|found| found.as_str().to_owned())).collect()
}
