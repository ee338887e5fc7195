//! The answer to a wait.

use serde::Serialize;
use serde_json::Value;
use serde_json::json;
use utoipa::ToSchema;

use crate::expect::Expectation;
use crate::expect::Outcome;
use crate::expect::explain::Explanation;
use crate::expect::explain::hints;
use crate::expect::explain::nearest;
use crate::expect::matches;
use crate::http::api::types::message::Message;
use crate::http::api::types::session::Session;
use crate::http::content;
use crate::store::Store;
use crate::store::cursor::Cursor;
use crate::store::entry::Held;

/// What was expected came true.
#[derive(Debug, Serialize, ToSchema)]
pub struct Expected {
    /// The newest of the mails, newest first.
    pub messages: Vec<Message>,
    /// What in each of them satisfied the query.
    pub matches: Vec<Match>,
    /// How many matched; left out where counting those held would take long.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matched: Option<usize>,
    /// Then at least so many did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matched_at_least: Option<usize>,
    /// A wait from here on misses nothing.
    pub cursor: String,
}

/// What in a mail satisfied a query.
#[derive(Debug, Serialize, ToSchema)]
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
            matched: (!outcome.has_more).then_some(outcome.matched),
            matched_at_least: outcome.has_more.then_some(outcome.matched),
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
        let matches::Match { link, code, groups } =
            matches::Match::of(expectation.selection.query.as_ref(), held);
        Self { id: held.entry.id.to_string(), link, code, groups }
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
    pub fn of(store: &Store, outcome: &Outcome, explanation: &Explanation) -> Self {
        let sessions = explanation.sessions.iter().map(|failed| Session::of(&failed.record));
        let sessions: Vec<Session> = sessions.collect();
        let detail = explanation.detail();
        let ids: Vec<String> = outcome.held.iter().map(|held| held.entry.id.to_string()).collect();
        let members = vec![
            ("expected", Value::from(explanation.expected.as_str())),
            (if outcome.has_more { "matched_at_least" } else { "matched" }, outcome.matched.into()),
            ("matching", ids.into()),
            ("seen", explanation.seen.into()),
            ("nearest", json!(explanation.nearest.iter().map(Nearest::of).collect::<Vec<_>>())),
            ("hints", json!(explanation.hints.iter().map(Hint::of).collect::<Vec<_>>())),
            ("sessions", json!(sessions)),
            ("cursor", store.cursor_at(outcome.number).to_string().into()),
        ];
        Self { detail, members }
    }
}

/// A mail that was not meant, but nearly.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nearest {
    /// Its id.
    pub id: String,
    /// Its subject; null when there is none.
    pub subject: Option<String>,
    /// Whom it is to, by its header, or else by its envelope.
    pub to: Vec<String>,
    /// What each term of the query says of it, in the order written.
    pub terms: Vec<TermAnswer>,
}

/// What a term of a query says of a mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermAnswer {
    /// The term, as a query has it.
    pub term: String,
    /// Whether the mail is as it asks.
    pub holds: bool,
    /// What the mail has there, shortened.
    pub had: Vec<String>,
    /// How many letters that is off, when it is that near; null otherwise.
    pub letters_off: Option<usize>,
}

impl Nearest {
    fn of(near: &nearest::Near) -> Self {
        let answer = |answer: &nearest::Answer| TermAnswer {
            term: answer.term.clone(),
            holds: answer.holds,
            had: answer.had.clone(),
            letters_off: answer.letters_off,
        };
        Self {
            id: near.mention.held.entry.id.to_string(),
            subject: near.mention.subject.clone(),
            to: near.mention.to.clone(),
            terms: near.answers.iter().map(answer).collect(),
        }
    }
}

/// A mistake that was probably made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hint {
    /// Which.
    pub code: &'static str,
    /// What to do about it, in a sentence.
    pub detail: String,
    /// The mail that shows it; null without one.
    pub id: Option<String>,
}

impl Hint {
    fn of(hint: &hints::Hint) -> Self {
        let id = hint.id.map(|id| id.to_string());
        Self { code: hint.code, detail: hint.detail.clone(), id }
    }
}
