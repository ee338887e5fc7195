//! An explanation laid out to be read in what a failed test prints.

use std::fmt;

use crate::expect::explain::Explanation;
use crate::expect::explain::nearest::Answer;
use crate::expect::explain::nearest::Near;
use crate::expect::explain::sessions::FailedSession;
use crate::expect::explain::sessions::clock;

/// What happened in a sentence or two; then the mails that matched or came nearest, what may have
/// gone wrong, and the sessions that failed, each where there is any.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  expected: {}", self.sentence, self.expected)?;
        section(f, "matching", &self.matching, |f, mention| write!(f, "{mention}"))?;
        section(f, "nearest", &self.nearest, near)?;
        section(f, "hints", &self.hints, |f, hint| f.write_str(&hint.detail))?;
        section(f, "failed SMTP sessions", &self.sessions, session)
    }
}

fn section<T>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    items: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    write!(f, "\n  {title}:")?;
    for item in items {
        f.write_str("\n    ")?;
        write(f, item)?;
    }
    Ok(())
}

fn near(f: &mut fmt::Formatter<'_>, near: &Near) -> fmt::Result {
    write!(f, "{}", near.mention)?;
    for answer in &near.answers {
        f.write_str("\n      ")?;
        term(f, answer)?;
    }
    Ok(())
}

/// `no   subject:Welcome (1 letter off), it has "Welcom to Acme"`
fn term(f: &mut fmt::Formatter<'_>, answer: &Answer) -> fmt::Result {
    write!(f, "{} {}", if answer.holds { "yes " } else { "no  " }, answer.term)?;
    if answer.holds {
        return Ok(());
    }
    f.write_str(&answer.off())?;
    let had: Vec<String> = answer.had.iter().map(|had| format!("\"{had}\"")).collect();
    match had.is_empty() {
        true => f.write_str(", it has none"),
        false => write!(f, ", it has {}", had.join(", ")),
    }
}

fn session(f: &mut fmt::Formatter<'_>, session: &FailedSession) -> fmt::Result {
    write!(f, "{} {}", clock(session.at), session.reason)?;
    if session.command.is_empty() {
        return Ok(());
    }
    write!(f, ", to {}", session.command)
}
