//! An SMTP session and what was said in it, in JSON and as text.

use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::dialogue::Protocol;
use crate::dialogue::record::Record;
use crate::dialogue::record::Seen;
use crate::dialogue::transcript;
use crate::dialogue::transcript::Speaker;
use crate::http::api::types::envelope::Auth;
use crate::http::api::types::envelope::Tls;
use crate::http::api::types::time;
use crate::message::id::MessageId;

/// A session as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its number as text: sessions are counted from 1.
    pub id: String,
    /// When the client connected.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// When it was over; null while it is open.
    #[schema(format = DateTime)]
    pub closed_at: Option<String>,
    /// What the client spoke.
    pub protocol: MailProtocol,
    /// The client's address and port.
    pub peer: String,
    /// The address and port it connected to.
    pub listener: String,
    /// The argument of the last HELO, EHLO or LHLO; empty when there was none.
    pub helo: String,
    /// The TLS it runs in.
    pub tls: Option<Tls>,
    /// Who the client said it was.
    pub auth: Option<Auth>,
    /// What came of it.
    pub outcome: SessionOutcome,
    /// How many mails were held.
    pub mail_count: u64,
    /// How many replies were 4xx or 5xx.
    pub error_count: u64,
    /// The last of them.
    pub last_error: Option<LastError>,
    /// The ids of the mails, of many the latest 100, oldest first.
    pub messages: Vec<String>,
}

/// A protocol that brings mail.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the words of the API")]
pub enum MailProtocol {
    Smtp,
    Lmtp,
}

/// What came of a session. `failed`: at least one reply was 4xx or 5xx, or the connection ended in
/// the middle of a mail, of AUTH or of a TLS handshake; told at once, also while it is open. Else
/// `open`, else `delivered`, else `nothing`: no mail came of it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the words of the API")]
pub enum SessionOutcome {
    Open,
    Delivered,
    Nothing,
    Failed,
}

/// A command that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastError {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// The command; empty where the reply answers none.
    pub command: String,
    /// The reply.
    pub reply: String,
}

impl Session {
    /// Of a session as it is now.
    pub fn of(record: &Record) -> Self {
        let seen = record.seen();
        let ids = record.mails();
        Self {
            id: record.number.to_string(),
            opened_at: time(record.opened_at),
            closed_at: seen.closed.map(|microseconds| after(record, microseconds)),
            protocol: match record.protocol {
                Protocol::Smtp => MailProtocol::Smtp,
                Protocol::Lmtp => MailProtocol::Lmtp,
            },
            peer: record.peer.to_string(),
            listener: record.listener.to_string(),
            outcome: outcome(&seen),
            mail_count: seen.mail_count,
            error_count: seen.error_count,
            helo: seen.helo.into(),
            tls: seen.tls.as_deref().map(Tls::of),
            auth: seen.auth.as_deref().map(Auth::of),
            last_error: seen.last_error.map(|failure| LastError {
                at: after(record, failure.microseconds),
                command: failure.command,
                reply: failure.reply,
            }),
            messages: ids.into_iter().map(|id| MessageId::from_bits(id).to_string()).collect(),
        }
    }
}

/// A failure is told at once, also while the session is open.
const fn outcome(seen: &Seen) -> SessionOutcome {
    match (seen.has_failed(), seen.closed, seen.mail_count) {
        (true, ..) => SessionOutcome::Failed,
        (false, None, _) => SessionOutcome::Open,
        (false, Some(_), 0) => SessionOutcome::Nothing,
        (false, Some(_), _) => SessionOutcome::Delivered,
    }
}

/// A page of sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// The newest first.
    pub sessions: Vec<Session>,
    /// How many are meant, paging left aside.
    pub total: usize,
    /// The moment all this was true at.
    pub cursor: String,
    /// The path of the next page; null on the last.
    pub next: Option<String>,
}

/// A session with all that was said in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionWhole {
    /// What is known of it.
    #[serde(flatten)]
    pub session: Session,
    /// All that was said, while it is kept.
    pub transcript: Vec<Line>,
}

/// What was said about one mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailTranscript {
    /// The session's id; null for a mail that came another way.
    pub session: Option<String>,
    /// How the session began, and the mail's own part.
    pub transcript: Vec<Line>,
}

/// A line of a transcript.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TranscriptLine)]
pub struct Line {
    /// When it was said.
    #[schema(format = DateTime)]
    pub at: String,
    /// The same in milliseconds since the client connected.
    pub ms: f64,
    /// Who said it; a `note` tells what happened.
    pub from: TranscriptSpeaker,
    /// The words; lines of a reply are separated by LF.
    pub text: String,
}

/// Who said a line.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the words of the API")]
pub enum TranscriptSpeaker {
    Client,
    Server,
    Note,
}

impl Line {
    /// Of a session.
    pub fn of(record: &Record, line: transcript::Line) -> Self {
        Self {
            at: after(record, line.microseconds),
            ms: line.microseconds as f64 / 1_000.0,
            from: match line.speaker {
                Speaker::Client => TranscriptSpeaker::Client,
                Speaker::Server => TranscriptSpeaker::Server,
                Speaker::Note => TranscriptSpeaker::Note,
            },
            text: line.text,
        }
    }
}

/// A transcript as text: the time in milliseconds, who spoke, the words.
pub fn as_text(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let arrow = match line.from {
            TranscriptSpeaker::Client => "C:",
            TranscriptSpeaker::Server => "S:",
            TranscriptSpeaker::Note => "--",
        };
        for words in line.text.split('\n') {
            text.push_str(&format!("{:>10.3} {arrow} {words}\n", line.ms));
        }
    }
    text
}

/// So long after a session began.
fn after(record: &Record, microseconds: u64) -> String {
    let microseconds = i64::try_from(microseconds).unwrap_or(i64::MAX);
    let at = record.opened_at.checked_add(SignedDuration::from_micros(microseconds));
    time(at.unwrap_or(record.opened_at))
}
