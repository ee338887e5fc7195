//! A query prepared once, to be put to one chunk after the other.

use crate::query::expression::Expression;
use crate::query::fold;
use crate::query::pattern::Pattern;
use crate::query::term::AddressTest;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::store::search::probe::Probe;

/// An expression with what its terms are looked for by, the cheap members first.
#[derive(Debug)]
pub(super) enum Plan {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Leaf(Box<Leaf>),
}

/// A term and what is looked for in its stead.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) term: Term,
    pub(super) evidence: Evidence,
}

/// What can be looked for instead of asking a term.
#[derive(Debug)]
pub(super) enum Evidence {
    /// The term holds where this is found, and nowhere else.
    Proof(Box<Probe>),
    /// The term holds at most where one of these is found.
    Hints(Vec<Probe>),
    /// Nothing.
    None,
}

impl Plan {
    pub(super) fn of(expression: &Expression) -> Self {
        match expression {
            Expression::All(group) => Self::All(group.cheap_first().map(Self::of).collect()),
            Expression::Any(group) => Self::Any(group.cheap_first().map(Self::of).collect()),
            Expression::Not(inside) => Self::Not(Box::new(Self::of(inside))),
            Expression::Term(term) => {
                let evidence = Evidence::of(term);
                Self::Leaf(Box::new(Leaf { term: Term::clone(term), evidence }))
            }
        }
    }
}

impl Evidence {
    fn of(term: &Term) -> Self {
        match term {
            Term::Anywhere(needle)
            | Term::Text(_, TextTest::Contains(needle))
            | Term::Address(_, AddressTest::Contains(needle)) => {
                Self::proof(&String::from_utf8_lossy(needle.folded()))
            }
            Term::Text(_, TextTest::Equals(whole)) if !whole.compared().is_empty() => {
                Self::Hints(vec![Probe::new(&fold::fold(whole.compared()))])
            }
            Term::Text(_, TextTest::Matches(pattern))
            | Term::Address(_, AddressTest::Matches(pattern)) => Self::literals(pattern),
            _ => Self::None,
        }
    }

    /// What folds to nothing is everywhere.
    fn proof(folded: &str) -> Self {
        if folded.is_empty() { Self::None } else { Self::Proof(Box::new(Probe::new(folded))) }
    }

    fn literals(pattern: &Pattern) -> Self {
        match pattern.literals() {
            Some(literals) => Self::Hints(literals.iter().map(|l| Probe::new(l)).collect()),
            None => Self::None,
        }
    }

    /// What to look for; none when there is nothing.
    pub(super) fn probes(&self) -> Option<&[Probe]> {
        match self {
            Self::Proof(probe) => Some(std::slice::from_ref(probe)),
            Self::Hints(probes) => Some(probes),
            Self::None => None,
        }
    }

    /// Whether finding it settles the matter.
    pub(super) const fn is_proof(&self) -> bool {
        matches!(self, Self::Proof(_))
    }
}
