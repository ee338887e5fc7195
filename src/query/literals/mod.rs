//! Letters that no match of a regular expression can do without, as folded text shows them.
//!
//! What is claimed here decides which mails are not even looked at: when in doubt, nothing is
//! claimed.

use std::mem;

use regex_syntax::hir::Class;
use regex_syntax::hir::Hir;
use regex_syntax::hir::HirKind;
use regex_syntax::hir::Repetition;

use crate::query::fold;

/// Texts of which at least one is inside [`fold::fold`] of any text the expression matches; None
/// when nothing can be told. The depth of the recursion is that of the expression, which its
/// parser bounds.
pub(super) fn required(hir: &Hir) -> Option<Vec<String>> {
    of_node(hir).into_literals()
}

/// What every match of a part of an expression contains.
enum Required {
    /// One of these letters after the other, and nothing else.
    Run(Vec<Unit>),
    /// One of these literals somewhere inside, if anything is known.
    Literals(Option<Vec<String>>),
}

/// A character of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Folded, it is this character.
    Ascii(char),
    /// Something that can join no letter before it: a blank, or another ASCII character.
    Apart,
    /// Any other character, among them the marks that join the letter before them.
    Other,
}

impl Required {
    /// Nothing is known.
    const NOTHING: Self = Self::Literals(None);

    fn into_literals(self) -> Option<Vec<String>> {
        match self {
            Self::Run(run) => literal(&run).map(|literal| vec![literal]),
            Self::Literals(literals) => literals,
        }
    }
}

fn of_node(hir: &Hir) -> Required {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Required::Run(Vec::new()),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Required::Run(text.chars().map(unit).collect()),
            Err(_) => Required::NOTHING,
        },
        HirKind::Class(class) => Required::Run(vec![of_class(class)]),
        HirKind::Repetition(repetition) => of_repetition(repetition),
        HirKind::Capture(capture) => of_node(&capture.sub),
        HirKind::Concat(parts) => of_concatenation(parts),
        HirKind::Alternation(branches) => of_alternation(branches),
    }
}

fn of_concatenation(parts: &[Hir]) -> Required {
    let mut best = None;
    let mut run = Vec::new();
    let mut is_run = true;
    for part in parts {
        match of_node(part) {
            Required::Run(more) => run.extend(more),
            Required::Literals(literals) => {
                is_run = false;
                let before = Required::Run(mem::take(&mut run)).into_literals();
                best = better(better(best, before), literals);
            }
        }
    }
    if is_run {
        return Required::Run(run);
    }
    Required::Literals(better(best, Required::Run(run).into_literals()))
}

/// A match goes through one of the branches: each has to give something.
fn of_alternation(branches: &[Hir]) -> Required {
    let mut union: Vec<String> = Vec::new();
    for branch in branches {
        let Some(literals) = of_node(branch).into_literals() else { return Required::NOTHING };
        union.extend(literals);
        union.sort_unstable();
        union.dedup();
        if union.len() > LITERALS_MAX {
            return Required::NOTHING;
        }
    }
    Required::Literals(Some(union))
}

fn of_repetition(repetition: &Repetition) -> Required {
    if repetition.min == 0 {
        return Required::NOTHING;
    }
    let run = match of_node(&repetition.sub) {
        Required::Run(run) => run,
        literals @ Required::Literals(_) => return literals,
    };
    // However many blanks there are, they stand apart from what is around them.
    if run == [Unit::Apart] {
        return Required::Run(run);
    }
    let times = repetition.min as usize;
    if repetition.max == Some(repetition.min) && times.saturating_mul(run.len()) <= UNROLLED_MAX {
        return Required::Run(run.repeat(times));
    }
    Required::Literals(Required::Run(run).into_literals())
}

/// What every member of a class is when it is folded, as with `[sSſ]`, which `(?i)s` becomes.
fn of_class(class: &Class) -> Unit {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => class.iter().map(|r| (r.start().into(), r.end().into())).collect(),
    };
    let is_ascii = !ranges.is_empty() && ranges.iter().all(|(_, last)| last.is_ascii());
    let members = ranges.into_iter().flat_map(|(first, last)| first..=last);
    let members: Vec<char> = members.take(MEMBERS_MAX + 1).collect();
    let otherwise = if is_ascii { Unit::Apart } else { Unit::Other };
    let Some(first) = members.first().map(|member| unit(*member)) else { return otherwise };
    let is_one = members.len() <= MEMBERS_MAX && members.iter().all(|m| unit(*m) == first);
    if is_one { first } else { otherwise }
}

/// Folding looks at one character at a time, but for white space and for the marks behind it.
fn unit(character: char) -> Unit {
    if character.is_whitespace() {
        return Unit::Apart;
    }
    let folded = fold::fold(character.encode_utf8(&mut [0; 4]));
    let mut folded = folded.chars();
    match (folded.next(), folded.next()) {
        (Some(only), None) if only.is_ascii() => Unit::Ascii(only),
        _ => Unit::Other,
    }
}

/// The longest piece of a run that is found in folded text as it is.
fn literal(run: &[Unit]) -> Option<String> {
    let mut longest = String::new();
    let mut piece = String::new();
    // Behind the run may come anything.
    for unit in run.iter().chain([&Unit::Other]) {
        match unit {
            Unit::Ascii(character) => {
                piece.push(*character);
                continue;
            }
            Unit::Other if piece.ends_with(joins_marks) => _ = piece.pop(),
            Unit::Apart | Unit::Other => {}
        }
        if piece.len() > longest.len() {
            mem::swap(&mut piece, &mut longest);
        }
        piece.clear();
    }
    Some(longest).filter(|literal| !literal.is_empty())
}

/// Whether a mark behind this ASCII character may join it to one of another kind: `e` and U+0301
/// are `é` in folded text, `=` and U+0338 are `≠`. Those are the only ASCII characters that
/// canonical compositions begin with.
const fn joins_marks(character: char) -> bool {
    character.is_ascii_alphabetic() || matches!(character, '<' | '=' | '>')
}

/// The set whose shortest literal is longest, as it leaves the fewest mails to look at.
fn better(one: Option<Vec<String>>, other: Option<Vec<String>>) -> Option<Vec<String>> {
    let rank = |literals: &Vec<String>| {
        let shortest = literals.iter().map(String::len).min().unwrap_or_default();
        (shortest, usize::MAX - literals.len())
    };
    match (one, other) {
        (Some(one), Some(other)) => Some(if rank(&other) > rank(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// The literals of an alternation: looking for more costs more than it spares.
const LITERALS_MAX: usize = 16;

/// The characters of a counted repetition that is written out, as in `(ab){3}`.
const UNROLLED_MAX: usize = 64;

/// The members of a class that are looked at one by one; `\s` has 25.
const MEMBERS_MAX: usize = 32;

#[cfg(test)]
mod tests;
