//! The answer to a wait.

use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::expect::Expectation;
use crate::expect::Outcome;
use crate::expect::explain::Explanation;
use crate::http::api::types::message::Message;
use crate::http::api::types::session::Session;
use crate::http::content;
use crate::query::findings::FindingKind;
use crate::store::Store;
use crate::store::cursor::Cursor;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;

/// What was expected came true.
#[derive(Debug, Serialize)]
pub struct Expected {
    /// The newest of the mails, newest first.
    pub messages: Vec<Message>,
    /// What in each of them satisfied the query.
    pub matches: Vec<Match>,
    /// How many matched.
    pub matched: usize,
    /// A wait from here on misses nothing.
    pub cursor: String,
}

/// What in a mail satisfied a query.
#[derive(Debug, Serialize)]
pub struct Match {
    /// The mail.
    pub id: String,
    /// What the first `link` term found; null without one.
    pub link: Option<String>,
    /// What the first `code` term found; null without one.
    pub code: Option<String>,
    /// What the groups of the regular expressions found, in order; null for one that took no part.
    pub groups: Vec<Option<String>>,
}

impl Expected {
    /// Of an outcome.
    pub fn of(
        expectation: &Expectation,
        outcome: &Outcome,
        cursor: Cursor,
        base_path: &str,
    ) -> Self {
        Self {
            messages: outcome.held.iter().map(|held| Message::of(held, base_path)).collect(),
            matches: outcome.held.iter().map(|held| Match::of(expectation, held)).collect(),
            matched: outcome.matched,
            cursor: cursor.to_string(),
        }
    }

    /// Its JSON.
    pub fn to_json(&self) -> Vec<u8> {
        content::to_json(self)
    }
}

impl Match {
    fn of(expectation: &Expectation, held: &Held) -> Self {
        let query = expectation.selection.query.as_ref();
        let findings = query.map(|query| query.findings(&HeldFacts::new(held)));
        let findings = findings.unwrap_or_default();
        let first = |kind: FindingKind| {
            findings.iter().find(|finding| finding.kind == kind).map(|f| f.value.clone())
        };
        Self {
            id: held.entry.id.to_string(),
            link: first(FindingKind::Link),
            code: first(FindingKind::Code),
            groups: findings.iter().flat_map(|finding| finding.groups.clone()).collect(),
        }
    }
}

/// What was expected did not come true: a refusal's detail and further members.
#[derive(Debug)]
pub struct Failure {
    /// For the person who reads it.
    pub detail: String,
    /// For programs, and for who wants to know more.
    pub members: Vec<(&'static str, Value)>,
}

impl Failure {
    /// Of an outcome and why it was none.
    pub fn of(
        store: &Store,
        expectation: &Expectation,
        outcome: &Outcome,
        explanation: Explanation,
    ) -> Self {
        let sessions = failed_sessions(store, expectation);
        let mut detail = explanation.detail;
        if let Some(error) = sessions.iter().find_map(|session| session.last_error.as_ref()) {
            let at = error.at.get(11..19).unwrap_or_default();
            let reply: String = error.reply.chars().take(REPLY_CHARS_SHOWN).collect();
            detail.push_str(&format!(" An SMTP session failed: \"{}\" at {at}.", reply.trim_end()));
        }
        let ids: Vec<String> = outcome.held.iter().map(|held| held.entry.id.to_string()).collect();
        let members = vec![
            ("expected", Value::from(explanation.expected)),
            ("matched", outcome.matched.into()),
            ("matching", ids.into()),
            ("seen", explanation.seen.into()),
            ("sessions", json!(sessions)),
            ("cursor", store.cursor_at(outcome.number).to_string().into()),
        ];
        Self { detail, members }
    }
}

/// The sessions that failed since the cursor, newest first. Without one, none is known to concern
/// this wait.
fn failed_sessions(store: &Store, expectation: &Expectation) -> Vec<Session> {
    let Some(since) = expectation.since else { return Vec::new() };
    let records = store.sessions().newest_first().into_iter();
    let failed = records
        .filter(|record| (record.ended() == 0 || record.ended() > since) && record.has_failed());
    failed.take(SESSIONS_MAX).map(|record| Session::of(&record)).collect()
}

const SESSIONS_MAX: usize = 5;
const REPLY_CHARS_SHOWN: usize = 80;
