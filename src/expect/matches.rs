//! What in a mail satisfied a query.

use crate::query::Query;
use crate::query::findings::FindingKind;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;

/// What in a mail satisfied a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// What the first `link` term found; None without one.
    pub link: Option<String>,
    /// What the first `code` term found; None without one.
    pub code: Option<String>,
    /// What the groups of the regular expressions found, in the order of the query; None for one
    /// that took no part.
    pub groups: Vec<Option<String>>,
}

impl Match {
    /// Of a mail that matches.
    pub fn of(query: Option<&Query>, held: &Held) -> Self {
        let findings = query.map(|query| query.findings(&HeldFacts::new(held)));
        let findings = findings.unwrap_or_default();
        let first = |kind: FindingKind| {
            let mut of_kind = findings.iter().filter(|finding| finding.kind == kind);
            of_kind.next().map(|finding| finding.value.clone())
        };
        Self {
            link: first(FindingKind::Link),
            code: first(FindingKind::Code),
            groups: findings.iter().flat_map(|finding| finding.groups.clone()).collect(),
        }
    }
}
