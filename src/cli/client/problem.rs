//! A refusal of the server, laid out for a terminal.

use serde::Deserialize;

use crate::cli::client::Answer;
use crate::cli::failed::Failed;
use crate::cli::terminal::in_one_line;
use crate::cli::terminal::visible;
use crate::cli::values::url::Url;

/// What the server says when it does not do what it was asked (RFC 9457).
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Problem {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    status: u16,
    #[serde(default)]
    matching: Vec<String>,
    #[serde(default)]
    nearest: Vec<Nearest>,
    #[serde(default)]
    hints: Vec<Hint>,
    #[serde(default)]
    sessions: Vec<Session>,
}

#[derive(Debug, Deserialize)]
struct Nearest {
    id: String,
    subject: Option<String>,
    to: Vec<String>,
    terms: Vec<TermAnswer>,
}

#[derive(Debug, Deserialize)]
struct TermAnswer {
    term: String,
    holds: bool,
    had: Vec<String>,
    letters_off: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Hint {
    detail: String,
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Session {
    id: String,
    peer: String,
    last_error: Option<LastError>,
}

#[derive(Debug, Deserialize)]
struct LastError {
    at: String,
    command: String,
    reply: String,
}

impl Problem {
    /// Of an answer that is no success; of no problem at all where another server answers.
    pub(crate) fn of(answer: Answer) -> Self {
        let status = answer.status.as_u16();
        let read = answer.text().ok().and_then(|text| serde_json::from_str(&text).ok());
        Self { status, ..read.unwrap_or_default() }
    }

    /// Whether what was asked for is not there; all else is wrong use, or a server that cannot.
    fn is_absence(&self) -> bool {
        ABSENCES.iter().any(|name| self.kind.strip_prefix("/problems/") == Some(name))
    }

    /// What to tell the person at the terminal.
    pub(crate) fn into_failed(self, server: &Url) -> Failed {
        if self.detail.is_empty() {
            let status = self.status;
            let reason = format!("{server} answers with the status {status}: is that a restante?");
            return Failed::Unable(reason);
        }
        match self.is_absence() {
            true => Failed::Absent(self.text()),
            false => Failed::Unable(self.text()),
        }
    }

    /// The first sentence, then what else is known, one thing a line.
    fn text(&self) -> String {
        let mut lines = vec![visible(&self.detail).into_owned()];
        if self.kind.ends_with("/too-many") && !self.matching.is_empty() {
            lines.push(format!("\nMatched:\n  {}", self.matching.join("\n  ")));
        }
        if !self.nearest.is_empty() {
            lines.push("\nNearest:".to_owned());
            lines.extend(self.nearest.iter().map(Nearest::text));
        }
        // The likeliest one stands in the first sentences already.
        let mut hints =
            self.hints.iter().filter(|hint| !self.detail.contains(&hint.detail)).peekable();
        if hints.peek().is_some() {
            lines.push("\nHints:".to_owned());
            lines.extend(hints.map(Hint::text));
        }
        let failed: Vec<String> = self.sessions.iter().filter_map(Session::text).collect();
        if !failed.is_empty() {
            lines.push("\nSMTP sessions that failed:".to_owned());
            lines.extend(failed);
        }
        lines.join("\n")
    }
}

impl Nearest {
    fn text(&self) -> String {
        let to = in_one_line(&self.to.join(", "));
        let subject = match &self.subject {
            Some(subject) => format!("\"{}\"", in_one_line(subject)),
            None => "without a subject".to_owned(),
        };
        let mut lines = vec![format!("  {} to {to}, {subject}", self.id)];
        lines.extend(self.terms.iter().map(TermAnswer::text));
        lines.join("\n")
    }
}

impl TermAnswer {
    fn text(&self) -> String {
        let term = in_one_line(&self.term);
        if self.holds {
            return format!("    yes  {term}");
        }
        let had = match in_one_line(&self.had.join(" | ")) {
            had if had.is_empty() => "nothing".to_owned(),
            had => had,
        };
        let off = match self.letters_off {
            Some(1) => " (1 letter off)".to_owned(),
            Some(letters) => format!(" ({letters} letters off)"),
            None => String::new(),
        };
        format!("    NO   {term}\n         it has {had}{off}")
    }
}

impl Hint {
    fn text(&self) -> String {
        let detail = in_one_line(&self.detail);
        match &self.id {
            Some(id) if !detail.contains(id.as_str()) => format!("  - {detail} ({id})"),
            _ => format!("  - {detail}"),
        }
    }
}

impl Session {
    fn text(&self) -> Option<String> {
        let LastError { at, command, reply } = self.last_error.as_ref()?;
        let at = at.get(11..19).unwrap_or_default();
        let (command, reply) = (in_one_line(command), in_one_line(reply));
        let what = if command.is_empty() { reply } else { format!("{command} -> {reply}") };
        Some(format!("  {} at {at} from {}: {what}", self.id, in_one_line(&self.peer)))
    }
}

/// The last part of the types that mean: asked rightly, and not there.
const ABSENCES: [&str; 8] = [
    "no-match",
    "too-many",
    "history-lost",
    "no-message",
    "no-part",
    "no-session",
    "no-authority",
    "not-ready",
];
