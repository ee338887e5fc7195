//! What is printed of a mail that was expected.

use clap::ValueEnum;

use crate::cli::client::decoded;
use crate::cli::client::wire::Expected;
use crate::cli::client::wire::Match;
use crate::cli::client::wire::Message;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::row;

/// What is printed of each mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Printed {
    /// A line to read: id, time, sender, recipients, subject
    Summary,
    /// The one-time code: that of a code: term, else the likeliest one in the mail
    Code,
    /// The link: that of a link: term, else the one the mail was written for
    Link,
    /// The HTML as it came
    Html,
    /// The plain text
    Text,
    /// All of it as the API has it, in one line
    Json,
    /// The id, for `restante show`
    Id,
}

impl Printed {
    /// Prints it of each mail, newest first; nothing at all when one of them lacks it.
    pub(crate) fn print(self, expected: &Expected, output: &mut Output) -> Result<(), Failed> {
        let is_terminal = output.is_terminal();
        let mut lines = Vec::new();
        for (json, found) in expected.messages.iter().zip(&expected.matches) {
            if self == Self::Json {
                lines.push(json.get().to_owned());
                continue;
            }
            let mail: Message = decoded(json.get())?;
            let value = self.value(&mail, found, is_terminal);
            lines.push(value.ok_or_else(|| self.missing(&mail))?);
        }
        lines.iter().try_for_each(|line| output.line(line))
    }

    fn value(self, mail: &Message, found: &Match, is_terminal: bool) -> Option<String> {
        match self {
            Self::Summary => Some(row::line(&mail.summary, is_terminal)),
            Self::Code => {
                let likeliest = || mail.codes.first().map(|code| code.value.clone());
                found.code.clone().or_else(likeliest)
            }
            Self::Link => found.link.clone().or_else(|| mail.main_link.clone()),
            Self::Html => mail.html.clone(),
            Self::Text => mail.text.clone(),
            Self::Id | Self::Json => Some(mail.summary.id.clone()),
        }
    }

    fn missing(self, mail: &Message) -> Failed {
        let what = match self {
            Self::Code => "no one-time code",
            Self::Link => "no link to follow",
            Self::Html => "no HTML",
            _ => "no plain text",
        };
        let id = &mail.summary.id;
        let subject = mail.summary.subject.as_deref().unwrap_or_default();
        let mut reason = format!(
            "The mail came, but {what} is in it: {id} \"{}\". See it with: restante show {id}",
            crate::cli::terminal::in_one_line(subject)
        );
        if self == Self::Link && !mail.links.is_empty() {
            reason.push_str("\n\nLinks in it:");
            for link in mail.links.iter().take(LINKS_SHOWN) {
                let url = crate::cli::terminal::in_one_line(&link.url);
                reason.push_str(&format!("\n  {}: {url}", link.kind));
            }
        }
        Failed::Absent(reason)
    }
}

const LINKS_SHOWN: usize = 10;
