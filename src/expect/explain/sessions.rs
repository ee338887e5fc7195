//! The SMTP sessions that failed: often the mail that did not come was in one of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::dialogue::record::Record;
use crate::dialogue::transcript::Speaker;
use crate::expect::Expectation;
use crate::expect::explain::hints::Hint;
use crate::expect::explain::words::shorten;
use crate::store::Store;

/// A session that failed. Its `Display` is a sentence for the person who reads it.
#[derive(Clone, Debug)]
pub struct FailedSession {
    /// The session.
    pub record: Arc<Record>,
    /// When its last refusal was, or its end.
    pub at: Timestamp,
    /// The command that was refused last; empty where the refusal answers none.
    pub command: String,
    /// The refusal, or else what is noted of the end: shortened.
    pub reason: String,
}

/// The newest that failed since the cursor. Without one, since shortly before the wait: of those
/// before that, none is known to concern it.
pub(super) fn failed(store: &Store, expectation: &Expectation) -> Vec<FailedSession> {
    let shortly = shortly_before(expectation);
    let concerns = |record: &Record| match expectation.since {
        Some(since) => record.ended() == 0 || record.ended() > since,
        None => FailedSession::time(record).is_none_or(|at| at >= shortly),
    };
    let records = store.sessions().newest_first().into_iter();
    let failed = records.filter(|record| record.has_failed() && concerns(record));
    failed.take(SESSIONS_MAX).map(FailedSession::of).collect()
}

/// The last client that was turned away since then: there is no session to show for it.
pub(super) fn turned_away(store: &Store, expectation: &Expectation) -> Option<Hint> {
    let client = store.sessions().turned_away()?;
    let concerns = match expectation.since {
        Some(since) => client.number >= since,
        None => client.at >= shortly_before(expectation),
    };
    let reply = shorten(&client.reply, REASON_CHARS_MAX);
    let detail = format!("A client was turned away: \"{reply}\" at {}.", clock(client.at));
    concerns.then_some(Hint { code: "limit", detail, id: None })
}

fn shortly_before(expectation: &Expectation) -> Timestamp {
    expectation.selection.now.checked_sub(SHORTLY).unwrap_or(Timestamp::MIN)
}

impl FailedSession {
    fn of(record: Arc<Record>) -> Self {
        let at = Self::time(&record).unwrap_or(record.opened_at);
        let (command, reply) = match record.seen().last_error {
            Some(error) => (error.command, Some(error.reply)),
            None => (String::new(), None),
        };
        let reason = shorten(reply.unwrap_or_else(|| end_of(&record)).trim_end(), REASON_CHARS_MAX);
        Self { record, at, command, reason }
    }

    /// When it failed; None while that is going on.
    fn time(record: &Record) -> Option<Timestamp> {
        let seen = record.seen();
        let microseconds = seen.last_error.map(|error| error.microseconds).or(seen.closed)?;
        let after = SignedDuration::from_micros(i64::try_from(microseconds).ok()?);
        record.opened_at.checked_add(after).ok()
    }

    /// What to do about it, where that is known.
    pub(super) fn hint(&self) -> Option<Hint> {
        let known = |(reason, ..): &&(&str, &str, &str)| self.reason.starts_with(reason);
        let (_, code, what) = KNOWN.iter().find(known)?;
        let Self { at, reason, .. } = self;
        let detail = format!("{what}: \"{reason}\" at {}.", clock(*at));
        Some(Hint { code, detail, id: None })
    }
}

impl fmt::Display for FailedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, reason, .. } = self;
        write!(f, "An SMTP session failed: \"{reason}\" at {}.", clock(*at))
    }
}

/// What is noted of the end of a session that broke off.
fn end_of(record: &Record) -> String {
    let lines = record.said().0.lines();
    let mut notes = lines.into_iter().rev().filter(|line| line.speaker == Speaker::Note);
    let last = notes.next().map(|line| line.text).unwrap_or_default();
    // The cause stands before the end.
    notes.map(|line| line.text).find(|text| text.starts_with(NO_TLS)).unwrap_or(last)
}

/// `10:02:01`, in UTC.
pub(super) fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

const NO_TLS: &str = "TLS did not start";

/// How replies begin, the hint they are, and what to say of them.
const KNOWN: [(&str, &str, &str); 13] = [
    ("552 5.3.4", "limit", "A mail was refused, larger than --max-message-size allows"),
    ("452 4.5.3", "limit", "A mail had more recipients than --max-recipients allows"),
    ("452 4.3.1", "limit", "A mail was refused, more being under way than --max-in-flight allows"),
    ("421 4.7.0 too many errors", "limit", "A session had more errors than --max-errors allows"),
    ("421 4.4.2 nothing", "limit", "A session was silent for longer than --idle-timeout allows"),
    ("421 4.4.2 the", "limit", "A session took longer than --session-timeout allows"),
    ("500 5.5.6", "limit", "A command was longer than --max-command-line allows"),
    ("535", "auth", "A client's AUTH was refused, its user or password being none of --auth"),
    ("530 5.7.0 AUTH", "auth", "A client sent mail without AUTH, which --auth-required asks for"),
    ("538", "auth", "A client tried AUTH before TLS, which --auth-tls-only forbids"),
    ("530 5.7.0 STARTTLS", "tls", "A client sent mail without STARTTLS, which its port requires"),
    ("554 5.5.1 this port does not begin with TLS", "tls", "A client spoke TLS to a port in clear"),
    (NO_TLS, "tls", "A client gave up TLS; does it trust the authority of GET /v1/ca.pem?"),
];

/// Sessions told of.
const SESSIONS_MAX: usize = 5;

/// What an application sends before its test begins to wait is rarely sent longer before.
const SHORTLY: Duration = Duration::from_secs(60);

const REASON_CHARS_MAX: usize = 80;
