//! Terms put together with and, or and not.

use crate::query::field::Needs;
use crate::query::term::Term;

/// A query as a tree, never deeper than its brackets went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Every member holds; without members, everything does.
    All(Group),
    /// At least one member holds.
    Any(Group),
    /// The member does not hold.
    Not(Box<Self>),
    /// A term.
    Term(Box<Term>),
}

/// Expressions side by side, in the order they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    members: Vec<Expression>,
    /// Indices of the members, those that need the least first.
    cheap_first: Vec<usize>,
}

impl Expression {
    /// What every mail matches.
    pub(super) const fn everything() -> Self {
        Self::All(Group { members: Vec::new(), cheap_first: Vec::new() })
    }

    /// All of the members; groups of the same kind are taken apart.
    pub(super) fn all(members: Vec<Self>) -> Self {
        Self::joined(members, Self::All, |member| match member {
            Self::All(group) => Ok(group),
            other => Err(other),
        })
    }

    /// Any of the members; groups of the same kind are taken apart.
    pub(super) fn any(members: Vec<Self>) -> Self {
        Self::joined(members, Self::Any, |member| match member {
            Self::Any(group) => Ok(group),
            other => Err(other),
        })
    }

    /// What has to be known to answer in any case.
    pub fn needs(&self) -> Needs {
        match self {
            Self::All(group) | Self::Any(group) => {
                group.members.iter().map(Self::needs).max().unwrap_or(Needs::Marks)
            }
            Self::Not(inside) => inside.needs(),
            Self::Term(term) => term.needs(),
        }
    }

    /// Calls `visit` with each term and whether it stands under a not, in the order written.
    pub(super) fn visit<'a>(&'a self, negated: bool, visit: &mut impl FnMut(&'a Term, bool)) {
        match self {
            Self::All(group) | Self::Any(group) => {
                group.members.iter().for_each(|member| member.visit(negated, visit));
            }
            Self::Not(inside) => inside.visit(!negated, visit),
            Self::Term(term) => visit(term, negated),
        }
    }

    fn joined(
        members: Vec<Self>,
        join: fn(Group) -> Self,
        apart: fn(Self) -> Result<Group, Self>,
    ) -> Self {
        let mut flat = Vec::with_capacity(members.len());
        for member in members {
            match apart(member) {
                Ok(group) => flat.extend(group.members),
                Err(other) => flat.push(other),
            }
        }
        match <[Self; 1]>::try_from(flat) {
            Ok([only]) => only,
            Err(members) => join(Group::new(members)),
        }
    }
}

impl Group {
    fn new(members: Vec<Expression>) -> Self {
        let mut cheap_first: Vec<usize> = (0..members.len()).collect();
        cheap_first.sort_by_key(|index| members[*index].needs());
        Self { members, cheap_first }
    }

    /// The members in the order they were written.
    pub fn members(&self) -> &[Expression] {
        &self.members
    }

    /// The members, those that need the least first.
    pub fn cheap_first(&self) -> impl Iterator<Item = &Expression> {
        self.cheap_first.iter().map(|index| &self.members[*index])
    }
}
