//! Prints a query back as text that parses to the same query.

use std::fmt;

use crate::query::expression::Expression;
use crate::query::expression::Group;
use crate::query::field::NumberField;
use crate::query::lex;
use crate::query::term::AddressTest;
use crate::query::term::Comparison;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::query::term::TimeTest;
use crate::query::value;

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(group) => {
                print_joined(f, group, " ", |member| matches!(member, Self::Any(_)))
            }
            Self::Any(group) => print_joined(f, group, " OR ", |_| false),
            Self::Not(inside) => match inside.as_ref() {
                Self::Term(term) => write!(f, "-{term}"),
                other => write!(f, "-({other})"),
            },
            Self::Term(term) => term.fmt(f),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anywhere(needle) if lex::is_bare_word(needle.text()) => {
                f.write_str(needle.text())
            }
            Self::Anywhere(needle) => print_quoted(f, needle.text()),
            Self::Text(field, test) => {
                field.fmt(f)?;
                match test {
                    TextTest::Contains(needle) => print_value(f, ":", needle.text()),
                    TextTest::Equals(whole) => print_value(f, "=", whole.text()),
                    TextTest::Matches(pattern) => write!(f, "~/{}/", pattern.source()),
                }
            }
            Self::Address(field, test) => {
                field.fmt(f)?;
                match test {
                    AddressTest::Mailbox(needle, _)
                    | AddressTest::Domain(needle, _)
                    | AddressTest::Contains(needle) => print_value(f, ":", needle.text()),
                    AddressTest::Equals(whole) => print_value(f, "=", whole.text()),
                    AddressTest::Matches(pattern) => write!(f, "~/{}/", pattern.source()),
                }
            }
            Self::Number(field, comparison, number) => {
                field.fmt(f)?;
                comparison.fmt(f)?;
                match field {
                    NumberField::Size => f.write_str(&value::print_size(*number)),
                    NumberField::Attachments => number.fmt(f),
                }
            }
            Self::Time(TimeTest::After(at)) => write!(f, "after:{}", value::print_timestamp(*at)),
            Self::Time(TimeTest::Before(at)) => write!(f, "before:{}", value::print_timestamp(*at)),
            Self::Time(TimeTest::Newer(age)) => write!(f, "newer:{}", value::print_duration(*age)),
            Self::Time(TimeTest::Older(age)) => write!(f, "older:{}", value::print_duration(*age)),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
        })
    }
}

fn print_joined(
    f: &mut fmt::Formatter<'_>,
    group: &Group,
    joint: &str,
    needs_brackets: fn(&Expression) -> bool,
) -> fmt::Result {
    for (index, member) in group.members().iter().enumerate() {
        if index > 0 {
            f.write_str(joint)?;
        }
        if needs_brackets(member) {
            write!(f, "({member})")?;
        } else {
            fmt::Display::fmt(member, f)?;
        }
    }
    Ok(())
}

fn print_value(f: &mut fmt::Formatter<'_>, operator: &str, text: &str) -> fmt::Result {
    f.write_str(operator)?;
    if lex::is_bare_value(text) { f.write_str(text) } else { print_quoted(f, text) }
}

fn print_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "\"{}\"", text.replace('\\', r"\\").replace('"', r#"\""#))
}
